"""Comparison of place names: all spellings of one name have one key."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
"""Maximum length of a typed place in characters."""

_ABBREVIATIONS = {
    "st": "saint",
    "ste": "sainte",
    "ft": "fort",
    "mt": "mount",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "hts": "heights",
    "spgs": "springs",
    "twp": "township",
}
_APOSTROPHES = str.maketrans("", "", "'’‘ʻ`´")
_NOT_A_WORD = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Return text without accents, case or punctuation, with single spaces: ``Cañon City`` → ``canon city``."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_A_WORD.sub(" ", text.translate(_APOSTROPHES).casefold()).strip()


def joined(text: str) -> str:
    """Return text as one word, without expanding abbreviations: ``D.C.`` → ``dc``."""
    return plain(text).replace(" ", "")


def key(text: str) -> str:
    """Return the key that all spellings of a place's name share: abbreviations expanded, joined to one word.

    ``St. Louis`` and ``Saint Louis`` → ``saintlouis``; ``Mc Lean`` and ``McLean`` → ``mclean``.
    """
    return "".join(_ABBREVIATIONS.get(word, word) for word in plain(text).split())
