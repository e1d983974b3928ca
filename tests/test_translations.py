"""Every sentence has a translation, with the same places for values; the compiled catalogue is that of the text."""

from __future__ import annotations

import re
import string
from collections import Counter
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from finder.cli.catalogues import catalogue_path, collected, stored, untranslated
from finder.i18n import LANGUAGES

OTHERS = LANGUAGES[1:]


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    return collected()


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated(language: str, sentences: Catalog) -> None:
    catalog = stored(language)
    catalog.update(sentences, no_fuzzy_matching=True)
    assert untranslated(catalog) == [], "run: flask --app wsgi catalogues update, and translate what is empty"
    assert list(catalog.obsolete) == [], "run: flask --app wsgi catalogues update"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_sentence(language: str) -> None:
    for message in stored(language):
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        said = message.string if isinstance(message.string, tuple | list) else [message.string]
        for sentence, translation in zip(ids, said, strict=True):
            if sentence and translation:
                assert places(str(translation)) == places(str(sentence)), sentence


@pytest.mark.parametrize("language", OTHERS)
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, stored(language))
    assert catalogue_path(language).with_suffix(".mo").read_bytes() == compiled.getvalue()


def places(text: str) -> Counter[str]:
    """Count the places for values in a sentence, of either kind."""
    braces = [f"{name}:{spec}" for _, name, spec, _ in string.Formatter().parse(text) if name is not None]
    return Counter(braces + re.findall(r"%\(\w+\)s|%%", text))
