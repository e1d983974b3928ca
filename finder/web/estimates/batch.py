"""Many estimates at once: a table, pasted or sent as a file, answered on the page or as a table. Nothing is kept."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from threading import Lock
from time import thread_time
from typing import Any

from flask import Blueprint, Flask, Request, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import FileField, Form, TextAreaField

from finder.coverage import estimate
from finder.errors import FinderError, error_text
from finder.exchange.estimates.table import ANSWER_COLUMNS, COLUMNS, AnsweredRow, NotUtf8, RequestTable, read_table
from finder.http.body_limits import large_body
from finder.web.http.csv_download import csv_download
from finder.web.http.form_token import FIELD, make_token, read_token
from finder.web.http.language import language
from finder.web.presentation.error_pages import status_of
from finder.web.presentation.formats import money_range

blueprint = Blueprint("batch", __name__)

MOST_ROWS = 500

LARGEST_BATCH = 400_000
"""Bytes of a table with the form around it; longer tables are for the command line."""

MOST_SECONDS = 5.0
"""Of processor time for one batch; 500 visits of which little is known take one."""

BATCH = "batch of estimates"
"""What the token of the form is for."""

FORM_SECONDS = 12 * 3600
"""How long the form may stay open: a working day."""

EXAMPLE = """\
id,date_of_service,zip,setting,participation,services,deductible_remaining,coverage
1001,2026-10-05,10001,private_practice,participating,97112*2;97530*1,0.00,
1002,2026-10-05,02139,private_practice,nonparticipating_unassigned,97162,283.00,
1003,2026-10-06,60612,hospital_outpatient,,97110-CQ:38m;97116*1,0.00,"{""kind"":""medigap"",""plan"":""G""}"
1004,2026-10-06,43210,,,97112*2@90.00,,"{""kind"":""qmb""}"
"""
"""The table that the page offers to begin with; each way to write a service is in it."""

AMOUNTS = (
    "allowed_amount",
    "deductible_applied",
    "coinsurance",
    "excess_charge",
    "not_covered",
    "medicare_pays",
    "other_coverage_pays",
)
"""The amounts that have a column on the page; a CSV has every field."""

_ONE_AT_A_TIME = Lock()
"""The batch that this process is working on: hundreds of estimates take all of a core."""


class EmptyBatch(FinderError):
    """There is nothing to work out. Paste a table or choose a file."""


class TooManyRows(FinderError):
    """This table has more than 500 rows. Send it in parts, or use the command “flask estimate”, which has no limit."""


class BatchTooLarge(FinderError):
    """This table is larger than 400 kB. Send it in parts, or use the command “flask estimate”, which has no limit."""


class TooMuchWork(FinderError):
    """This table takes too long to work out here. Send it in parts, or use the command “flask estimate”."""


class AnotherBatch(FinderError):
    """Another table is being worked out just now. Yours is still here: please send it again in a few seconds."""


STATUS = {BatchTooLarge: 413, AnotherBatch: 503}
"""The HTTP status of a refusal that is not a plain 400."""


class BatchForm(Form):
    """A table of requests: its text, or a file, which goes first."""

    table = TextAreaField(
        lazy_gettext("Paste your table"),
        description=lazy_gettext("One visit a row. The first row names the columns. Up to 500 rows."),
        render_kw={"rows": 10, "spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"},
    )
    file = FileField(
        lazy_gettext("Or choose a file"),
        description=lazy_gettext("A CSV file of up to 400 kB. We read it and do not keep it."),
        render_kw={"accept": ".csv,.txt,text/csv,text/plain"},
    )


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A service of an answer: what is billed, and what Medicare approves for it."""

    code: str | None
    units: int
    modifiers: Sequence[str]
    allowed_amount: Decimal | None


