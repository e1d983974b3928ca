"""Understands what a person types as their need: symptoms, conditions and goals lead to specialties, the rest is names.

Some words ask for what a place offers, as a pool does. The vocabulary is data (``data/reference/conditions.toml`` and
``symptoms.toml``), English and Spanish; both are understood in either language.
Nothing is diagnosed: words choose the kind of therapist to look for, and the person sees how they were understood.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from finder.digits import is_digits
from finder.directory.vocabulary.conditions import condition_needs, with_conditions
from finder.i18n import LANGUAGES
from finder.places.spelling import plain
from finder.resources import REFERENCE

SYMPTOMS_FILE = REFERENCE / "symptoms.toml"

LONGEST_NEED = 200
"""Characters of a need that are read."""

_MOST_WORDS = 30
_SHORT, _MIDDLE, _LONG = 5, 7, 8
"""Letters of a word from which on are forgiven: one letter added, missing or swapped; one wrong; any two of these.

Names are often one wrong letter from a short word, as Trevor is from tremor. In a word that means something only beside
others ("carpel tunnel") a wrong letter does no harm.
"""

_LONGEST_WORD = 40

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Match:
    """Words that were understood."""

    word: str
    """As typed."""
    phrase: str
    """As the vocabulary has it."""
    label: str
    """What it was taken for, in plain words (a catalogue id)."""
    facets: tuple[str, ...]
    """The specialties that it leads to."""
    offers: tuple[str, ...]
    """What a place should offer, if the words ask for that."""
    type_name: str
    """The type of a condition that it names, in words (a catalogue id); empty if none."""
    urgent: bool
    """Whether it may mean an emergency."""
    typo: bool
    """Whether it was understood only by forgiving a typo."""


@dataclass(frozen=True, slots=True)
class Need:
    """How a text was understood."""

    matched: tuple[Match, ...]
    leftover: str
    """What was not understood, as typed: the name of somebody."""
    ignored: str = ""
    """What was not understood beside words that were, and is nobody's name."""

    @property
    def specialties(self) -> tuple[str, ...]:
        """The specialties to look for, any of them, in the order of the words."""
        return tuple(dict.fromkeys(facet for match in self.matched for facet in match.facets))

    @property
    def offers(self) -> tuple[str, ...]:
        """What a place should offer, any of these, in the order of the words."""
        return tuple(dict.fromkeys(offer for match in self.matched for offer in match.offers))

    @property
    def type_names(self) -> tuple[str, ...]:
        """The types of conditions that were named, in words (catalogue ids)."""
        return tuple(dict.fromkeys(match.type_name for match in self.matched if match.type_name))

    @property
    def urgent(self) -> bool:
        """Whether the words may mean an emergency: when to call 911 comes first then."""
        return any(match.urgent for match in self.matched)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A phrase of the vocabulary with what it means."""

    phrase: str
    label: str
    facets: tuple[str, ...]
    offers: tuple[str, ...]
    type_name: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The vocabulary in one language's order of preference."""

    meanings: Mapping[tuple[str, ...], _Meaning]
    """By the words of the phrase, without small words."""
    small: frozenset[str]
    passed_over: frozenset[str]
    known: frozenset[str]
    """Every word that is no typo."""
    squeezed: Mapping[str, str]
    """The words for which typos are taken, by their spelling without doubled letters."""
    never_typos: frozenset[str]
    longest: int
    """Words of the longest phrase."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A typed word: where it stands, how it is compared, and whether that took forgiving a typo."""

    start: int
    end: int
    plain: str
    typo: bool = False


def understand(text: str, language: str = "en", is_name: Callable[[str], bool] | None = None) -> Need:
    """Understand a need as typed, in any of the languages or in several, the same on the pages of each.

    ``language`` chooses only which of two equal phrases a match shows.
    ``is_name`` tells whether a word (lower case, without accents) is in a name on the list: such a word is never taken
    for a typo, and beside words that were understood only such words are a name. Without it any word may be one.
    Reads 200 characters at most; never fails.
    """
    text = text[:LONGEST_NEED]
    vocabulary = _vocabulary(language)
    typed = [_Word(found.start(), found.end(), _compared(found[0])) for found in _WORD.finditer(text)][:_MOST_WORDS]
    words = [_forgiven(word, vocabulary, is_name) for word in typed]
    telling = [word for word in words if word.plain not in vocabulary.small]
    understood = list(_matches(telling, vocabulary))
    used = {word for group, _ in understood for word in group}
    runs = list(_leftovers(words, used, vocabulary))
    if not understood:
        return Need((), " ".join(text.split()) if runs or not words else "")
    names = [run for run in runs if is_name is None or all(map(is_name, _unknown(run, vocabulary)))]
    return Need(
        matched=tuple(_match(text, group, meaning) for group, meaning in understood),
        leftover=_as_typed(text, names),
        ignored=_as_typed(text, [run for run in runs if run not in names]),
    )


def _matches(words: list[_Word], vocabulary: _Vocabulary) -> Iterator[tuple[list[_Word], _Meaning]]:
    """Return the phrases of the vocabulary among the words, from the left, the longest first."""
    place = 0
    while place < len(words):
        for length in range(min(vocabulary.longest, len(words) - place), 0, -1):
            group = words[place : place + length]
            meaning = vocabulary.meanings.get(tuple(word.plain for word in group))
            if meaning and not _is_title(group, words[place + length :], vocabulary):
                yield group, meaning
                place += length
                break
        else:
            place += 1


