"""Understands what a person types as their need: symptoms, conditions and goals lead to specialties, the rest is a name.

The vocabulary is data (``data/reference/symptoms.toml``), English and Spanish; both are understood in either language.
Nothing is diagnosed: words choose the kind of therapist to look for, and the person sees how they were understood.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from finder.places.spelling import plain

SYMPTOMS_FILE = Path(__file__).parents[2] / "data" / "reference" / "symptoms.toml"

LONGEST_NEED = 200
"""Characters of a need that are read."""

_MOST_WORDS = 30
_SHORTEST_TYPO = 5
"""Letters of a word from which on a wrong letter is forgiven; in shorter ones a doubled or missing double alone."""

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
    neuropathy_type: str | None
    """The type of neuropathy that it names, if any."""
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

    @property
    def specialties(self) -> tuple[str, ...]:
        """The specialties to look for, any of them, in the order of the words."""
        return tuple(dict.fromkeys(facet for match in self.matched for facet in match.facets))

    @property
    def neuropathy_types(self) -> tuple[str, ...]:
        """The types of neuropathy that were named."""
        return tuple(dict.fromkeys(match.neuropathy_type for match in self.matched if match.neuropathy_type))

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
    neuropathy_type: str | None
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
    """The words of phrases by their spelling without doubled letters."""
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


def understand(text: str, language: str = "en", is_name: Callable[[str], bool] = lambda word: False) -> Need:
    """Understand a need as typed, in English or Spanish or both; ``language`` decides where a word means two things.

    ``is_name`` tells whether a word (lower case, without accents) is the name of somebody on the list: such a word is
    never taken for a typo. Reads 200 characters at most; never fails.
    """
    text = text[:LONGEST_NEED]
    vocabulary = _vocabulary(language)
    typed = [_Word(found.start(), found.end(), _compared(found[0])) for found in _WORD.finditer(text)][:_MOST_WORDS]
    words = [_forgiven(word, vocabulary, is_name) for word in typed]
    telling = [word for word in words if word.plain not in vocabulary.small]
    understood = list(_matches(telling, vocabulary))
    if not understood:
        return Need((), " ".join(text.split()))
    used = {word for group, _ in understood for word in group}
    matched = [_match(text, group, meaning) for group, meaning in understood]
    return Need(tuple(matched), _leftover(text, words, used, vocabulary))


def _matches(words: list[_Word], vocabulary: _Vocabulary) -> Iterator[tuple[list[_Word], _Meaning]]:
    """Give the phrases of the vocabulary among the words, from the left, the longest first."""
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
        neuropathy_type=meaning.neuropathy_type,
        urgent=meaning.urgent,
        typo=any(word.typo for word in group),
    )


def _leftover(text: str, words: list[_Word], used: set[_Word], vocabulary: _Vocabulary) -> str:
    """Give the typed words that were neither used nor passed over; small words between two of them stay (de la Cruz)."""

    def kind(word: _Word) -> str:
        if word.plain in vocabulary.small:
            return "small"
        return "known" if word in used or word.plain in vocabulary.passed_over else "left"

    kept = []
    for known, run in groupby(words, key=lambda word: kind(word) == "known"):
        group = list(run)
        left = [place for place, word in enumerate(group) if kind(word) == "left"]
        if not known and left:
            kept.append(text[group[left[0]].start : group[left[-1]].end])
    return " ".join(" ".join(kept).split())


def _compared(word: str) -> str:
    """Write a typed word as words are compared: without accents, case, or the ``'s`` of ``parkinson's``."""
    return plain(re.sub(r"['’]s$", "", word.lower())).replace(" ", "")


def _forgiven(word: _Word, vocabulary: _Vocabulary, is_name: Callable[[str], bool]) -> _Word:
    """Give the word, or the word of the vocabulary of which it is a plural or a typo."""
    text = word.plain
    if not text or text in vocabulary.known:
        return word
    if text.endswith("s") and text[:-1] in vocabulary.known:
        return _Word(word.start, word.end, text[:-1])
    if text in vocabulary.never_typos or text.isdigit() or is_name(text):
        return word
    meant = vocabulary.squeezed.get(_squeezed(text)) or _alike(text, vocabulary)
    return _Word(word.start, word.end, meant, typo=True) if meant else word


def _alike(text: str, vocabulary: _Vocabulary) -> str | None:
    """Find the word that a typo makes of this one: a letter, in long words two, added, missing, wrong or swapped."""
    if len(text) < _SHORTEST_TYPO or len(text) > 2 * _SHORTEST_TYPO**2:
        return None
    choices = [word for word in vocabulary.squeezed.values() if word[0] == text[0]]
    allowed = 1 if len(text) < 8 else 2
    best = process.extractOne(text, choices, scorer=OSA.distance, score_cutoff=allowed)
    return best[0] if best else None


def _squeezed(word: str) -> str:
    return _DOUBLED.sub(r"\1", word)


@lru_cache(maxsize=4)
def _vocabulary(language: str) -> _Vocabulary:
    """Read the vocabulary; where a phrase means two things, the one in ``language`` counts."""
    data = tomllib.loads(SYMPTOMS_FILE.read_text(encoding="utf-8"))
    small = frozenset(data["passed_over"]["small"].split())
    others = frozenset(_compared(word) for word in data["passed_over"]["others"].split())
    meanings: dict[tuple[str, ...], _Meaning] = {}
    for tongue in sorted(("en", "es"), key=lambda tongue: tongue != language):
        for row in data["need"]:
            for phrase in row[tongue]:
                meanings.setdefault(_telling(phrase, small), _meaning(phrase, row))
    words = frozenset(word for phrase in meanings for word in phrase)
    return _Vocabulary(
        meanings=meanings,
        small=small,
        passed_over=others,
        known=words | small | others,
        squeezed={_squeezed(word): word for word in sorted(words | others) if len(word) > 3},
        never_typos=frozenset(data["typos"]["never"].split()),
        longest=max(map(len, meanings)),
    )


def _telling(phrase: str, small: Iterable[str]) -> tuple[str, ...]:
    words = (_compared(found) for found in _WORD.findall(phrase))
    return tuple(word for word in words if word not in small)


def _meaning(phrase: str, row: Mapping[str, Any]) -> _Meaning:
    return _Meaning(phrase, row["label"], tuple(row["facets"]), row.get("type"), row.get("urgent", False))
