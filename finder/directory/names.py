"""Search by name: ignores case, accents and punctuation, and tolerates typos."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from finder.places.spelling import plain

LONGEST_NAME = 100
"""Maximum length of a name in characters."""

_MOST_WORDS = 8
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "pt", "dpt", "mpt", "mspt", "rpt"})
_LONG_FORMS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_SHORT_FORMS = {long: short for short, long in _LONG_FORMS.items()}
"""Abbreviations in names: either form finds the other."""

_AFTER_EVERY_LETTER = "\U0010ffff"


def name_words(name: str) -> tuple[str, ...]:
    """Split a name into words for comparison: ``"María O'Brien-Lee"`` → ``("maria", "obrien", "lee")``."""
    return tuple(plain(name[:LONGEST_NAME]).split()[:_MOST_WORDS])


def query_words(name: str) -> tuple[str, ...]:
    """Split a typed name, without titles and degrees unless nothing else was typed."""
    words = name_words(name)
    return tuple(word for word in words if word not in _TITLES) or words


@dataclass(frozen=True)
class NameIndex:
    """The sorted distinct words of all names, and the rows of each: ``rows[starts[w]:starts[w + 1]]``."""

    words: Sequence[str]
    starts: NDArray[np.int32]
    rows: NDArray[np.int32]

    def has(self, word: str) -> bool:
        """Return whether a word (lower case, without accents) is in a name exactly."""
        place = bisect_left(self.words, word)
        return place < len(self.words) and self.words[place] == word

    def find(self, name: str, total: int) -> NDArray[np.bool_]:
        """Return a mask of ``total`` rows whose names match every typed word, as a prefix or with a typo."""
        found = np.ones(total, dtype=bool)
        words = query_words(name)
        joined = [self._rows(self._prefixed(one + other), total) for one, other in pairwise(words)]
        for place, word in enumerate(words):
            having = self._rows(self._prefixed(word), total) | self._rows_of_parts(word, total)
            for whole in joined[max(place - 1, 0) : place + 1]:
                having |= whole
            found &= having if having.any() else self._rows(self._alike(word), total)
        return found

    def _rows(self, spans: Iterable[tuple[int, int]], total: int) -> NDArray[np.bool_]:
        """Return a mask of the rows with a word in one of some spans."""
        having = np.zeros(total, dtype=bool)
        for start, end in spans:
            having[self.rows[self.starts[start] : self.starts[end]]] = True
        return having

    def _rows_of_parts(self, word: str, total: int, most_parts: int = 3) -> NDArray[np.bool_]:
        """Return a mask of the rows that write a typed word in parts: ``neurorehab`` is in "Neuro-Rehab"."""
        having = np.zeros(total, dtype=bool)
        for cut in range(2, len(word) - 2) if most_parts > 1 else ():
            place = bisect_left(self.words, word[:cut])
            if place == len(self.words) or self.words[place] != word[:cut]:
                continue
            rest = self._rows(self._prefixed(word[cut:]), total) | self._rows_of_parts(
                word[cut:], total, most_parts - 1
            )
            if rest.any():
                having |= rest & self._rows([(place, place + 1)], total)
        return having

    def _prefixed(self, word: str) -> list[tuple[int, int]]:
        """Return the spans of ``words`` that begin with a typed word, or with its long form (``st``: ``saint``)."""
        spans = [(bisect_left(self.words, word), bisect_left(self.words, word + _AFTER_EVERY_LETTER))]
        if long := _LONG_FORMS.get(word):
            spans.append((bisect_left(self.words, long), bisect_left(self.words, long + _AFTER_EVERY_LETTER)))
        short = _SHORT_FORMS.get(word, "")
        if short and self.has(short):
            spans.append((bisect_left(self.words, short), bisect_left(self.words, short) + 1))
        return [(start, end) for start, end in spans if end > start]

    def _alike(self, word: str) -> list[tuple[int, int]]:
        """Return the spans of ``words`` of which a typed word may be a typo."""
        allowed = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
        alike = (
            process.extract(word, self.words, scorer=OSA.distance, score_cutoff=allowed, limit=50) if allowed else []
        )
        return [(place, place + 1) for _, _, place in alike]


def index_names(names: Sequence[str], more: Sequence[str]) -> NameIndex:
    """Return the index of the words of two names per row (a person's and a practice's)."""
    places: dict[str, list[int]] = {}
    for row, both in enumerate(zip(names, more, strict=True)):
        for word in {word for name in both for word in name_words(name)}:
            places.setdefault(word, []).append(row)
    words = sorted(places)
    starts = np.cumsum([0, *(len(places[word]) for word in words)]).astype(np.int32)
    rows = np.fromiter((row for word in words for row in places[word]), dtype=np.int32)
    return NameIndex(words, starts, rows)
