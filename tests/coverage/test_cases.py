"""The scenarios of ``tests/cases``.

Requests and answers as data, with the arithmetic beside them for a biller to check.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from finder.coverage.other_coverage import KINDS
from tests.coverage.cases import answer, differences

CASES = Path(__file__).parents[1] / "cases"
FILES = sorted(CASES.rglob("*.toml"))


def expanded(expected: object) -> object:
    """Spell a case out: ``"null"`` is null, and ``null = [...]`` names fields that are null."""
    if expected == "null":
        return None
    if isinstance(expected, list):
        return [expanded(item) for item in expected]
    if isinstance(expected, Mapping):
        plain = {key: expanded(value) for key, value in expected.items() if key not in {"null", "notes", "no_notes"}}
        return {**plain, **dict.fromkeys(expected.get("null", ()))}
    return expected


def missing_notes(expected: object, given: Any, path: str = "") -> list[str]:
    """Name the notes that a case expects, anywhere in the answer, and that are not there; ``no_notes`` must not be."""
    if isinstance(expected, list):
        pairs = zip(expected, given, strict=False)
        return [name for index, (a, b) in enumerate(pairs) for name in missing_notes(a, b, f"{path}[{index}]")]
    if not isinstance(expected, Mapping) or not isinstance(given, Mapping):
        return []
    codes = {note["code"] for note in given.get("notes", ())}
    missing = [f"{path} note {code}" for code in expected.get("notes", ()) if code not in codes]
    missing += [f"{path} no note {code}" for code in expected.get("no_notes", ()) if code in codes]
    nested = {key: value for key, value in expected.items() if key not in {"notes", "no_notes", "null"}}
    return missing + [
        name for key, value in nested.items() for name in missing_notes(value, given[key], f"{path}.{key}")
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path: Path) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    given = answer(case["request"])
    assert list(differences(expanded(case["expect"]), given)) == []
    assert missing_notes(case["expect"], given) == []


def test_every_kind_of_other_coverage_has_a_case() -> None:
    requests = [tomllib.loads(path.read_text(encoding="utf-8"))["request"] for path in FILES]
    given = [request.get("other_coverage", {"kind": "none"}) for request in requests]
    single = {coverage["kind"] for coverage in given if isinstance(coverage, Mapping)}
    assert single >= set(KINDS)


def test_every_topic_has_cases() -> None:
    assert {path.parent.name for path in FILES} >= {
        "course", "employer", "federal", "medicaid", "medigap", "part_b", "participation", "plans", "settings", "units",
    }  # fmt: skip
