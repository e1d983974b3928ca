"""How names of places are compared: two spellings of one name have one key. Nothing here knows any place."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
"""Characters of a place that are read; nothing that is a place is longer."""

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
    """Write text without accents, case or punctuation, one blank between words: ``Cañon City`` → ``canon city``."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_A_WORD.sub(" ", text.translate(_APOSTROPHES).casefold()).strip()


def joined(text: str) -> str:
    """Write text as one word, nothing spelled out: ``D.C.`` → ``dc``."""
    return plain(text).replace(" ", "")


def key(text: str) -> str:
    """Return the key that all spellings of a place's name share: abbreviations spelled out, written as one word.

    ``St. Louis`` and ``Saint Louis`` → ``saintlouis``; ``Mc Lean`` and ``McLean`` → ``mclean``.
    """
    return "".join(_ABBREVIATIONS.get(word, word) for word in plain(text).split())
