"""Names are words of the web, of Python or of the field: private words stay out of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from finder.resources import ROOT

PRIVATE = frozenset({
    "asked", "begun", "cover", "deed", "desk", "doors", "everybody", "house", "kept", "looks", "map_room", "members",
    "mend", "nobody", "observe", "reported", "returning", "room", "rooms", "said", "sealing", "shown", "somebody",
    "spoil", "spoiled", "told", "waiting", "wanted", "world", "worlds", "wrong",
})  # fmt: skip
"""Whole identifiers that only their author can decode; in sentences they are ordinary words."""

TEMPLATE_NAME = re.compile(r"{%-? *(?:set|macro|for) +(\w+)")
"""What a template defines: a variable, a macro, the variable of a loop."""


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


def test_no_module_defines_a_private_name() -> None:
    modules = [path for folder in ("finder", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(modules) > 400
    assert not [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in modules
        for line, name in [(0, path.stem), *names(ast.parse(path.read_text(encoding="utf-8")))]
        if name.lower().strip("_") in PRIVATE
    ]


def test_no_template_sets_a_private_name() -> None:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    assert len(templates) > 50
    assert not [
        f"{path.relative_to(ROOT)}: {name}"
        for path in templates
        for name in [path.stem, *TEMPLATE_NAME.findall(path.read_text(encoding="utf-8"))]
        if name in PRIVATE
    ]
