"""Names are words of the web, of Python or of the field: private words stay out of the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from finder.resources import ROOT

PRIVATE = frozenset({
    "asked", "cover", "desk", "kept", "looks", "map_room", "members", "nobody", "observe", "reported", "returning",
    "room", "said", "sealing", "shown", "told", "waiting", "wanted", "wrong",
})  # fmt: skip
"""Whole identifiers that only their author can decode; in sentences they are ordinary words."""

CLEAN = (
    "finder/directory/call_queue.py",
    "finder/directory/index",
    "finder/directory/release",
    "finder/intake/cleaning",
    "finder/intake/fetch",
    "finder/intake/layers",
    "finder/intake/merging",
    "finder/intake/publishing",
    "finder/intake/sample",
    "finder/intake/sources",
    "finder/intake/staff_table",
    "finder/notices",
    "finder/places",
    "finder/records",
    "finder/releases",
)
"""The folders and modules that hold no private name any more."""


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of every function, class, argument, variable and attribute that a module defines."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.alias(asname=str(name)):
                yield node.lineno, name


def modules(place: str) -> list[Path]:
    """Return the modules of a folder, or the one module."""
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


@pytest.mark.parametrize("place", CLEAN)
def test_no_module_defines_a_private_name(place: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in modules(place)
        for line, name in [(0, path.stem), *names(ast.parse(path.read_text(encoding="utf-8")))]
        if name.lower().strip("_") in PRIVATE
    ]
    assert modules(place)
    assert not found
