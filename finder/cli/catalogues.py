"""``catalogues``: collect all sentences for readers, update their translations, and compile them.

Sentences come from the sources (``_``, ``N_``, ``Message``), the templates, the docstrings of the error classes (which
are their messages) and the named fields of the data files. The catalogues lie in ``finder/translations``.
"""

from __future__ import annotations

import ast
import pkgutil
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from finder.cli.refusals import refusing
from finder.errors import FinderError
from finder.i18n import LANGUAGES, TRANSLATIONS
from finder.resources import ROOT, writable

_WRITTEN = datetime(2026, 11, 20, tzinfo=UTC)
"""The constant date in the header of every catalogue, so that unchanged catalogues stay equal."""

KEYWORDS = {
    "_": None, "N_": None, "Message": (1,), "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "_n": (1, 2),
}  # fmt: skip

DATA_FIELDS = frozenset({"name", "staff_name", "label", "plain_name", "sentence", "types_label"})
"""The fields of the data files that are shown to people."""


@click.group("catalogues")
def catalogues_group() -> None:
    """The translations of every sentence."""


@catalogues_group.command("update")
@refusing
def update_command() -> None:
    """Collect the sentences, keep what is translated already, and compile."""
    writable(ROOT)
    template = collected()
    for language in LANGUAGES[1:]:
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = stored(language)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, sort_output=True, omit_header=False, include_lineno=False, width=120)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        missing = untranslated(catalog)
        click.echo(f"{language}: {len(catalog)} sentences, {len(missing)} without a translation")


def catalogue_path(language: str) -> Path:
    """Return the path of the translations of a language."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def stored(language: str) -> Catalog:
    """Read the translations of a language from the repository."""
    path = catalogue_path(language)
    if not path.exists():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def untranslated(catalog: Catalog) -> list[str]:
    """Return the sentences of a catalogue that have no translation, or an unsure one."""
    return [str(message.id) for message in catalog if message.id and (message.fuzzy or not all(_forms(message.string)))]


def _empty(language: str | None) -> Catalog:
    """Return an empty catalogue whose header names only the product."""
    return Catalog(
        locale=language,
        project="physical-therapist finder",
        version="1",
        header_comment="# The words of the physical-therapist finder. Made by: flask --app wsgi catalogues update",
        creation_date=_WRITTEN,
        revision_date=_WRITTEN,
        last_translator="",
        language_team="",
        msgid_bugs_address="",
        fuzzy=False,
    )


def _forms(translation: Any) -> list[str]:
    """Return the forms of a translation: one, or one per plural form."""
    return [translation] if isinstance(translation, str) else list(translation or [""])


def collected() -> Catalog:
    """Collect every sentence of the product into an empty catalogue."""
    catalog = _empty(None)
    python = "finder.cli.catalogues:python_sentences"
    sources: list[tuple[str, list[tuple[str, Any]]]] = [
        ("finder", [("**.py", python)]),
        ("templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
        ("data", [("**.toml", "finder.cli.catalogues:data_sentences")]),
    ]
    options = {"**.html": {"trimmed": "true", "silent": "false"}}
    for folder, methods in sources:
        for file, _line, sentence, comments, context in extract_from_dir(
            ROOT / folder, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            catalog.add(sentence, None, [(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return catalog


def python_sentences(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Yield the marked sentences of a module, and the docstrings of its error classes."""
    from babel.messages.extract import extract_python

    yield from extract_python(file, keywords, comment_tags, options)
    file.seek(0)
    errors = error_names()
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.ClassDef) and node.name in errors and (text := ast.get_docstring(node)):
            yield node.lineno, None, " ".join(text.split()), []


@cache
def error_names() -> frozenset[str]:
    """Return the names of every class whose docstring is a message; every module is imported to find them."""
    for module in pkgutil.walk_packages([str(ROOT / "finder")], "finder."):
        if ".migrations" not in module.name:
            import_module(module.name)

    def below(kind: type[FinderError]) -> Iterator[str]:
        yield kind.__name__
        for sub in kind.__subclasses__():
            yield from below(sub)

    return frozenset(below(FinderError))


def data_sentences(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Yield the fields of a data file that are shown to people."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in DATA_FIELDS and isinstance(inner, str):
                    yield inner
                else:
                    yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    for sentence in walk(tomllib.loads(file.read().decode())):
        yield 0, None, sentence, []
