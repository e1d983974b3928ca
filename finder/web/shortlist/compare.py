"""Up to four listings of the visitor's list side by side, fact by fact."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from finder.web.http.urls import address, changed
from finder.web.shortlist.url_list import COMPARE, KEEP, LISTED, read_list, shortlisted, write_list
from finder.web.shortlist.views import MOST_TO_COMPARE, Entry, back_to_search, read_entries

blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def compare() -> str:
    """Show the listings that the address names, else the first of the list."""
    listed = read_list(request.args.getlist(LISTED)) or shortlisted()
    entries = read_entries(listed[:MOST_TO_COMPARE])
    return render_template(
        "compare/compare.html",
        entries=entries,
        without={entry.key: _without(entries, entry) for entry in entries},
        left_out=len(listed) - len(listed[:MOST_TO_COMPARE]),
        search=back_to_search(shortlisted()),
    )


def _without(entries: tuple[Entry, ...], one: Entry) -> str:
    """Return the address of the comparison without a column."""
    others = write_list(entry.key for entry in entries if entry is not one)
    return address(COMPARE, changed(request.args, **{LISTED: others, KEEP: write_list(shortlisted()) or others}))
