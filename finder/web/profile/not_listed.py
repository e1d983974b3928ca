"""The page for an NPI that is not on the list: it may have ended, or the listing was taken off; it never says which.

Who asked not to be listed is owed that nobody learns of it here; so nothing is told but that the list has no such NPI.
"""

from __future__ import annotations

from flask import abort, render_template, request

from finder.digits import is_digits
from finder.web.http.urls import RESULTS
from finder.web.search.search_args import search_pairs, with_search


def not_listed(npi: str) -> tuple[str, int]:
    """Return the page (404) for an NPI that is not listed, with the way to other therapists.

    Raises NotFound for what is no NPI, and for who asks for JSON.
    """
    wants_page = request.accept_mimetypes.best_match(["text/html", "application/json"]) != "application/json"
    if not is_digits(npi, 10) or not wants_page:
        abort(404)
    page = render_template(
        "therapists/not_listed.html",
        others=with_search(RESULTS) if search_pairs() else "",
    )
    return page, 404
