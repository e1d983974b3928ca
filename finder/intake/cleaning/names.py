"""Capitalization of names, streets and credentials, which public files have in capitals.

Text that already has lower-case letters is left as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from finder.directory.vocabulary.specialties import credential_tokens
from finder.intake.cleaning.fields import collapse

_NUMERALS = {"II", "III", "IV", "VI", "VII"}
_GENERATIONS = {"JR": "Jr.", "SR": "Sr.", "JR.": "Jr.", "SR.": "Sr.", "2ND": "II", "3RD": "III", "V": "V"}
_PARTICLES = {"DE", "DEL", "LA", "LAS", "LOS", "DOS", "DAS", "DA", "DI", "Y", "E", "VON", "DER", "DEN", "TER"}
"""Particles inside a last name; only before its last word, so that ``LA`` alone stays a name."""

_SMALL_WORDS = {"OF", "AND", "THE", "FOR", "AT", "IN", "ON", "TO", "BY", "A", "AN", "DE", "LA", "DEL", "Y"}
_BEFORE_A_LETTER = {
    "SUITE", "STE", "UNIT", "APT", "APARTMENT", "BUILDING", "BLDG", "FLOOR", "FL", "ROOM", "RM", "WING", "LOT",
    "AVENUE", "AVE",
}  # fmt: skip
"""Words that a single letter may follow: ``Suite A``."""

_JOINED: dict[tuple[str, ...], str] = {("AT", "C"): "ATC", ("L", "AC"): "LAc"}
"""Credentials that are written in two pieces: athletic trainer, certified; licensed acupuncturist."""

_ABBREVIATIONS = {
    word.upper(): word
    for word in re.findall(
        r"\w+",
        "LLC PLLC PC PA LLP PT OT SLP PTA OTR DPT MD DO DC DME USA US VA VNA YMCA YWCA II III IV NYU UCLA UCSF UMass "
        "NW NE SW SE PO FM CR SR HC RR MLK JFK DBA Inc Corp Co Ltd Ste St Mt Dr Rd Ave Blvd Ln Ct Pl Hwy Pkwy Fl Rm "
        "Plz Sq Mtn Ctr Spgs Hts Gdns Trl Frst Crk Jct Vlg Lndg",
    )
}
_CREDENTIALS = {
    word.upper(): word for word in ("PhD", "EdD", "MEd", "MSc", "ScD", "DrPH", "DSc", "DScPT", "PsyD", "PharmD", "BSc")
}


@lru_cache(maxsize=16_384)
def person_word(word: str) -> str:
    """Capitalize one word of a person's name: ``MCDONALD`` → ``McDonald``, ``O'BRIEN`` → ``O'Brien``."""
    if "-" in word:
        return "-".join(person_word(part) for part in word.split("-"))
    if word in _NUMERALS:
        return word
    if re.fullmatch(r"[ODL]['’].{2,}", word):
        return word[:2] + person_word(word[2:])
    if re.fullmatch(r"MC[A-Z]{3,}", word):
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def _all_one_case(text: str) -> bool:
    return text.isupper() or text.islower()


@lru_cache(maxsize=16_384)
def person_name(text: str) -> str:
    """Capitalize a first or middle name; an initial gets a period."""
    text = collapse(text)
    if len(text) == 1 and text.isalpha():
        return text.upper() + "."
    if not _all_one_case(text):
        return text
    return " ".join(person_word(word) for word in text.upper().split())


@lru_cache(maxsize=16_384)
def last_name(text: str) -> str:
    """Capitalize a last name: ``DE LA CRUZ`` → ``de la Cruz``, ``SMITH III`` → ``Smith III``."""
    text = collapse(text)
    if not _all_one_case(text):
        return text
    words = text.upper().split()
    names = sum(word not in _GENERATIONS and word not in _NUMERALS for word in words)
    return " ".join(
        word.lower()
        if word in _PARTICLES and position < names - 1
        else _GENERATIONS.get(word, "")
        if position > 0 and word in _GENERATIONS
        else person_word(word)
        for position, word in enumerate(words)
    )


