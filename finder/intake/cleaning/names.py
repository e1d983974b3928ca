"""Capitalization of names, streets and credentials, which public files have in capitals.

Text that already has lower-case letters is left as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from finder.directory.vocabulary.specialties import credential_pieces, credential_tokens, has_status, is_qualified
from finder.intake.cleaning.fields import collapse
from finder.places.states import find_state

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

_STREET_TYPES = {
    "ST", "STREET", "AVE", "AVENUE", "RD", "ROAD", "DR", "DRIVE", "BLVD", "LN", "LANE", "PL", "PLACE", "CT", "WAY",
}  # fmt: skip
"""Words that a single letter may stand before, as the name of a street: ``A St``."""

_LEGAL_FORMS = {"LLC", "PLLC", "PC", "LLP", "INC", "CORP", "CO", "LTD"}
"""The legal forms behind a name."""

_STATES_AND_WORDS = {"AL", "AS", "ME"}
"""Codes of states that may be words, so that nobody knows which they are: ``Care of Me``."""

_IN_SMALL_LETTERS = {"D/B/A", "F/K/A", "A/K/A"}
"""Doing business as, formerly and also known as."""

_JOINED: dict[tuple[str, ...], str] = {
    ("AT", "C"): "ATC", ("L", "AC"): "LAc", ("OTR", "L"): "OTR/L", ("C", "NDT"): "C/NDT", ("CERT", "MDT"): "Cert. MDT",
    ("DIP", "MDT"): "Dip. MDT", ("LSVT", "BIG"): "LSVT BIG",
}  # fmt: skip
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
_ACRONYMS = frozenset(
    re.findall(
        r"\w+",
        "ATI UPMC IU UAB UCI UCSD UCLA UCSF UCF USC USF UNC UNM UNLV UIC UIHC UMC UMMC UVA UVM UGA UTMB UTSW UT UW "
        "UF UH UC OSU OHSU OUHSC ISU MSU LSU FSU PSU WSU KSU ASU GSU TCU SMU BYU VCU WVU ECU ETSU EVMS NAU NIU SIU EIU "
        "FIU FAU IUPUI SUNY CUNY MUSC AHN APTA ADL EMG ICU ENT OBGYN OB IRG IPT OA AOA OAA MSK ACL HSS MGH BWH "
        "BIDMC TIRR WVUH LIJ NYP HHC SSM IMC OIP TOA AAA ABC BU HCA JAG MIT NY USPH USPT VAMC DME SNF IRF "
        "LTAC HEP LSVT",
    )
)
"""Names of health systems, universities and chains that are said letter by letter, or are written in capitals."""

_LONGEST_ACRONYM = 6

_LEGAL_END = re.compile(
    r"(?:CT|FT|LT|NT|PT|RT|ST|XT|HT|LD|ND|RD|LF|RF|LK|NK|RK|SK|CK|WK|LM|RM|LP|MP|RP|SP|LB|RB|MB|CH|SH|TH|PH|GH|NG|RN|LN|"
    r"WN|NN|LL|SS|FF|TT|RR|DD|GG|BB|PP|RL|RG|LG|NC|RC|LC|NS|RS|LS|"
    r"WL|HN|HL|HM|HR|DT|NX|RV|LV|TZ|NZ|RZ|LZ|GN|TR|SC|GT)[STHZD]"
)
"""How words and names end that end in three consonants: ``BERNDT``, ``WELSH``; others are acronyms."""

_INITIALS = frozenset({"AJ", "EJ", "OJ", "IJ", "UJ"})
_NO_INITIALS = frozenset({"NG", "MC", "ST", "JR", "SR", "DR", "MR", "MS"})
"""Two letters without a vowel that are no initials."""

_CREDENTIALS = {
    word.upper(): word for word in ("PhD", "EdD", "MEd", "MSc", "ScD", "DrPH", "DSc", "DScPT", "PsyD", "PharmD", "BSc")
}


_DOTTED_INITIALS = re.compile(r"(?:\w\.)+\w?")


@lru_cache(maxsize=16_384)
def person_word(word: str) -> str:
    """Capitalize one word of a person's name: ``MCDONALD`` → ``McDonald``, ``O'BRIEN`` → ``O'Brien``."""
    if "-" in word:
        return "-".join(person_word(part) for part in word.split("-"))
    if _DOTTED_INITIALS.fullmatch(word):
        return word
    if opening := re.match(r"[(\[\"“]+", word):
        return opening[0] + person_word(word[opening.end() :])
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
    return " ".join(_given_word(word, first=not place) for place, word in enumerate(text.upper().split()))


def _given_word(word: str, *, first: bool) -> str:
    """Capitalize one word of a first or middle name: initials (``AJ``, ``TJ``) stay, short names (``AL``) do not."""
    if word in _INITIALS or (re.fullmatch(r"[B-DF-HJ-NP-TV-XZ]{2}", word) and word not in _NO_INITIALS):
        return word
    return word if not first and word in {"II", "III", "IV"} else person_word(word)


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
        else _GENERATIONS.get(word, word)
        if position > 0 and (word in _GENERATIONS or word in _NUMERALS)
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
        elif len(word) == 1 and behind and behind[0].strip(",.") in _STREET_TYPES:
            titled[place] = word  # the name of a street
        elif word == "MC" and behind and re.fullmatch(r"[A-Z]{3,}", behind[0]):
            titled[place] = "Mc"
    place = -1 if address else _state_place(words)
    if place > 0:
        titled[place] = words[place]
    return " ".join(titled)


