"""Rows of a file with something wrong in them: corrected in place, cell by cell, or given up.

A corrected row makes a new draft in place of the old one. Only who staged a draft corrects its rows: who looks it over
and publishes it has then made none of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from finder.errors import FinderError, error_text
from finder.http.services import services
from finder.i18n import N_
from finder.notices.notices import Notice
from finder.records.casework.faulty_rows import get_faulty_row, list_faulty_rows
from finder.records.database import Session
from finder.records.drafts import get_draft
from finder.records.tables.data import DraftRecord, FaultyRowRecord
from finder.web.http.language import language
from finder.web.presentation.formats import word
from finder.web.staff.access import at_least, blueprint, may
from finder.web.staff.drafts.views import kind_words
from finder.web.staff.layout import tell
from finder.web.staff.session import me

LONGEST_CELL = 1000

ColumnErrors = Mapping[str, Sequence[str]]
"""What is wrong, in words, by column; under no name what is wrong with the row as a whole."""


class NotYourDraft(FinderError):
    """Only the person who staged this draft can correct its rows. Upload the rows as a file of your own instead."""


@blueprint.get("/drafts/<id:draft_id>/rows")
@at_least("viewer")
def rows(draft_id: int) -> str:
    """List the rows of a draft that wait."""
    with services().installation.records.reading() as session:
        draft, faulty_row = get_draft(session, draft_id), list_faulty_rows(session, draft_id)
    return render_template(
        "staff/rows.html", draft=draft, rows=faulty_row, kind_words=kind_words, mine=may("editor") and _is_mine(draft)
    )


@blueprint.get("/rows/<id:row_id>")
@at_least("editor")
def row(row_id: int) -> str:
    """Show a row, cell by cell, with what is wrong at its cell."""
    faulty_row, draft = _row(row_id)
    return _show(faulty_row, draft, faulty_row.cells, _found_before(faulty_row))


@blueprint.post("/rows/<id:row_id>", endpoint="mend")
@at_least("editor")
def save_row(row_id: int) -> ResponseReturnValue:
    """Take a row as it was corrected, or say what is still wrong with it and keep what was typed."""
    from finder.intake.staff_table.correct_rows import StillFaulty, correct_row

    faulty_row, draft = _row(row_id)
    cells = {
        column: request.form.get(f"cell-{column}", cell)[:LONGEST_CELL] for column, cell in faulty_row.cells.items()
    }
    try:
        if not _is_mine(draft):
            raise NotYourDraft
        renewed = correct_row(services().installation, row_id, cells, by=me().email, gazetteer=services().gazetteer)
    except StillFaulty as error:
        return _show(faulty_row, draft, cells, _by_column(error.notices)), 422
    except FinderError as error:
        return _show(faulty_row, draft, cells, {"": [error_text(error, language())]}), 409
    tell(N_("The row is in. This draft takes the place of the one before."))
    return redirect(url_for("staff.rows", draft_id=renewed.id), 303)


@blueprint.post("/rows/<id:row_id>/drop")
@at_least("editor")
def drop(row_id: int) -> ResponseReturnValue:
    """Give up a row: it stays as it is in the draft."""
    from finder.intake.staff_table.correct_rows import drop_row

    _faulty_row, draft = _row(row_id)
    if not _is_mine(draft):
        abort(403)
    drop_row(services().installation, row_id, by=me().email)
    tell(N_("The row is off the list."))
    return redirect(url_for("staff.rows", draft_id=draft.id), 303)


def _row(row_id: int) -> tuple[FaultyRowRecord, DraftRecord]:
    with services().installation.records.reading() as session:
        return _faulty_row(session, row_id)


def _faulty_row(session: Session, row_id: int) -> tuple[FaultyRowRecord, DraftRecord]:
    faulty_row = get_faulty_row(session, row_id)
    return faulty_row, get_draft(session, faulty_row.draft_id)


def _is_mine(draft: DraftRecord) -> bool:
    return draft.state == "staged" and draft.staged_by.casefold() == me().email.casefold()


def _show(faulty_row: FaultyRowRecord, draft: DraftRecord, cells: Mapping[str, str], errors: ColumnErrors) -> str:
    from finder.intake.sources.staff import staff_csv

    return render_template(
        "staff/row.html",
        row=faulty_row,
        draft=draft,
        cells=cells,
        hints=staff_csv.columns(),
        errors={column: words for column, words in errors.items() if column in cells},
        whole=[text for column, words in errors.items() if column not in cells for text in words],
        mine=_is_mine(draft),
    )


def _found_before(faulty_row: FaultyRowRecord) -> ColumnErrors:
    """Describe what was found when the file was read."""
    errors: dict[str, list[str]] = {}
    for finding in faulty_row.findings:
        errors.setdefault(str(finding["column"]).lower(), []).append(kind_words(str(finding["code"])))
    return errors


def _by_column(notices: Sequence[Notice]) -> ColumnErrors:
    errors: dict[str, list[str]] = {}
    for found in notices:
        errors.setdefault(found.column.lower(), []).append(f"{word(found.message)} {word(found.remedy)}")
    return errors
