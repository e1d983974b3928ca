"""Translations: complete, with the placeholders of each sentence, and compiled."""

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
def test_a_translation_has_the_placeholders_of_its_sentence(language: str) -> None:
    for message in stored(language):
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        forms = message.string if isinstance(message.string, tuple | list) else [message.string]
        for sentence, translation in zip(ids, forms, strict=True):
            if sentence and translation:
                assert places(str(translation)) == places(str(sentence)), sentence


@pytest.mark.parametrize("language", OTHERS)
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, stored(language))
    assert catalogue_path(language).with_suffix(".mo").read_bytes() == compiled.getvalue()


TERMS = {
    "assignment": "asignación",
    "coinsurance": "coseguro",
    "copay": "copago",
    "critical access hospital": "acceso crítico",
    "deductible": "deducible",
    "home health": "en el hogar",
    "medigap policy": "póliza Medigap",
    "original medicare": "Medicare Original",
    "part b": "Parte B",
    "physical therapy": "terapia física",
    "plan of care": "plan de atención",
    "prior authorization": "autorización previa",
    "referral": "referido",
    "zip code": "postal",
}
"""Words of Medicare, and what its own Spanish pages call them: a reader looks for that word on their letters."""

PREFERRED_WORDS = {
    r"fisioterapia\b": "terapia física",
    r"pago completo": "pago total",
    r"póliza de Medigap": "póliza Medigap",
    r"estado de cuenta": "explicación de beneficios (EOB)",
    r"suelo pélvico": "piso pélvico",
    r"añad": "agregar",
    r"compr(ob|ueb)": "verificar",
    r"puls[ae]\b": "oprimir",
    r"pregunte (a|al)\b(?! personas)": "pregúntele a",
    r"(tú|tus?|ti|puedes|tienes|quieres|debes)\b": "usted, su, puede …",
    r"[«»]": "“ ”",
}
"""What is said in Spain, or to a friend, and what our pages say to somebody older in the United States."""


def in_spanish() -> list[tuple[str, str]]:
    """Return every sentence with its Spanish; of a sentence that counts, each form."""
    pairs = []
    for message in stored("es"):
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        forms = message.string if isinstance(message.string, tuple | list) else [message.string]
        pairs += [(str(one), str(other)) for one, other in zip(ids, forms, strict=True) if one]
    return pairs


def stems(term: str) -> list[str]:
    """Return the stems of the words of a term, which are the same in the plural."""
    return [word.lower()[:6] for word in term.split()]


def test_medicare_terms_have_medicares_spanish_names() -> None:
    faults = []
    for english, spanish in in_spanish():
        plain = re.sub(r"“Physical Therapy, Exercise and Neuropathy”|\{[^}]*\}", "", english).lower()
        faults += [
            (english, spanish, term)
            for word, term in TERMS.items()
            if re.search(rf"\b{word}s?\b", plain) and not all(map(spanish.lower().__contains__, stems(term)))
        ]
    assert faults == []


def test_the_spanish_is_us_spanish_with_usted() -> None:
    faults = [
        f"{spanish!r}: say {better}"
        for _, spanish in in_spanish()
        for pattern, better in PREFERRED_WORDS.items()
        if re.search(rf"(?<!\w){pattern}", spanish, re.IGNORECASE)
    ]
    assert faults == []


def test_spanish_questions_and_exclamations_have_both_marks() -> None:
    assert [spanish for _, spanish in in_spanish() if spanish.count("?") != spanish.count("¿")] == []
    assert [spanish for _, spanish in in_spanish() if spanish.count("!") != spanish.count("¡")] == []


def places(text: str) -> Counter[str]:
    """Count the placeholders in a sentence, of either kind."""
    braces = [f"{name}:{spec}" for _, name, spec, _ in string.Formatter().parse(text) if name is not None]
    return Counter(braces + re.findall(r"%\(\w+\)s|%%", text))
