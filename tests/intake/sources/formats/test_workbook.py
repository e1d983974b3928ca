"""Rows of a workbook: the same as a well-known reader finds, and no workbook fills the memory."""

from __future__ import annotations

import io
import tracemalloc
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from finder.intake.sources.errors import LineTooLong, TooManyColumns
from finder.intake.sources.formats.files import source_files
from finder.intake.sources.formats.workbook import sheet_rows
from finder.intake.unpacking.budget import UPLOAD, Allowance
from finder.intake.unpacking.errors import ArchiveTooLarge, BrokenArchive, UnreadableFile, UnsafeArchive
from tests.intake.unpacking.attacks import workbook_of


def rows_of(folder: Path, content: bytes) -> list[list[str]]:
    path = folder / "a.xlsx"
    path.write_bytes(content)
    (file,) = source_files(path, Allowance(UPLOAD))
    with sheet_rows(file) as rows:
        return list(rows)


def sheet(rows: str) -> bytes:
    return workbook_of(f"<worksheet><sheetData>{rows}</sheetData></worksheet>")


@pytest.mark.parametrize("epoch", [datetime(1899, 12, 30), datetime(1904, 1, 1)])
def test_every_kind_of_cell_is_read(tmp_path: Path, epoch: datetime) -> None:
    book = openpyxl.Workbook()
    book.epoch = epoch
    table = book.active
    assert table is not None
    rich = CellRichText("Peña ", TextBlock(InlineFont(b=True), "& Sons"))
    table.append(["Título <1>", None, 1043218118, 3.5, True, False, date(2026, 10, 5), datetime(2026, 10, 5, 12), rich])
    table["B3"] = " spaced "
    table["D3"] = 45000
    table["D3"].number_format = '[Red]dd\\ "day" mmm yyyy;@'
    table["E3"] = 2.5
    table["E3"].number_format = '0.0 "days"'
    table["F3"] = "=1+1"
    book.create_sheet("other").append(["not this"])
    buffer = io.BytesIO()
    book.save(buffer)
    day = date.fromordinal(epoch.date().toordinal() + 45000).isoformat()
    assert rows_of(tmp_path, buffer.getvalue()) == [
        ["Título <1>", "", "1043218118", "3.5", "True", "False", "2026-10-05", "2026-10-05", "Peña & Sons"],
        [],
        ["", "spaced", "", day, "2.5", ""],
    ]


def test_texts_of_their_own_and_cells_without_a_place(tmp_path: Path) -> None:
    cells = '<c t="inlineStr"><is><t>a</t></is></c><c t="str"><v>b</v></c><c t="d"><v>2026-10-05T00:00:00</v></c>'
    assert rows_of(tmp_path, sheet(f"<row>{cells}</row>")) == [["a", "b", "2026-10-05"]]


CELL = '<c r="A1" t="inlineStr"><is><t>{}</t></is></c>'

ATTACKS: dict[str, tuple[bytes, type[UnreadableFile]]] = {
    "a column far to the right": (sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'), TooManyColumns),
    "a column beyond all": (sheet('<row r="1">' + "<c/>" * 3_000 + "</row>"), TooManyColumns),
    "a row beyond all": (sheet('<row r="1048577"/>'), BrokenArchive),
    "a row without end": (sheet('<row r="99999999999999999999"/>'), BrokenArchive),
    "rows that go back": (sheet('<row r="2"/><row r="1"/>'), BrokenArchive),
    "a long text": (sheet("<row>" + CELL.format("x" * 2_000_000) + "</row>"), LineTooLong),
    "a long row": (sheet('<row r="1">' + CELL.format("x" * 600_000) * 2 + "</row>"), LineTooLong),
    "an unknown text": (sheet('<row><c t="s"><v>7</v></c></row>'), BrokenArchive),
    "no number": (sheet("<row><c><v>many</v></c></row>"), BrokenArchive),
    "a number without end": (sheet(f"<row><c><v>{'9' * 5_000}</v></c></row>"), BrokenArchive),
    "half of a sheet": (workbook_of("<worksheet><sheetData><row>"), BrokenArchive),
    "large shared texts": (workbook_of("", sharedStrings="<sst>" + " " * (33 * 2**20) + "</sst>"), ArchiveTooLarge),
    "large styles": (workbook_of("", styles="<a>" + " " * (33 * 2**20) + "</a>"), ArchiveTooLarge),
    **{
        f"entities in {part}": (
            workbook_of(bomb if part == "the sheet" else "", **{} if part == "the sheet" else {part: bomb}),
            UnsafeArchive,
        )
        for bomb in ['<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;">]><a>&y;</a>']
        for part in ("the sheet", "workbook", "sharedStrings", "styles", "_rels/workbook.xml.rels")
    },
    "an entity of a file": (
        workbook_of('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
        UnsafeArchive,
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_workbook_that_attacks_is_refused_in_little_memory(tmp_path: Path, attack: str) -> None:
    content, error = ATTACKS[attack]
    tracemalloc.start()
    try:
        with pytest.raises(error, match=r"a\.xlsx: This"):
            rows_of(tmp_path, content)
        assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
    finally:
        tracemalloc.stop()


def test_what_a_sheet_claims_about_its_size_is_not_believed(tmp_path: Path) -> None:
    content = workbook_of('<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row/></sheetData></worksheet>')
    assert rows_of(tmp_path, content) == [[]]


def test_a_part_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BrokenArchive):
        rows_of(tmp_path, workbook_of("", **{"_rels/workbook.xml.rels": "<Relationships/>"}))
