"""The notice codes: each is documented and in use, and the generated page is up to date."""

from __future__ import annotations

import ast

import pytest

from finder.i18n import word
from finder.notices.notices import KINDS, MOST_OF_A_KIND, Findings, documentation, notice
from finder.resources import ROOT


def _used_codes() -> set[str]:
    """Every text constant of ``finder.intake`` outside the list itself."""
    used = set()
    for path in (ROOT / "finder" / "intake").rglob("*.py"):
        if path.name != "notice_kinds.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            used |= {
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return used


def _added_codes() -> set[str]:
    """The codes that calls of ``notice``, ``report`` and ``add`` give as they stand."""
    found = set()
    for path in (ROOT / "finder" / "intake").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                owner = getattr(
                    getattr(node.func, "value", None), "id", getattr(getattr(node.func, "value", None), "attr", "")
                )
                if name in {"notice", "report"} or (name == "add" and owner == "findings"):
                    found.add(str(node.args[0].value))
    return found


def test_the_page_is_what_the_code_says() -> None:
    page = ROOT / "docs" / "notices.md"
    assert page.read_text(encoding="utf-8") == documentation(), "run: make generated"


def test_every_code_in_use_is_documented() -> None:
    added = _added_codes()
    assert len(added) > 20
    assert added <= set(KINDS)


def test_every_documented_code_is_in_use() -> None:
    assert set(KINDS) <= _used_codes()


def test_an_undocumented_code_is_refused() -> None:
    with pytest.raises(KeyError):
        notice("no_such_code")


def test_notices_beyond_the_limit_of_a_code_are_counted() -> None:
    findings = Findings("file.csv")
    for row in range(MOST_OF_A_KIND + 7):
        findings.add("zip_invalid", row, "ZIP", "x")
    notices = findings.notices()
    assert len(notices) == MOST_OF_A_KIND + 1
    assert notices[-1].times == 7
    assert word(notices[-1].message) == "7 more notices of the code zip_invalid are not kept."


def test_a_value_is_cut_and_made_printable() -> None:
    assert notice("zip_invalid", value="a\nb\x1b" + "c" * 500).value == "a b " + "c" * 196


def test_counted_notices_become_one_with_their_number() -> None:
    findings = Findings("file.csv")
    findings.tally("blank_rows")
    findings.tally("blank_rows", 41)
    findings.tally("other_codes", 0)
    assert [(found.code, found.row, found.times) for found in findings.notices()] == [("blank_rows", 0, 42)]
