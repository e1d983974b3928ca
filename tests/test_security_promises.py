"""The page of what is promised about security: every test and every module that it names is there."""

from __future__ import annotations

import ast
import re
from functools import cache

from finder.resources import ROOT

PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")


@cache
def functions_of(path: str) -> frozenset[str]:
    """Return the names of the functions of a module."""
    functions = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    return frozenset(function.name for function in functions if isinstance(function, ast.FunctionDef))


def test_every_test_that_holds_a_promise_exists() -> None:
    named = re.findall(r"`(tests/[^`:]+\.py)::(\w+)`", PAGE)
    assert len(named) > 60
    assert [f"{path}::{name}" for path, name in named if name not in functions_of(path)] == []


def test_every_promise_names_a_test_and_every_module_exists() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "`finder/" in line]
    assert len(rows) > 20
    assert [row for row in rows if "::test_" not in row] == []
    assert [path for path in re.findall(r"`(finder/[\w./]+)`", PAGE) if not (ROOT / path).exists()] == []
