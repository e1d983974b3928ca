"""Many estimates at once: a table is sent, the answers are a page or a table, and nothing is kept."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from finder.exchange.estimates.table import ANSWER_COLUMNS, COLUMNS
from finder.web.estimates import batch
from tests.web.reading import parsed, text_of
from tests.web.staff.office import hidden
from tests.web.validity import page_faults

HEADER = "id,date_of_service,zip,participation,services,deductible_remaining"
GOOD = "a,2026-10-05,10001,participating,97112*2;97530*1,0"


def send(client: FlaskClient, table: str, *, lang: str = "en", **more: Any) -> TestResponse:
    """Open the page and send a table, as its form does."""
    token = hidden(client.get("/estimate/batch").text, "form_token")
    data = {"form_token": token, "table": table, **more}
    return client.post(f"/estimate/batch?lang={lang}", data=data, content_type="multipart/form-data")


def upload(client: FlaskClient, content: bytes) -> TestResponse:
    """Send a file, with something else in the field for text."""
    return send(client, "not this", file=(io.BytesIO(content), "visits.csv"))


def rows_of(page: TestResponse) -> list[str]:
    """Return the rows of the table of answers."""
    return [text_of(row) for row in parsed(page.text).findall(".//tbody/tr")]


def typed(page: TestResponse) -> str:
    """Return what stands in the field."""
    return "".join(parsed(page.text).find(".//textarea").itertext())  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_row_is_answered_and_a_wrong_one_says_what_is_wrong(client: FlaskClient, lang: str) -> None:
    page = send(client, f"{HEADER}\n{GOOD}\nb,2026-10-05,1,participating,97112,0\n", lang=lang)
    assert page.status_code == 200
    answered, refused = rows_of(page)
    assert "2 · a" in answered
    assert "$18.86" in answered
    assert "97112" in answered
    assert "zip" in refused
    assert "services[0].units" in refused
    assert page_faults(page, lang) == []
    assert page.headers["Cache-Control"] == "no-store"
    assert GOOD in typed(page)


def test_the_answers_come_as_a_table_too(client: FlaskClient) -> None:
    answer = send(client, f"{HEADER}\n{GOOD}\n=b,2026-10-05,1,participating,97112*1,0\n", **{"as": "csv"})
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/csv", "no-store")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert list(rows[0]) == [*HEADER.split(","), *ANSWER_COLUMNS]
    assert [row["patient_pays"] for row in rows] == ["18.86", ""]
    assert rows[1]["id"] == "'=b"
    assert [error["field"] for error in json.loads(rows[1]["errors"])] == ["zip"]


def test_a_file_goes_first_and_stays_in_the_field(client: FlaskClient) -> None:
    page = upload(client, f"\ufeff{HEADER}\r\n{GOOD}\r\n".encode())
    assert len(rows_of(page)) == 1
    assert GOOD in typed(page)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (" \n", "There is nothing to work out."),
        ("a,b\n1,2", "The first line must name the columns. It does not name: date_of_service, services."),
        ("\n".join([HEADER, *[GOOD] * 501]), "This table has more than 500 rows."),
    ],
)
def test_what_is_wrong_as_a_whole_is_said_at_the_field(client: FlaskClient, table: str, words: str) -> None:
    page = send(client, table)
    assert page.status_code == 400
    assert words in text_of(parsed(page.text).find(".//*[@id='table-error']"))  # type: ignore[arg-type]
    assert typed(page).split() == table.split()
    assert rows_of(page) == []
    assert page.headers["Cache-Control"] == "no-store"


def test_a_file_that_is_no_text_is_refused_at_its_field(client: FlaskClient) -> None:
    page = upload(client, b"date_of_service,services\n\xe9")
    assert page.status_code == 400
    assert 'id="file-error"' in page.text


def test_a_table_that_is_too_large_is_refused(client: FlaskClient) -> None:
    page = send(client, "x" * batch.LARGEST_BATCH)
    assert page.status_code == 413
    assert "larger than 400 kB" in page.text


def test_without_the_token_of_the_page_the_table_stays_and_is_not_answered(client: FlaskClient) -> None:
    page = client.post("/estimate/batch", data={"table": f"{HEADER}\n{GOOD}", "form_token": "x"})
    assert page.status_code == 400
    assert rows_of(page) == []
    assert GOOD in typed(page)


def test_while_another_batch_is_worked_out_the_table_stays(client: FlaskClient) -> None:
    with batch._ONE_AT_A_TIME:
        page = send(client, f"{HEADER}\n{GOOD}")
    assert page.status_code == 503
    assert GOOD in typed(page)
    assert len(rows_of(send(client, f"{HEADER}\n{GOOD}"))) == 1


def test_a_table_that_takes_too_long_is_refused_and_stays(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MOST_SECONDS", -1)
    page = send(client, f"{HEADER}\n{GOOD}")
    assert page.status_code == 400
    assert "takes too long" in page.text
    assert GOOD in typed(page)


def test_the_example_is_answered_and_can_be_downloaded(client: FlaskClient) -> None:
    example = client.get("/estimate/batch/example.csv")
    assert example.mimetype == "text/csv"
    table = typed(client.get("/estimate/batch?example=1"))
    assert table.split() == example.text.split()
    page = send(client, table)
    assert len(rows_of(page)) == 4
    assert "batch-errors" not in page.text


def test_the_page_explains_every_column_and_the_estimate_leads_to_it(client: FlaskClient) -> None:
    page = client.get("/estimate/batch").text
    assert [name for name in COLUMNS if f"<dt><code>{name}</code>" not in page] == []
    assert 'href="/estimate/batch"' in client.get("/estimate").text
