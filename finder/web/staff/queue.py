"""Whom to call next: listings with open reports first, then those that nobody has checked for longest."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import render_template, request

from finder.intake.desk import Desk
from finder.places.states import states
from finder.records.calls import resting_places
from finder.records.reports import list_reports
from finder.web.services import services
from finder.web.staff.frame import PER_PAGE, asked_page, paging
from finder.web.staff.room import at_least, blueprint

if TYPE_CHECKING:
    from finder.intake.queue import Queue

MOST_REPORTS = 10_000
"""Open reports that bear on the order; with more, the oldest of them do."""

Places = tuple[tuple[str, str], ...]


@blueprint.get("/queue")
@at_least("viewer")
def queue() -> str:
    """List whom to call, in the whole country or in one state."""
    asked = request.args.get("state", "")
    state = asked if asked in states() else ""
    found = _queue(state=state, limit=PER_PAGE, offset=(asked_page() - 1) * PER_PAGE)
    pages = paging(found.total)
    if not found.entries and found.total:
        found = _queue(state=state, limit=PER_PAGE, offset=pages.offset)
    return render_template("staff/queue.html", queue=found, paging=pages, state=state, states=states())


def count_due(desk: Desk, today: date) -> int:
    """Count the listings that wait for a call."""
    with desk.records.reading() as session:
        places = tuple((one.npi, one.location_key) for one in list_reports(session, state="open", limit=MOST_REPORTS))
        return _count(desk, str(desk.published_file()), places, resting_places(session), today)


@lru_cache(maxsize=4)
def _count(desk: Desk, published: str, reported: Places, resting: frozenset[tuple[str, str]], today: date) -> int:
    """Count once for each state of things: going through a nation of listings takes seconds."""
    from finder.intake.publish import published_tables
    from finder.intake.queue import list_queue

    return list_queue(published_tables(desk), reported=reported, resting=resting, today=today, limit=0).total


def _queue(*, state: str, limit: int, offset: int) -> Queue:
    from finder.intake.publish import published_tables
    from finder.intake.queue import list_queue

    desk = services().desk
    with desk.records.reading() as session:
        reported = [(one.npi, one.location_key) for one in list_reports(session, state="open", limit=MOST_REPORTS)]
        resting = resting_places(session)
    return list_queue(
        published_tables(desk),
        reported=reported,
        resting=resting,
        today=services().today(),
        state=state,
        limit=limit,
        offset=offset,
    )
