"""Search by name: ignores case, accents and punctuation, and tolerates typos."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from finder.places.spelling import plain

LONGEST_NAME = 100
"""Maximum length of a name in characters."""

_MOST_WORDS = 8
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "pt", "dpt", "mpt", "mspt", "rpt"})
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
        for word in query_words(name):
            having = np.zeros(total, dtype=bool)
            for start, end in self._spans(word):
                having[self.rows[self.starts[start] : self.starts[end]]] = True
            found &= having
        return found

    def _spans(self, word: str) -> list[tuple[int, int]]:
        """Return the spans of ``words`` that match a typed word."""
        start, end = bisect_left(self.words, word), bisect_left(self.words, word + _AFTER_EVERY_LETTER)
        if end > start:
            return [(start, end)]
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