def _state_place(words: Sequence[str]) -> int:
    """Return the place of a state's code at the end of a clinic's name: ``REHAB OF MA, LLC``; -1 if there is none."""
    last = len(words) - 1
    while last > 0 and re.sub(r"[.,]", "", words[last]) in _LEGAL_FORMS:
        last -= 1
    code = words[last].strip(",.") if last > 1 and words[last - 1] == "OF" else ""
    is_code = len(code) == 2 and code not in _STATES_AND_WORDS and find_state(code) is not None
    return last if is_code else -1


@lru_cache(maxsize=16_384)
def _title_word(word: str, *, first: bool = False) -> str:
    if word.strip("(),") in _IN_SMALL_LETTERS:
        return word.lower()
    parts = re.split(r"([-/])", word)
    if len(parts) > 1 and all(len(part.strip(",.#()")) <= 1 or part.isdigit() for part in parts):
        return word  # a suite: 2-A
    return "".join(_title_part(part, first=first and not place) for place, part in enumerate(parts))


def _title_part(word: str, *, first: bool) -> str:
    bare = word.strip(".,()&#\"'-/")
    if not bare:
        return word
    if bare in _SMALL_WORDS and not first:
        return word.lower()
    if bare in _ABBREVIATIONS:
        return word.replace(bare, _ABBREVIATIONS[bare])
    if bare.endswith(("'S", "’S")) and bare[:-2] in _ACRONYMS | _INITIALS:
        return word.replace(bare, bare[:-1] + "s")
    if bare in _ACRONYMS | _INITIALS | _NUMERALS or _ends_as_no_word(bare):
        return word
    if re.fullmatch(r"\d+(ST|ND|RD|TH)", bare):
        return word.lower()
    if re.search(r"\d", bare) or re.fullmatch(r"(\w\.)+\w?", bare) or not re.search(r"[AEIOUY]", bare):
        return word  # a suite (4B), or initials (CSP, P.C.)
    start = word.find(bare)
    return word[:start] + person_word(bare) + word[start + len(bare) :]


def _ends_as_no_word(word: str) -> bool:
    """Return whether a short word ends in three consonants that no word ends in: ``UPMC``, ``UCSF``."""
    ending = re.search(r"[B-DF-HJ-NP-TV-XZ]{3}$", word) if len(word) <= _LONGEST_ACRONYM else None
    return ending is not None and _LEGAL_END.fullmatch(ending[0]) is None


@lru_cache(maxsize=16_384)
def credentials(text: str) -> str:
    """Normalize credentials: ``P.T., D.P.T.,NCS`` → ``PT, DPT, NCS``; spelled-out words are kept."""
    text = re.sub(r"\b(Ph|Ed|Sc|Psy)\.\s?D\b", r"\1D", text, flags=re.IGNORECASE)
    pieces = credential_pieces(text)
    if not any(map(_is_phrase, pieces)):
        tokens = [token for piece in pieces for token in credential_tokens(piece)]
        return ", ".join(dict.fromkeys(_CREDENTIALS.get(token, token) for token in _joined(tokens)))
    phrases = [_phrase(piece) if _is_phrase(piece) else credentials(piece) for piece in pieces]
    return ", ".join(dict.fromkeys(phrase for phrase in phrases if phrase))


_WORDS = frozenset(
    re.findall(
        r"\w+",
        "OF AND IN THE FOR WITH AT TO ON DOCTOR MASTER FELLOW BOARD SPORTS SPORT HAND HEALTH LEVEL OWNER STATE MANUAL "
        "ARTS WOMEN WOMENS PELVIC DRY NEEDLE YOGA COACH FORMER DEGREE NURSE CARE PAST NOT NON LAPSED EXAM PREP UNTIL",
    )
)
"""Short words in credentials that are spelled out; other words of up to six letters are credentials."""

_LIKE_A_WORD = re.compile(r"[^AEIOUY]{0,3}[AEIOUY]{1,2}(?:[^AEIOUY]{1,4}[AEIOUY]{1,2})*[^AEIOUY]{0,3}")
"""Consonants and vowels in turns, as in ``THERAPIST``, and not as in ``FAAOMPT`` or ``LSVTBIG``."""


def _is_word(token: str) -> bool:
    """Return whether a token is a word, not a credential: ``PHYSICAL``, not ``FAAOMPT``."""
    long = len(token) > 6 and token.isalpha() and _LIKE_A_WORD.fullmatch(token) is not None
    return long or token in _WORDS or has_status([token])


def _is_phrase(piece: str) -> bool:
    """Return whether a piece of credentials is written in words, in part at least."""
    tokens = credential_tokens(piece)
    return is_qualified(piece) or any(len(token) > 6 and _is_word(token) for token in tokens)


def _phrase(piece: str) -> str:
    """Write credentials in words: ``DOCTOR OF PHYSICAL THERAPY``, ``NCS (EXPIRED 2019)``; those in mixed case stay."""
    piece = collapse(piece)
    if not _all_one_case(piece):
        return piece
    return re.sub(r"[^\W\d_]+(?:['’]S)?", _phrase_word, piece.upper())


def _phrase_word(found: re.Match[str]) -> str:
    """Capitalize one word of a phrase; what a credential has become (``eligible``) is in lower case."""
    word = found[0]
    if has_status([word]) or (word in _SMALL_WORDS and found.start()):
        return word.lower()
    return word.capitalize() if _is_word(re.split("['’]", word)[0]) else _CREDENTIALS.get(word, word)


def _joined(tokens: Sequence[str]) -> Iterator[str]:
    """Join the pieces of a credential: ``A.T., C.`` → ``ATC``."""
    place = 0
    while place < len(tokens):
        whole = _JOINED.get(tuple(tokens[place : place + 2]))
        yield whole or tokens[place]
        place += 2 if whole else 1
