"""Whom to call next: listings with open reports first, then those that nobody has checked for longest."""

from __future__ import annotations

from flask import render_template, request

from finder.directory.call_queue import Queue, list_queue
from finder.http.services import services
from finder.places.states import states
from finder.records.casework.calls import recently_called
from finder.records.casework.reports import list_reports
from finder.web.staff.access import at_least, blueprint
from finder.web.staff.layout import PER_PAGE, page_number, paging

MOST_REPORTS = 10_000
"""Open reports that bear on the order; with more, the oldest of them do."""


@blueprint.get("/queue")
@at_least("viewer")
def queue() -> str:
    """Show whom to call, in the whole country or in one state."""
    chosen_state = request.args.get("state", "")
    state = chosen_state if chosen_state in states() else ""
    found = _queue(state=state, limit=PER_PAGE, offset=(page_number() - 1) * PER_PAGE)
    pages = paging(found.total)
    if not found.entries and found.total:
        found = _queue(state=state, limit=PER_PAGE, offset=pages.offset)
    return render_template("staff/queue.html", queue=found, paging=pages, state=state, states=states())


def count_due() -> int:
    """Count the listings that wait for a call."""
    return _queue(limit=0).total


def _queue(*, state: str = "", limit: int, offset: int = 0) -> Queue:
    with services().installation.records.reading() as session:
        reports = [(one.npi, one.location_key) for one in list_reports(session, state="open", limit=MOST_REPORTS)]
        resting = recently_called(session)
    return list_queue(
        services().directory().release,
        report_places=reports,
        recently_called=resting,
        today=services().today(),
        state=state,
        limit=limit,
        offset=offset,
    )