@dataclass(frozen=True)
class BatchRow:
    """A row of the table of answers."""

    answered: AnsweredRow

    @property
    def number(self) -> int:
        """The number of the row, as a spreadsheet counts."""
        return self.answered.row.number

    @property
    def cells(self) -> Mapping[str, str]:
        """What was asked, by the names of the columns."""
        return self.answered.row.values

    @property
    def response(self) -> Mapping[str, Any]:
        """The response as JSON types."""
        return self.answered.response

    @property
    def area(self) -> str:
        """The carrier and locality whose fees are used."""
        return " ".join(str(self.response[name]) for name in ("carrier", "locality") if self.response.get(name))

    @property
    def lines(self) -> list[BatchLine]:
        """The services, where they have one answer."""
        return [
            BatchLine(line["code"], line["units"], line.get("modifiers", ()), _amount(line["allowed_amount"]))
            for line in self.response["lines"]
        ]

    @property
    def amounts(self) -> list[Decimal | None]:
        """The amounts of ``AMOUNTS``."""
        return [_amount(self.response[name]) for name in AMOUNTS]

    @cached_property
    def patient_pays(self) -> str | None:
        """What the patient pays, in words: one amount, or from the least to the most; None where nobody can say."""
        pays = self.response["patient_pays"]
        low, high = map(_amount, self.response["patient_pays_range"] or (pays, pays))
        return None if low is None else money_range((low, high))


def _amount(text: str | Decimal | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def register(app: Flask) -> None:
    """Add the page to the application, exempt from the general form token: it has its own."""
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)


@blueprint.get("/estimate/batch")
def ask() -> str:
    """Ask for a table, with the example in the field if the address says so."""
    return _page(BatchForm(data={"table": EXAMPLE if "example" in request.args else ""}))


@blueprint.get("/estimate/batch/example.csv")
def example() -> Response:
    """Send the example as a file to begin with."""
    response = Response(EXAMPLE.replace("\n", "\r\n"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=estimate-requests.csv"
    return response


def _anybody(_app: Flask, _request: Request) -> bool:
    return True


@blueprint.post("/estimate/batch")
@large_body(LARGEST_BATCH, admits=_anybody)
def answer() -> ResponseReturnValue:
    """Answer a table, on the page or as a table; what is wrong as a whole is said at the field."""
    form, field, status = BatchForm(), "table", 200
    rows: list[AnsweredRow] = []
    try:
        field, content = _sent()
        form.table.data = content.decode("utf-8-sig", "replace")
        read_token(BATCH, max_age=FORM_SECONDS)
        with _alone():
            table = _read(content)
            rows = list(_within_limit(table.answered(estimate, language())))
    except FinderError as error:
        form[field].errors, status = [error_text(error, language())], STATUS.get(type(error), status_of(error, 400))
    if status == 200 and request.form.get("as") == "csv":
        return _unkept(csv_download("estimates.csv", [*table.columns, *ANSWER_COLUMNS], (row.cells for row in rows)))
    return _unkept(Response(_page(form, rows), status))


def _sent() -> tuple[str, bytes]:
    """Return the name of the field that was sent and what is in it. Raises BatchTooLarge."""
    if (request.content_length or 0) > LARGEST_BATCH:
        raise BatchTooLarge
    try:
        file, text = request.files.get("file"), request.form.get("table", "")
    except RequestEntityTooLarge:
        raise BatchTooLarge from None
    return ("file", file.read()) if file and file.filename else ("table", text.encode())


def _read(content: bytes) -> RequestTable:
    """Read a table, with all its rows. Raises FinderError."""
    if not content.strip():
        raise EmptyBatch
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotUtf8 from None
    table = read_table(io.StringIO(text, newline=""))
    rows = list(islice(table.rows, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise TooManyRows
    return RequestTable(table.columns, iter(rows))


@contextmanager
def _alone() -> Iterator[None]:
    """Let one batch at a time take a core of this process. Raises AnotherBatch at once: threads do not queue here."""
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise AnotherBatch
    try:
        yield
    finally:
        _ONE_AT_A_TIME.release()


def _within_limit(rows: Iterator[AnsweredRow]) -> Iterator[AnsweredRow]:
    """Pass rows on as long as this thread has not worked for too long. Raises TooMuchWork."""
    end = thread_time() + MOST_SECONDS
    for row in rows:
        if thread_time() > end:
            raise TooMuchWork
        yield row


def _page(form: BatchForm, rows: Sequence[AnsweredRow] = ()) -> str:
    return render_template(
        "estimates/batch.html",
        form=form,
        errors=[(field.id, f"{field.label.text}: {error}") for field in form for error in field.errors],
        token_name=FIELD,
        token=make_token(BATCH),
        columns=COLUMNS,
        rows=[BatchRow(row) for row in rows],
        with_errors=sum("errors" in row.response for row in rows),
    )


def _unkept(response: Response) -> Response:
    response.cache_control.no_store = True
    return response