def _is_title(group: list[_Word], following: list[_Word], vocabulary: _Vocabulary) -> bool:
    """Tell the "Ms" before a name from multiple sclerosis."""
    return [word.plain for word in group] == ["ms"] and bool(following) and following[0].plain not in vocabulary.known


def _match(text: str, group: list[_Word], meaning: _Meaning) -> Match:
    return Match(
        word=text[group[0].start : group[-1].end],
        phrase=meaning.phrase,
        label=meaning.label,
        facets=meaning.facets,
        offers=meaning.offers,
        type_name=meaning.type_name,
        urgent=meaning.urgent,
        typo=any(word.typo for word in group),
    )


def _leftovers(words: list[_Word], used: set[_Word], vocabulary: _Vocabulary) -> Iterator[list[_Word]]:
    """Return the runs of words that were neither used nor are passed over; small words inside stay ("de la Cruz")."""
    for over, run in groupby(words, key=lambda word: word in used or word.plain in vocabulary.passed_over):
        group = list(run)
        telling = [place for place, word in enumerate(group) if word.plain not in vocabulary.small]
        if not over and telling:
            yield group[telling[0] : telling[-1] + 1]


def _unknown(run: list[_Word], vocabulary: _Vocabulary) -> list[str]:
    return [word.plain for word in run if word.plain not in vocabulary.small]


def _as_typed(text: str, runs: list[list[_Word]]) -> str:
    return " ".join(" ".join(text[run[0].start : run[-1].end] for run in runs).split())


def _compared(word: str) -> str:
    """Return a typed word in the form in which words are compared: without accents, case or ``'s``."""
    return plain(re.sub(r"['’]s$", "", word.lower())).replace(" ", "")


def _forgiven(word: _Word, vocabulary: _Vocabulary, is_name: Callable[[str], bool] | None) -> _Word:
    """Return the word, or the word of the vocabulary of which it is a plural or a typo."""
    text = word.plain
    if not text or text in vocabulary.known:
        return word
    if text.endswith("s") and text[:-1] in vocabulary.known:
        return _Word(word.start, word.end, text[:-1])
    if text in vocabulary.never_typos or is_digits(text) or (is_name and is_name(text)):
        return word
    meant = vocabulary.squeezed.get(_squeezed(text)) or _alike(text, vocabulary)
    return _Word(word.start, word.end, meant, typo=True) if meant else word


def _alike(text: str, vocabulary: _Vocabulary) -> str | None:
    """Find the word of the same first letter of which this one is a typo."""
    if not _SHORT <= len(text) <= _LONGEST_WORD:
        return None
    choices = [word for word in vocabulary.squeezed.values() if word[0] == text[0]]
    allowed = 1 if len(text) < _LONG else 2
    for meant, _, _ in process.extract(text, choices, scorer=OSA.distance, score_cutoff=allowed, limit=3):
        wrong_letter = len(meant) == len(text) and sorted(meant) != sorted(text)
        if len(text) >= _MIDDLE or not wrong_letter or (meant,) not in vocabulary.meanings:
            return str(meant)
    return None


def _squeezed(word: str) -> str:
    return _DOUBLED.sub(r"\1", word)


def need_rows() -> list[Mapping[str, Any]]:
    """Return the rows of the vocabulary, those for conditions first, with all facets that they lead to."""
    symptoms = ({**row, "facets": with_conditions(row["label"], row.get("facets", ()))} for row in _symptoms()["need"])
    return [*condition_needs(), *symptoms]


def _symptoms() -> Mapping[str, Any]:
    return tomllib.loads(SYMPTOMS_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _vocabulary(language: str) -> _Vocabulary:
    """Read the vocabulary; the phrases of ``language`` first."""
    data, rows = _symptoms(), need_rows()
    small = frozenset(data["passed_over"]["small"].split())
    others = frozenset(_compared(word) for word in data["passed_over"]["others"].split())
    tongues = sorted(LANGUAGES, key=lambda tongue: tongue != language)
    meanings: dict[tuple[str, ...], _Meaning] = {}
    for tongue in tongues:
        for row in rows:
            for phrase in row.get(tongue, ()):
                meanings.setdefault(_telling(phrase, small), _meaning(phrase, row))
    telling = {word for phrase in meanings for word in phrase}
    forgiven = {word for word in telling if len(word) > 3} | {word for word in others if len(word) >= _MIDDLE}
    return _Vocabulary(
        meanings=meanings,
        small=small,
        passed_over=others | {f"{word}s" for word in others},
        known=small | others | telling,
        squeezed={_squeezed(word): word for word in sorted(forgiven)},
        never_typos=frozenset(data["typos"]["never"].split()),
        longest=max(map(len, meanings)),
    )


def _telling(phrase: str, small: Iterable[str]) -> tuple[str, ...]:
    words = (_compared(found) for found in _WORD.findall(phrase))
    return tuple(word for word in words if word not in small)


def _meaning(phrase: str, row: Mapping[str, Any]) -> _Meaning:
    return _Meaning(
        phrase=phrase,
        label=row["label"],
        facets=tuple(row.get("facets", ())),
        offers=tuple(row.get("offers", ())),
        type_name=row.get("type_name", ""),
        urgent=row.get("urgent", False),
    )
