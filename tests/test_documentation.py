"""The developer documentation: every path and every name of the code in it exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from finder.resources import ROOT

PAGES = ("CONTRIBUTING.md", "docs/architecture.md", "docs/decisions/0006-packages-and-layers.md")

FOLDERS = ("finder", "data", "templates", "tests", "docs")


def quoted(page: str) -> Iterator[str]:
    """Return what a page quotes as code and that begins like a path or a module of the project."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for code in re.findall(r"`([^`\n]+)`", text):
        if re.match(rf"({'|'.join(FOLDERS)})[/.][\w./:-]+$", code):
            yield code


def exists(code: str) -> bool:
    """Whether a path (``finder/i18n.py``), a name in a module (``finder/i18n.py:word``) or a dotted name is there."""
    path, _, name = code.partition(":")
    if "/" in path:
        if not name:
            return (ROOT / path).exists()
        if not (ROOT / path).is_file():
            return False
        path = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    found: object = import_module(path)
    for part in name.split(".") if name else ():
        found = getattr(found, part, None)
    return found is not None


@pytest.mark.parametrize("page", PAGES)
def test_every_path_and_name_in_a_page_exists(page: str) -> None:
    codes = list(quoted(page))
    assert codes
    assert [code for code in codes if not exists(code)] == []


@pytest.mark.parametrize("page", [*PAGES, "README.md", "CHANGELOG.md"])
def test_every_link_target_of_a_page_exists(page: str) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []
