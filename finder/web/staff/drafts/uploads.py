"""Uploading files: they are read, compared with what is published, and kept as a draft. Nothing public changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Request, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import Length, Optional

from finder.directory.vocabulary.sources import source_names
from finder.disk import translated_disk_errors
from finder.errors import FinderError, error_text
from finder.http.body_limits import large_body
from finder.http.services import services
from finder.i18n import N_, Message
from finder.records.tables.data import DraftRecord
from finder.releases.store import scratch
from finder.web.http.csv_download import download
from finder.web.http.forms import FilesField, PostedForm
from finder.web.http.language import gettext, language
from finder.web.presentation.error_pages import status_of
from finder.web.presentation.formats import word
from finder.web.staff.access import at_least, blueprint
from finder.web.staff.layout import tell
from finder.web.staff.session import me

MOST_FILES = 20

LARGEST_UPLOAD = 64 * 2**20
"""Bytes of an upload; larger files are for the command line."""

LONGEST_COLLECTION = 100
"""Characters of the name of a collection."""

SAMPLE = "sample"
"""The source that is only bundled, never uploaded."""


class UploadForm(PostedForm):
    """Which files, of which source and date, and whether they are the whole of it."""

    files = FilesField(
        lazy_gettext("Files"),
        description=lazy_gettext("As they were published (CSV, ZIP), or a CSV made from our template."),
    )
    source = SelectField(
        lazy_gettext("Source"),
        default="",
        description=lazy_gettext("Leave this alone: a file is known by its columns."),
    )
    as_of = DateField(
        lazy_gettext("Date of the files"),
        validators=[Optional()],
        description=lazy_gettext("Only if no date stands in the file or in its name."),
    )
    collection = StringField(
        lazy_gettext("What these files speak of (only if they do not say it)"),
        validators=[Optional(), Length(max=LONGEST_COLLECTION)],
        filters=[lambda text: (text or "").strip()],
        description=lazy_gettext(
            "A name for an insurer’s list. Use the same name next month: the new list then takes its place."
        ),
        render_kw={"maxlength": LONGEST_COLLECTION, "autocomplete": "off"},
    )
    part = BooleanField(lazy_gettext("These files are a part of a set: they add to what is there"))
    replace = BooleanField(lazy_gettext("These files are the whole of their source: who is not in them goes"))


@blueprint.app_template_filter("source_title")
def source_title(source: str) -> str:
    """Name a source so that no other has the same name."""
    return word(source_names(source).title)


def has_logged_in(app: Flask, request: Request) -> bool:
    """Return whether a request carries a cookie that we signed for somebody who logged in, without asking the records.

    Whether the session still stands is for the guard; this keeps files of strangers off the disk.
    """
    session = app.session_interface.open_session(app, request)
    return session is not None and "_user_id" in session


@blueprint.route("/upload", methods=["GET", "POST"])
@at_least("editor")
@large_body(LARGEST_UPLOAD, admits=has_logged_in)
def upload() -> ResponseReturnValue:
    """Ask for files; read them; lead to the draft, or say why they cannot be read."""
    from finder.intake.sources.errors import AsOfNeeded, CollectionNeeded
    from finder.intake.sources.registry import sources
    from finder.intake.sources.staff import staff_csv
    from finder.intake.staff_table.export_table import staff_layer_pin

    form, status = UploadForm(), 422
    form.source.choices = {
        "": gettext("Known by its columns"),
        **{name: source_title(name) for name in sources() if name != SAMPLE},
    }
    if form.validate_on_submit():
        try:
            with translated_disk_errors():
                draft = stage_files(form, [file for file in form.files.data or [] if file.filename])
        except AsOfNeeded as error:
            form.as_of.errors = [f"{error.file}: {word(error.message())}"]
        except CollectionNeeded as error:
            form.collection.errors = [f"{error.file}: {word(error.message())}"]
        except FinderError as error:
            form.files.errors, status = [error_text(error, language())], status_of(error, 422)
        else:
            tell(Message(N_("{rows:number} rows were read. Nothing public has changed yet."), {"rows": draft.rows}))
            return redirect(url_for("staff.draft", draft_id=draft.id), 303)
    page = render_template(
        "staff/upload.html",
        form=form,
        columns=staff_csv.columns(),
        own=staff_layer_pin(services().installation),
        largest=LARGEST_UPLOAD,
    )
    return page, status if form.errors else 200


class NoFile(FinderError):
    """Choose at least one file."""


class TooManyFiles(FinderError):
    """Choose at most 20 files at a time."""


def stage_files(form: UploadForm, files: Sequence[FileStorage]) -> DraftRecord:
    """Keep what the files would change as a draft of the person who uploads them. Raises FinderError."""
    from finder.intake.publishing.stage import StageRequest, stage

    if not files:
        raise NoFile
    if len(files) > MOST_FILES:
        raise TooManyFiles
    installation = services().installation
    with _on_disk(files, installation.work) as paths:
        return stage(
            installation,
            StageRequest(
                paths=paths,
                by=me().email,
                source=form.source.data or None,
                as_of=form.as_of.data,
                replace=form.replace.data,
                collection=form.collection.data or "",
                part=form.part.data,
            ),
        )


@blueprint.get("/template.csv")
@at_least("viewer")
def template() -> Response:
    """Return an empty staff CSV."""
    from finder.intake.sources.staff import staff_csv

    return Response(
        staff_csv.template(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="providers.csv"'},
    )


@blueprint.get("/our-table.csv")
@at_least("viewer")
def our_table() -> Response:
    """Return our own table as it is published, to be changed and uploaded again."""
    from finder.intake.staff_table.export_table import export_staff_table

    return download("our-table.csv", "text/csv; charset=utf-8", export_staff_table(services().installation))


@contextmanager
def _on_disk(files: Sequence[FileStorage], work: Path) -> Iterator[list[Path]]:
    """Put uploads into a folder of their own under their own names, made harmless; the folder goes afterwards."""
    with scratch(work) as folder:
        paths = []
        for number, file in enumerate(files):
            own = folder / str(number)
            own.mkdir()
            path = own / (secure_filename(file.filename or "")[-150:] or "upload")
            file.save(path)
            paths.append(path)
        yield paths
