"""Exit statuses of all commands: 2 for an invalid option value, 1 for any other refusal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

NEAR = ("find", "--near", "02139")

FILE = "FILE"
"""Stands for a small file that is there, and that no command can read."""

FOLDER = "FOLDER"
"""Stands for the folder that this file is in."""

IMPORT = ("fees", "import", "--rvu", FILE, "--gpci", FILE)


def run(app: Flask, arguments: tuple[str, ...], tmp_path: Path) -> Result:
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    places = {FILE: str(file), FOLDER: str(tmp_path)}
    return app.test_cli_runner().invoke(args=[places.get(word, word) for word in arguments], input="short\n")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((*NEAR, "--miles", "x"), "Invalid value for '--miles': Choose a distance from 5 to 100 miles."),
        ((*NEAR, "--miles", "nan"), "Invalid value for '--miles': Choose a distance"),
        ((*NEAR, "--miles", "500"), "Invalid value for '--miles': Choose a distance"),
        ((*NEAR, "--miles", "-5"), "Invalid value for '--miles': Choose a distance"),
        ((*NEAR, "--page", "0"), "Invalid value for '--page': "),
        ((*NEAR, "--page", "1.5"), "Invalid value for '--page': "),
        (
            (*NEAR, "--specialty", "bogus"),
            "Invalid value for '--specialty': Choose a specialty from the list. neurologic",
        ),
        (
            (*NEAR, "--insurance", "cash"),
            "Invalid value for '--insurance': Choose an insurance from the list. medicare",
        ),
        ((*NEAR, "--offers", "gym"), "Invalid value for '--offers': Choose what they offer from the list. accepting"),
        ((*NEAR, "--name", "a" * 300), "Invalid value for '--name': Type a shorter name."),
        ((*NEAR, "--sort", "bogus"), "Invalid value for '--sort': "),
        ((*NEAR, "--entity", "robot"), "Invalid value for '--entity': "),
        (("find", "--near", "00000", "--miles", "x"), "Invalid value for '--near': We do not know that ZIP code."),
        (("find", "--near", " "), "Type a place"),
        (("find",), "Type a place"),
        (("estimate", FILE, "--language", "xx"), "Invalid value for '--language': "),
        (("data", "stage", FILE, "--source", "bogus"), "Invalid value for '--source': 'bogus' is not one of 'nppes'"),
        (("data", "stage", FILE, "--as-of", "yesterday"), "Invalid value for '--as-of': "),
        (("data", "stage", FILE, "--by", " "), "Invalid value for '--by': "),
        (("data", "diff", "one"), "Invalid value for 'DRAFT': "),
        (
            ("data", "publish", "1", "--by", "ana", "--confirm-removals", "-1"),
            "Invalid value for '--confirm-removals': ",
        ),
        (("data", "export", "--format", "xml"), "Invalid value for '--format': "),
        (("data", "fetch", "--near", "02139", "--miles", "nan"), "Invalid value for '--miles': "),
        (("data", "fetch", "--near", "02139", "--by", " "), "Invalid value for '--by': "),
        (("data", "fetch", "--near", ""), "Type a place"),
        (("data", "fetch", "--clinicians", "--pace", "nan"), "Invalid value for '--pace': "),
        (("data", "fetch", "--clinicians", "--pace", "inf"), "Invalid value for '--pace': "),
        ((*IMPORT, "--from", "soon"), "Invalid value for '--from': "),
        ((*IMPORT, "--from", "2027-07-01", "--to", "2027-01-01"), "Invalid value for '--to': "),
        ((*IMPORT, "--from", "2027-07-01", "--to", "2028-01-01"), "Invalid value for '--to': "),
        ((*IMPORT, "--from", "2027-01-01", "--drop", "00000"), "Invalid value for '--drop': "),
        (
            (*IMPORT, "--from", "2027-01-01", "--qualifying-apm-conversion-factor", "x"),
            "Invalid value for '--qualifying-apm-conversion-factor': ",
        ),
        (
            (*IMPORT, "--from", "2027-01-01", "--qualifying-apm-conversion-factor", "-3"),
            "Invalid value for '--qualifying-apm-conversion-factor': ",
        ),
        (
            (*IMPORT, "--from", "2027-01-01", "--qualifying-apm-conversion-factor", "1e999999"),
            "Invalid value for '--qualifying-apm-conversion-factor': ",
        ),
        ((*IMPORT, "--from", "2027-01-01", "--into", "/no/such/folder"), "Invalid value for '--into': "),
        (("fees", "check", "--in", "/no/such/folder"), "Invalid value for '--in': "),
        (("places", "corrections", "--census", "/no/such/file", "--cms", FILE), "Invalid value for '--census': "),
        (("sample", "--seed", "x"), "Invalid value for '--seed': "),
        (("staff", "add", "nobody", "--role", "viewer"), "Invalid value for 'EMAIL': This is not an e-mail address."),
        (("staff", "add", "ana@example.org", "--role", "king"), "Invalid value for '--role': "),
        (("serve", "--port", "0"), "Invalid value for '--port': "),
        (("serve", "--port", "x"), "Invalid value for '--port': "),
    ],
    ids=str,
)
def test_an_invalid_option_value_exits_2(
    arguments: tuple[str, ...], reason: str, sample_app: Flask, tmp_path: Path
) -> None:
    result = run(sample_app, arguments, tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    usage, hint, blank, error = result.stderr.splitlines()
    assert (usage[:7], hint[:4], blank) == ("Usage: ", "Try ", "")
    assert error.startswith(f"Error: {reason}")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("find", "--near", "00000"), "We do not know that ZIP code."),
        (("find", "--near", "Nowhereville, ZZ"), "We do not know that place."),
        (("find", "--near", "Springfield"), "There is more than one place of that name."),
        (("find", "--near", "95,200"), "That is not a point on the map."),
        (("data", "fetch", "--near", "00000"), "We do not know that ZIP code."),
        (("data", "stage", FILE), "x.csv: We do not know this format."),
        (("data", "stage", "/no/such/file"), "file: There is no such file."),
        (("data", "diff", "7"), "There is no draft with that number."),
        (("data", "diff", "99999999999999999999999999"), "There is no draft with that number."),
        (("data", "diff", "--", "-99999999999999999999999999"), "There is no draft with that number."),
        (("data", "publish", "99999999999999999999999999", "--by", "ana"), "There is no draft with that number."),
        (("fees", "import", "--rvu", FILE, "--gpci", FILE, "--from", "2027-01-01"), "x.csv: "),
        (("fees", "check", "--in", FOLDER), "therapy_codes.toml: it is missing"),
        (("fees", "document", "--to", "/no/such/folder/page.md"), "/no/such/folder/page.md: No such file or directory"),
        (("sample", "--output", "/no/such/folder/x.csv"), "/no/such/folder/x.csv: No such file or directory"),
        (("places", "corrections", "--census", FILE, "--cms", FILE), "x.csv: no column GEOID"),
        (("records", "restore", FILE), "This file is not a backup of this program"),
        (("staff", "link", "nobody"), "There is no account with this e-mail address."),
        (("staff", "deactivate", "nobody@example.org"), "There is no account with this e-mail address."),
        (
            ("staff", "add", "ana@example.org", "--role", "viewer", "--password-stdin"),
            "Choose a longer password",
        ),
    ],
    ids=str,
)
def test_a_refusal_exits_1_without_a_traceback(
    arguments: tuple[str, ...], reason: str, app: Flask, tmp_path: Path
) -> None:
    result = run(app, arguments, tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert isinstance(result.exception, SystemExit)
    assert reason in result.stderr
    assert "Usage:" not in result.stderr


def test_all_invalid_search_values_are_reported_at_once(sample_app: Flask, tmp_path: Path) -> None:
    result = run(sample_app, (*NEAR, "--miles", "x", "--page", "y"), tmp_path)
    assert result.exit_code == 2
    assert "'--miles'" in result.stderr
    assert "'--page'" in result.stderr
    assert result.stderr.count("Error:") == 1


def test_an_invalid_estimate_request_exits_1(sample_app: Flask, tmp_path: Path) -> None:
    result = run(sample_app, ("estimate", FILE), tmp_path)
    assert result.exit_code == 1
    assert '"field": "request"' in result.stdout
