"""The page with every sentence of an estimate: complete, up to date, in both languages, and easy to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest
import textstat

from finder.cli.catalogues import stored
from finder.cli.fees import ANSWERS_PAGE
from finder.coverage import Figures
from finder.coverage.figures.code_names import CODE_NAMES
from finder.coverage.official.answers import (
    Occurrence,
    example_answers,
    first_occurrences,
    page,
    sentences,
    with_parts,
)
from finder.i18n import Message, word

HIGHEST_GRADE = 8.0
HIGHEST_GRADE_OF_A_SENTENCE = 10.0
"""One short sentence with one long word is above the grade of the text in which it stands."""

PRIVATE_WORDS = r"\b(anew|dearest|nobody|papers|so many|bears?|lies|whom|thereof)\b"
"""Words of which a reader asks what they mean here."""


@pytest.fixture(scope="module")
def found() -> Mapping[str, Occurrence]:
    return first_occurrences(Figures.load())


def test_the_page_is_up_to_date() -> None:
    assert ANSWERS_PAGE.read_text(encoding="utf-8") == page(Figures.load()), "run: flask --app wsgi fees answers"


def test_every_sentence_is_reached_by_an_example(found: Mapping[str, Occurrence]) -> None:
    assert [text for text in sentences() if text not in found] == [], "add an example, or delete the sentence"


def test_every_example_is_needed_for_a_sentence() -> None:
    seen: set[str] = set()
    for describes, occurrences in example_answers(Figures.load()):
        texts = {one.message.text for it in occurrences for one in with_parts(it)}
        assert texts - seen, describes
        seen |= texts


def test_an_answer_has_no_other_sentences_than_those_of_the_page(found: Mapping[str, Occurrence]) -> None:
    assert set(found) - set(sentences()) - set(CODE_NAMES.values()) == set()


def test_every_sentence_has_spanish() -> None:
    spanish = stored("es")
    translated = {message.id: message.string for message in spanish}
    assert [text for text in sentences() if not translated.get(text)] == []


def test_every_example_can_be_read_in_grade_8() -> None:
    grades = {}
    for describes, occurrences in example_answers(Figures.load()):
        texts = dict.fromkeys(word(it.message) for it in occurrences if it.kind not in ("formula", "error"))
        if texts:
            grades[describes] = textstat.flesch_kincaid_grade(" ".join(texts))
    assert len(grades) > 40
    assert {name: grade for name, grade in grades.items() if grade > HIGHEST_GRADE} == {}


def test_no_single_sentence_is_hard_to_read(found: Mapping[str, Occurrence]) -> None:
    texts = [word(without_names(it.message)) for it in found.values() if it.kind not in ("formula", "part")]
    hard = {text: textstat.flesch_kincaid_grade(text) for text in texts}
    assert {text: grade for text, grade in hard.items() if grade > HIGHEST_GRADE_OF_A_SENTENCE} == {}


def without_names(message: Message) -> Message:
    """Return a sentence with a short word in place of names: they are measured with the answers in which they stand."""
    names = {key: "it" for key, value in message.arguments.items() if not is_amount(value)}
    return Message(message.text, {**message.arguments, **names})


def is_amount(value: object) -> bool:
    return not isinstance(value, str | list | tuple | Message)


def test_no_sentence_has_private_words() -> None:
    assert [text for text in sentences() if re.search(PRIVATE_WORDS, text)] == []


def test_one_is_never_said_in_the_plural(found: Mapping[str, Occurrence]) -> None:
    """A count is written behind its noun, or its sentence is for several alone."""
    counted = [text for text in found if re.search(r"\{(visits|units|minutes|count):number\} [a-z]", text)]
    assert counted == [
        "For {units:number} units of “{service}” Medicare allows {amount:money}.",
        "the {count:number} visits without amounts",
    ]


def test_a_sentence_and_its_translation_have_the_same_values(found: Mapping[str, Occurrence]) -> None:
    assert list(different_amounts(found)) == []


def different_amounts(found: Mapping[str, Occurrence]) -> Iterator[str]:
    """Return the sentences whose Spanish shows other amounts."""
    for it in found.values():
        english, spanish = (re.findall(r"\$[0-9,.]*[0-9]", word(it.message, language)) for language in ("en", "es"))
        if sorted(english) != sorted(spanish):
            yield it.message.text
