"""Archives that attack, at the two doors where people bring files: the upload page and ``data stage``."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.intake.sources.nppes.nppes_files import header_line
from tests.intake.unpacking.attacks import Entry, gzip_member, quoted, same_place, workbook_of, zip_of
from tests.web.staff import files
from tests.web.staff.office import Office

ROWS = files.write([files.row(number) for number in range(200)]).encode()

LINE = b'"9"' + b" " * 1020 + b"\n"

ENTITIES = '<!DOCTYPE a [<!ENTITY x "x">]><a>&x;</a>'

ATTACKS = {
    "same.zip": (same_place(300, ROWS), "Two files in it have the same name."),
    "quoted.zip": (quoted(100, ROWS), "Two files in it lie in the same place."),
    "many.zip": (zip_of(*(Entry(name=f"{n}.csv", content=ROWS) for n in range(501))), "It may hold 500 files."),
    "blank.zip": (zip_of(Entry(content=b" " * (2 * 2**20))), "It may grow 250 times"),
    "growing.csv.gz": (gzip_member(header_line().encode() + LINE * 2048), "It may grow 250 times"),
    "cut.csv.gz": (gzip_member(ROWS)[:-12], "This archive is damaged or locked."),
    "link.zip": (zip_of(Entry(mode=0o120777)), "It holds a link"),
    "locked.zip": (zip_of(Entry(flags=1)), "This archive is damaged or locked."),
    "packed.zip": (zip_of(Entry(method=9)), "packed in a way that we do not read"),
    "nested.zip": (zip_of(Entry(name="a.zip", content=zip_of(Entry()))), "This archive holds other archives."),
    "entities.xlsx": (workbook_of("", workbook=ENTITIES), "It defines entities"),
    "quoted.xlsx": (quoted(100, ROWS), "Two files in it lie in the same place."),
}


@pytest.fixture(autouse=True)
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the ratio of small archives too."""
    monkeypatch.setattr("finder.intake.unpacking.budget.UNCHECKED_RATIO", 2**20)


def left(home: Path) -> list[str]:
    """The files of an installation, but for what its database writes beside itself."""
    return sorted(
        str(path.relative_to(home)) for path in home.rglob("*") if path.is_file() and "records" not in path.name
    )


def test_an_upload_is_refused_at_its_field_and_leaves_nothing(office: Office) -> None:
    editor = office.add_logged_in("editor")
    home = office.app.config["FINDER_SETTINGS"].home
    before = left(home)
    for name, (content, reason) in ATTACKS.items():
        answer = editor.upload(content, name)
        assert answer.status_code == 422, name
        assert f"{name}: This archive" in answer.text
        assert reason in answer.text
    assert left(home) == before
    assert editor.get("/staff/drafts/2").status_code == 404


@pytest.mark.parametrize("name", ["same.zip", "growing.csv.gz", "entities.xlsx"])
def test_the_command_says_the_same(app: Flask, tmp_path: Path, name: str) -> None:
    content, reason = ATTACKS[name]
    (tmp_path / name).write_bytes(content)
    home = app.config["FINDER_SETTINGS"].home
    before = left(home)
    result = app.test_cli_runner().invoke(args=["data", "stage", str(tmp_path / name)])
    assert (result.exit_code, left(home)) == (1, before)
    assert result.stderr.startswith(f"Error: {name}: This archive")
    assert reason in result.stderr


def test_the_operator_chooses_how_much_may_be_unpacked(app: Flask, tmp_path: Path) -> None:
    home = app.config["FINDER_SETTINGS"].home
    path = tmp_path / "calls-2026-11-10.zip"
    path.write_bytes(zip_of(Entry(content=ROWS)))
    for limit, status in (("0", 1), ("1", 0)):
        environment = {"FINDER_HOME": str(home), "FINDER_UNPACK_LIMIT_GB": limit}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            from finder import create_app

            result = create_app().test_cli_runner().invoke(args=["data", "stage", str(path)])
        assert result.exit_code == status
        assert ("raise FINDER_UNPACK_LIMIT_GB" in result.stderr) == (status == 1)
