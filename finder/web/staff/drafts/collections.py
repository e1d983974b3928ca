"""Collections: what each publisher said last, how old that is, and how one of them is taken off the public list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from finder.disk import translated_disk_errors
from finder.errors import FinderError, error_text
from finder.http.services import services
from finder.i18n import N_
from finder.releases.installation import NothingPublished
from finder.web.http.language import gettext, language
from finder.web.staff.access import at_least, blueprint
from finder.web.staff.drafts.uploads import source_title
from finder.web.staff.layout import PER_PAGE, paging, tell
from finder.web.staff.session import me

if TYPE_CHECKING:
    from finder.intake.publishing.collections import CollectionStatus

MONTHLY = timedelta(days=40)
"""Most sources are published every month: one that is older has a newer file to fetch."""

LONGEST_KEY = 200
"""Characters of the key of a collection that a form may send."""


@dataclass(frozen=True, slots=True)
class Age:
    """How old a file is: its date, the days since then, and whether to look for a newer one."""

    as_of: date
    days: int
    old: bool

    @classmethod
    def of(cls, as_of: date, today: date) -> Age:
        """Return the age of a file on a day."""
        return cls(as_of, (today - as_of).days, today - as_of > MONTHLY)


@dataclass(frozen=True, slots=True)
class ListedCollection:
    """One line of the list of collections: its name for people, and where that is not its source's, the source."""

    status: CollectionStatus
    title: str
    source: str
    age: Age


@blueprint.get("/collections")
@at_least("viewer")
def collections() -> str:
    """List the collections of the public release by title, all or those whose title or key holds some words."""
    text = request.args.get("q", "").strip()[:100]
    found = [one for one in _collections() if text.casefold() in f"{one.title} {one.status.collection}".casefold()]
    pages = paging(len(found))
    return render_template(
        "staff/collections.html",
        collections=found[pages.offset : pages.offset + PER_PAGE],
        paging=pages,
        text=text,
    )


@blueprint.post("/collections/withdraw")
@at_least("editor")
def withdraw_collection() -> ResponseReturnValue:
    """Make a draft of the public list without a collection, or say why not."""
    from finder.intake.publishing.collections import withdraw

    collection = request.form.get("collection", "")[:LONGEST_KEY]
    try:
        with translated_disk_errors():
            draft = withdraw(services().installation, collection, by=me().email)
    except FinderError as error:
        tell(error_text(error, language()), "alert")
        return redirect(url_for("staff.collections"), 303)
    tell(N_("This draft is the list without that collection. Nothing public changes until it is published."))
    return redirect(url_for("staff.draft", draft_id=draft.id), 303)


def _collections() -> list[ListedCollection]:
    """Return the collections of the public release by title; none before the first publication."""
    from finder.intake.publishing.collections import published_collections

    today = services().today()
    try:
        found = published_collections(services().installation)
    except NothingPublished:
        return []
    lines = [
        ListedCollection(one, _title(one), source_title(one.collection), Age.of(one.as_of, today)) for one in found
    ]
    return sorted(lines, key=lambda line: (line.title.casefold(), line.status.collection))


def _title(status: CollectionStatus) -> str:
    """Name a collection in the language of the page; what is the whole of its source has the name of that."""
    from finder.intake.layers.before_collections import BEFORE

    _source, _, subject = status.collection.partition(":")
    if subject == BEFORE:
        return gettext("from before there were collections")
    return status.title if subject else source_title(status.collection)