def suffix(text: str) -> str:
    """Read the suffix of a name: ``JR`` → ``Jr.``, ``III`` → ``III``; empty for anything else, such as a credential."""
    word = collapse(text).upper()
    return _GENERATIONS.get(word, word if word in _NUMERALS else "")


def full_name(first: str, middle: str, last: str, generation: str = "") -> str:
    """Return a person's full name for display: ``Maria L. de la Cruz III``."""
    return " ".join(
        part for part in (person_name(first), person_name(middle), last_name(last), suffix(generation)) if part
    )


def sort_name(text: str) -> str:
    """Return the text by which names are sorted: lower case, without accents and periods."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii") or text
    return collapse(re.sub(r"[^\w, -]", "", plain.lower()))


def person_sort_name(first: str, middle: str, last: str) -> str:
    """Return the sort text of a person: last name, then first and middle."""
    return sort_name(f"{collapse(last)}, {first} {middle}")


def organization_name(text: str) -> str:
    """Capitalize the name of a clinic: ``ELM ST. PHYSICAL THERAPY, LLC`` → ``Elm St. Physical Therapy, LLC``."""
    return _title(collapse(text))


def street_name(text: str) -> str:
    """Capitalize a street line or a city: ``77 N ELM AVE STE 4B`` → ``77 N Elm Ave Ste 4B``."""
    return _title(collapse(text), address=True)


def street(first_line: str, second_line: str = "") -> str:
    """Join the two lines of a street address."""
    return ", ".join(
        part for part in (street_name(first_line.strip(" ,")), street_name(second_line.strip(" ,"))) if part
    )


def _title(text: str, *, address: bool = False) -> str:
    if not _all_one_case(text):
        return text
    words = text.upper().split()
    titled = [_title_word(word, first=not place) for place, word in enumerate(words)]
    for place, word in enumerate(words) if address else ():
        before, behind = words[place - 1 : place], words[place + 1 : place + 2]
        if len(word.strip(",.&")) == 1 and (not behind or set(before) & _BEFORE_A_LETTER):
            titled[place] = word  # the letter of a unit, not the article
        elif word == "MC" and behind and re.fullmatch(r"[A-Z]{3,}", behind[0]):
            titled[place] = "Mc"
    return " ".join(titled)


@lru_cache(maxsize=16_384)
def _title_word(word: str, *, first: bool = False) -> str:
    parts = re.split(r"([-/])", word)
    return "".join(_title_part(part, first=first and not place) for place, part in enumerate(parts))


def _title_part(word: str, *, first: bool) -> str:
    bare = word.strip(".,()&#\"'-/")
    if not bare:
        return word
    if bare in _SMALL_WORDS and not first:
        return word.lower()
    if bare in _ABBREVIATIONS:
        return word.replace(bare, _ABBREVIATIONS[bare])
    if re.fullmatch(r"\d+(ST|ND|RD|TH)", bare):
        return word.lower()
    if re.search(r"\d", bare) or re.fullmatch(r"(\w\.)+\w?", bare) or not re.search(r"[AEIOUY]", bare):
        return word  # a suite (4B), or initials (CSP, P.C.)
    start = word.find(bare)
    return word[:start] + person_word(bare) + word[start + len(bare) :]


@lru_cache(maxsize=16_384)
def credentials(text: str) -> str:
    """Normalize credentials: ``P.T., D.P.T.,NCS`` → ``PT, DPT, NCS``; spelled-out words are kept."""
    tokens = credential_tokens(re.sub(r"\b(Ph|Ed|Sc|Psy)\.\s?D\b", r"\1D", text, flags=re.IGNORECASE))
    if any(len(token) > 6 for token in tokens):
        phrase = collapse(text)
        return _title(phrase) if _all_one_case(phrase) else phrase
    return ", ".join(dict.fromkeys(_CREDENTIALS.get(token, token) for token in _joined(tokens)))


def _joined(tokens: Sequence[str]) -> Iterator[str]:
    """Join the pieces of a credential: ``A.T., C.`` → ``ATC``."""
    place = 0
    while place < len(tokens):
        whole = _JOINED.get(tuple(tokens[place : place + 2]))
        yield whole or tokens[place]
        place += 2 if whole else 1
