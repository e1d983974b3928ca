"""Releases: what the public sees and saw, going back by one, and the whole list as a file."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from finder.disk import translated_disk_errors
from finder.errors import FinderError, error_text
from finder.http.services import services
from finder.i18n import N_, Message
from finder.intake.publishing.export import export_csv, export_json
from finder.records.releases import current_release, list_releases
from finder.web.http.csv_download import download
from finder.web.http.language import language
from finder.web.staff.access import at_least, blueprint
from finder.web.staff.layout import tell
from finder.web.staff.session import me

PER_LIST = 50
"""How many releases the list shows."""


@blueprint.get("/releases")
@at_least("viewer")
def releases() -> str:
    """List the releases, with the one before the present one as the way back."""
    with services().installation.records.reading() as session:
        found = list_releases(session, limit=PER_LIST)
        current = current_release(session)
    return render_template("staff/releases.html", releases=found, current=current)


@blueprint.post("/releases/roll-back")
@at_least("publisher", second_factor=True)
def take_back() -> ResponseReturnValue:
    """Go back to the release before the present one."""
    from finder.intake.publishing.publish import roll_back

    try:
        with translated_disk_errors():
            release = roll_back(services().installation, by=me().email)
    except FinderError as error:
        tell(error_text(error, language()), "alert")
    else:
        tell(Message(N_("Release {id} is public again."), {"id": release.id}))
    return redirect(url_for("staff.releases"), 303)


@blueprint.get("/export.csv")
@at_least("viewer")
def export_as_csv() -> ResponseReturnValue:
    """Send the published providers for a spreadsheet."""
    from finder.intake.publishing.publish import published_tables

    return download("providers.csv", "text/csv; charset=utf-8", export_csv(published_tables(services().installation)))


@blueprint.get("/export.json")
@at_least("viewer")
def export_as_json() -> ResponseReturnValue:
    """Send the published providers with every source and date."""
    from finder.intake.publishing.publish import published_tables

    return download("providers.json", "application/json", export_json(published_tables(services().installation)))
