"""Drafts: what was wrong with the files, what would change, and the two decisions: publish, or put away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import StringField

from finder.digits import whole_number
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import specialties
from finder.disk import translated_disk_errors
from finder.errors import FinderError, error_text
from finder.http.services import services
from finder.i18n import N_, Message
from finder.notices.notices import KINDS, Notice
from finder.records.drafts import discard_draft, get_draft, list_drafts
from finder.records.releases import get_release
from finder.records.tables.data import DraftRecord
from finder.releases.store import ReleaseFileMissing
from finder.web.http.csv_download import csv_download
from finder.web.http.forms import PostedForm
from finder.web.http.language import language
from finder.web.presentation.error_pages import status_of
from finder.web.presentation.formats import word
from finder.web.staff.access import at_least, blueprint
from finder.web.staff.layout import PER_PAGE, Paging, paging, tell
from finder.web.staff.session import me

if TYPE_CHECKING:
    from finder.intake.publishing.draft_reports import ChangeFilter

CHANGES_SHOWN = 100
"""How many drafts the list shows."""

CHANGES = {"added": N_("added"), "changed": N_("changed"), "removed": N_("removed")}

NOTICE_COLUMNS = ("severity", "code", "file", "row", "line", "column", "value", "message", "remedy")

CHANGE_COLUMNS = ("change", "npi", "name", "location_key", "field", "before", "after")


NUMBER = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 12}
"""Attributes of a field for a whole number."""


class OwnDraft(FinderError):
    """You staged this draft, so somebody else must publish it. Two people look at every change of the public list."""


class PublishForm(PostedForm):
    """The decision to publish; where many providers or answers would go, their number must be typed."""

    confirm_removals = StringField(
        lazy_gettext("How many providers will be removed? Type the number"),
        render_kw=NUMBER,
    )
    confirm_losses = StringField(
        lazy_gettext("How many answers will be lost? Type the number"),
        render_kw=NUMBER,
    )


@blueprint.get("/drafts")
@at_least("viewer")
def drafts() -> str:
    """List the newest drafts."""
    with services().installation.records.reading() as session:
        found = list_drafts(session, limit=CHANGES_SHOWN)
    return render_template("staff/drafts.html", drafts=found)


@blueprint.post("/drafts/corrections")
@at_least("editor")
def stage_corrections() -> ResponseReturnValue:
    """Make a draft of what staff have corrected, and of who asked to be left out, without any new file.

    Where that would be the public release again, to the byte, there is nothing to publish.
    """
    from finder.intake.publishing.stage import StageRequest, published_stack, stage_layers

    installation = services().installation
    base, stack = published_stack(installation)
    request = StageRequest(paths=(), by=me().email)
    made = stage_layers(installation, (), request, base=base, stack=stack, gazetteer=services().gazetteer)
    if base and made.sha256 == base.sha256:
        with installation.records.writing() as session:
            discard_draft(session, made.id, by=me().email)
        tell(N_("Nothing was corrected since the last release, so there is nothing to publish."))
        return redirect(url_for("staff.records"), 303)
    return redirect(url_for("staff.draft", draft_id=made.id), 303)


@blueprint.get("/drafts/<id:draft_id>")
@at_least("viewer")
def draft(draft_id: int) -> str:
    """Show a draft: its report, its changes, and what can be done with it."""
    return _show(_draft(draft_id), PublishForm(formdata=None))


@blueprint.post("/drafts/<id:draft_id>/publish")
@at_least("publisher", second_factor=True)
def publish_draft(draft_id: int) -> ResponseReturnValue:
    """Make a draft what the public sees, or say why not and change nothing."""
    from finder.intake.publishing.publish import LossesNotConfirmed, RemovalsNotConfirmed, publish

    found, form = _draft(draft_id), PublishForm()
    try:
        check_two_people(found, me().email)
        with translated_disk_errors():
            release = publish(
                services().installation,
                draft_id,
                by=me().email,
                confirm_removals=_number(form.confirm_removals),
                confirm_losses=_number(form.confirm_losses),
            )
    except (RemovalsNotConfirmed, LossesNotConfirmed) as error:
        _check_numbers(found, form)
        return _show(_draft(draft_id), form), status_of(error, 409)
    except FinderError as error:
        return _show(_draft(draft_id), form, refusal=error_text(error, language())), status_of(error, 409)
    tell(Message(N_("Release {id} is published."), {"id": release.id}))
    return redirect(url_for("staff.releases"), 303)


@blueprint.post("/drafts/<id:draft_id>/discard")
@at_least("editor")
def discard(draft_id: int) -> ResponseReturnValue:
    """Put a draft away unpublished."""
    with services().installation.records.writing() as session:
        discard_draft(session, draft_id, by=me().email)
    tell(N_("The draft was put away. Nothing public has changed."))
    return redirect(url_for("staff.drafts"), 303)


@blueprint.get("/drafts/<id:draft_id>/notices")
@at_least("viewer")
def notices(draft_id: int) -> str:
    """Show what was found in the files, row by row, all of it or one kind."""
    found, code = _draft(draft_id), request.args.get("code", "")
    chosen = [one for one in _notices(found) if code in ("", one.code)]
    pages = paging(len(chosen))
    return render_template(
        "staff/notices.html",
        draft=found,
        notices=chosen[pages.offset : pages.offset + PER_PAGE],
        paging=pages,
        code=code,
        kinds=KINDS,
        kind_words=kind_words,
    )


@blueprint.get("/drafts/<id:draft_id>/notices.csv")
@at_least("viewer")
def notices_csv(draft_id: int) -> ResponseReturnValue:
    """Send the notices as a file for a spreadsheet."""
    rows = (
        (
            one.severity.value, one.code, one.file, str(one.row or ""), str(one.line or ""), one.column, one.value,
            word(one.message), word(one.remedy),
        )
        for one in list(_notices(_draft(draft_id)))
    )  # fmt: skip
    return csv_download(f"draft-{draft_id}-notices.csv", NOTICE_COLUMNS, rows)


@blueprint.get("/drafts/<id:draft_id>/changes.csv")
@at_least("viewer")
def changes_csv(draft_id: int) -> ResponseReturnValue:
    """Send the changes as a file for a spreadsheet."""
    from finder.intake.publishing.draft_reports import read_changes

    changes = read_changes(services().installation, _draft(draft_id))
    rows = (tuple(change[column] for column in CHANGE_COLUMNS) for change in changes)
    return csv_download(f"draft-{draft_id}-changes.csv", CHANGE_COLUMNS, rows)


def kind_words(code: str, times: int = 0) -> str:
    """Return what all notices of a code have in common, with their number where the words have it."""
    message = KINDS[code].text.message
    if times and re.findall(r"\{[^}]*\}", message) == ["{count:number}"]:
        return word(Message(message, {"count": times}))
    pattern = re.sub(r"\{[^}]*\}", "…", word(message))
    return re.sub(r":[^.:]*…[^.:]*\.", ".", pattern)


def check_two_people(draft: DraftRecord, by: str) -> None:
    """Refuse that one person stages and publishes, unless the office has switched that off. Raises OwnDraft."""
    if services().settings.two_person_rule and draft.staged_by.casefold() == by.casefold():
        raise OwnDraft


def _draft(draft_id: int) -> DraftRecord:
    with services().installation.records.reading() as session:
        return get_draft(session, draft_id)


def _number(field: StringField) -> int | None:
    """Read the typed number; whatever is no number confirms nothing."""
    return whole_number((field.data or "").replace(",", "").strip(), 9)


def _check_numbers(found: DraftRecord, form: PublishForm) -> None:
    """Put beside each number that was not confirmed what is wrong with it."""
    from finder.intake.publishing.publish import check_losses, check_removals

    for check, field in ((check_removals, form.confirm_removals), (check_losses, form.confirm_losses)):
        try:
            check(found, _number(field))
        except FinderError as error:
            field.errors = [error_text(error, language())]


def _show(found: DraftRecord, form: PublishForm, *, refusal: str = "") -> str:
    """Lay out a draft; of one that was closed long ago the reports may be gone.

    ``refusal``: why it was not published just now, where no number is to blame.
    """
    from finder.intake.publishing.draft_reports import LOST_ANSWERS, ChangeFilter

    change_filter = ChangeFilter(
        change=request.args.get("change", ""),
        field=request.args.get("field", ""),
        text=request.args.get("q", "").strip()[:100],
    )
    changes, pages = _changes(found, change_filter)
    with services().installation.records.reading() as session:
        base = get_release(session, found.base_id) if found.base_id else None
    return render_template(
        "staff/draft.html",
        draft=found,
        form=form,
        refusal=refusal,
        lost_answers=LOST_ANSWERS,
        change_filter=change_filter,
        changes=changes,
        paging=pages,
        change_names=CHANGES,
        fields=_fields(),
        kinds=KINDS,
        kind_words=kind_words,
        over_sample=base is not None and base.manifest["sample"] and not found.manifest["sample"],
        own=services().settings.two_person_rule and found.staged_by.casefold() == me().email.casefold(),
    )


def _changes(found: DraftRecord, change_filter: ChangeFilter) -> tuple[list[dict[str, Any]] | None, Paging]:
    from finder.intake.publishing.draft_reports import page_of_changes

    installation = services().installation
    try:
        total, _ = page_of_changes(installation, found, change_filter, limit=0)
        pages = paging(total)
        return list(page_of_changes(installation, found, change_filter, limit=PER_PAGE, offset=pages.offset)[1]), pages
    except ReleaseFileMissing:
        return None, paging(0)


def _fields() -> tuple[str, ...]:
    """Return the fields that the list of changes can be narrowed to."""
    from finder.directory.release.difference import COMPARED

    return (
        *COMPARED["provider"][1:],
        "location",
        *COMPARED["location"][2:],
        *(f"specialty {facet}" for facet in specialties()),
        *(f"insurance {plan}" for plan in payers()),
    )


def _notices(found: DraftRecord) -> Iterator[Notice]:
    from finder.intake.publishing.draft_reports import read_draft_notices

    return read_draft_notices(services().installation, found)
