"""What a physical therapist can specialize in, what in public data is evidence of it, and how a search asks for it.

The vocabulary is data (``data/reference/specialties.toml``). Two signs are read from public files: a taxonomy code in
any slot, and a board certification written among the credentials. Either is enough; they stay two kinds of evidence.
That a clinic treats a condition (``conditions``) is searched like a specialty, and known only from the clinic itself.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from finder.directory.provider import EvidenceKind
from finder.directory.vocabulary.conditions import Condition, conditions
from finder.resources import REFERENCE

SPECIALTIES_FILE = REFERENCE / "specialties.toml"

GENERAL = "physical_therapy"
"""The facet of the evidence that a provider is a physical therapist, or a physical therapy clinic, at all."""

CLINIC_TAXONOMY = "261QP2000X"
THERAPIST_TAXONOMIES = "2251"
"""How the taxonomy codes of physical therapists begin. An assistant (``225200000X``) is no physical therapist."""

CONFIRMED: EvidenceKind = "confirmed"
"""The kind of evidence that staff heard from a clinic."""

_TAXONOMY_CODE = re.compile(r"[0-9]{3}[0-9A-Z]{6}X")
_LONGEST_CREDENTIALS = 500


class EvidenceRow(NamedTuple):
    """One piece of evidence as it stands in a layer's ``specialty`` table, before its source and date."""

    facet: str
    kind: EvidenceKind
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Specialty:
    """One specialty: its names for people (catalogue ids) and its signs in the data."""

    facet: str
    name: str
    plain_name: str
    """As it stands inside a sentence."""
    taxonomies: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    kinds: tuple[EvidenceKind, ...] = ()
    offered: bool = True
    condition: Condition | None = None
    """The condition that it stands for: then only what a clinic confirmed counts, whatever else a source claims."""

    def values(self) -> tuple[str, ...]:
        """Return the values by which a search can ask for this specialty."""
        return (self.facet, *(f"{self.facet}:{kind}" for kind in self.kinds))

    def proves(self, value: str, kind: str) -> bool:
        """Return whether evidence of ``kind`` for this facet answers a search for ``value``."""
        if value == self.facet:
            return self.condition is None or kind == CONFIRMED
        return value == f"{self.facet}:{kind}"

    @property
    def can_be_confirmed(self) -> bool:
        """Whether staff ask clinics about it."""
        return self.condition is not None or CONFIRMED in self.kinds

    @property
    def confirmed_column(self) -> str:
        """The column of the staff CSV for the day on which a clinic confirmed it."""
        return f"{self.facet}_on" if self.condition else f"{self.facet}_{CONFIRMED}_on"


@lru_cache(maxsize=1)
def specialties() -> MappingProxyType[str, Specialty]:
    """Return every specialty by its facet, in the order in which they are offered."""
    return MappingProxyType({specialty.facet: specialty for specialty in _read()})


def _read() -> Iterator[Specialty]:
    """Read the specialties, each with the conditions of its field behind it."""
    for row in tomllib.loads(SPECIALTIES_FILE.read_text(encoding="utf-8"))["specialty"]:
        yield Specialty(**_frozen(row))
        for condition in conditions().values():
            if condition.specialty == row["facet"]:
                yield Specialty(
                    facet=condition.facet, name=condition.name, plain_name=condition.plain_name, condition=condition
                )


def confirmable() -> tuple[Specialty, ...]:
    """Return the specialties and conditions that staff ask clinics about."""
    return tuple(specialty for specialty in specialties().values() if specialty.can_be_confirmed)


@lru_cache(maxsize=1)
def evidence_names() -> MappingProxyType[str, str]:
    """Return the name for people (a catalogue id) of each kind of evidence, the strongest first."""
    rows = tomllib.loads(SPECIALTIES_FILE.read_text(encoding="utf-8"))["evidence"]
    return MappingProxyType({row["kind"]: row["name"] for row in rows})


@lru_cache(maxsize=1)
def specialty_values() -> tuple[str, ...]:
    """Return every value by which a search can ask for a specialty (``neurologic``, ``neurologic:taxonomy``, …)."""
    return tuple(value for specialty in specialties().values() if specialty.offered for value in specialty.values())


def proves(value: str, facet: str, kind: str) -> bool:
    """Return whether evidence (``facet``, ``kind``) answers a search for the specialty ``value``."""
    specialty = specialties().get(facet)
    return specialty is not None and specialty.proves(value, kind)


def is_physical_therapist(taxonomy_code: str) -> bool:
    """Return whether a taxonomy code is a physical therapist's, of any specialization, known to us or not."""
    return taxonomy_code.startswith(THERAPIST_TAXONOMIES) and _TAXONOMY_CODE.fullmatch(taxonomy_code) is not None


def is_clinic(taxonomy_code: str) -> bool:
    """Return whether a taxonomy code is a physical therapy clinic's."""
    return taxonomy_code == CLINIC_TAXONOMY


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def evidence_for(taxonomies: Iterable[str], credentials: str, on: date | None = None) -> tuple[EvidenceRow, ...]:
    """Read the evidence in the taxonomy codes (any slot, in any order) and the free-text credentials of one provider.

    ``on`` is the day of the file: a certification of ``2014-2024`` is none after 2024; without a day it is none at all.
    Codes of other professions are passed over. A therapist's code that we have no specialty for is general evidence.
    """
    by_code, by_token = _signs()
    rows = [
        EvidenceRow(by_code.get(code, GENERAL), "taxonomy", code)
        for code in taxonomies
        if is_physical_therapist(code) or is_clinic(code)
    ]
    held = _certifications(credentials, by_token, on)
    rows += [EvidenceRow(by_token[token], "board_certified", token) for token in held]
    return tuple(dict.fromkeys(rows))


BEFORE_A_CREDENTIAL = frozenset({
    "FORMER", "FORMERLY", "EX", "PREVIOUS", "PREVIOUSLY", "PAST", "NOT", "NON", "NO", "LONGER", "WAS", "WITHOUT",
    "FUTURE", "ASPIRING", "PURSUING", "SEEKING", "STUDYING", "PREPARING", "TOWARD", "TOWARDS", "SOON",
})  # fmt: skip
"""Words that take back, or put off, the credentials that follow them: ``former NCS``, ``not yet NCS``."""

BEHIND_A_CREDENTIAL = frozenset({
    "ELIGIBLE", "ELIGIBILITY", "ELIG", "CANDIDATE", "CAND", "EXPIRED", "EXP", "LAPSED", "INACTIVE", "RETIRED", "ENDED",
    "REVOKED", "SUSPENDED", "SURRENDERED", "WITHDRAWN", "PENDING", "PROGRESS", "TRAINING", "TRAINEE", "STUDENT",
    "RESIDENT", "RESIDENCY", "EMERITUS", "EMERITA", "PREP", "ANTICIPATED", "EXPECTED", "PLANNED", "SCHEDULED",
    "UNTIL", "EXAM", "APPLICANT", "APPLIED",
    "PURSUED", "SITTING",
})  # fmt: skip
"""Words that do so to the credential before them: ``NCS eligible``, ``NCS (expired 2019)``."""

_SPAN = re.compile(
    r"(?<!\d)(?:19|20)\d\d\s*(?:[-\u2010-\u2015\u2212]|\bto\b|\bthru\b|\bthrough\b)\s*((?:19|20)?\d\d)(?!\d)",
    re.IGNORECASE | re.ASCII,
)
"""The years of a certification: ``2014-2024``, ``2014 to 24``."""

_PIECES = re.compile(r"[,;|/\n]")
_ONLY_STATUS = re.compile(r"\d{2,4}|IN|SINCE|YET|THE|AS|OF|ON|TO|BE|BOARD|CERTIFICATION|CERTIFIED")


def has_status(tokens: Iterable[str]) -> bool:
    """Return whether there are words among the tokens that take a credential back or put it off."""
    return not (BEFORE_A_CREDENTIAL | BEHIND_A_CREDENTIAL).isdisjoint(tokens)


def is_qualified(piece: str) -> bool:
    """Return whether a piece of credentials says more of a credential than its letters: a status, a span of years."""
    return has_status(credential_tokens(piece)) or _SPAN.search(piece) is not None


def credential_pieces(credentials: str) -> tuple[str, ...]:
    """Split free-text credentials at commas and the like; what became of a credential stays with it.

    ``"PT, NCS (expired, 2019)"`` → ``("PT", "NCS (expired, 2019)")``.
    """
    pieces: list[str] = []
    for piece in _PIECES.split(credentials[:_LONGEST_CREDENTIALS]):
        tokens = credential_tokens(piece)
        rest = [token for token in tokens if not has_status([token]) and not _ONLY_STATUS.fullmatch(token)]
        is_open = bool(pieces) and pieces[-1].count("(") > pieces[-1].count(")")
        if pieces and (is_open or (not rest and is_qualified(piece))):
            pieces[-1] += f", {piece.strip()}"
        elif tokens:
            pieces.append(piece.strip())
    return tuple(pieces)


def _certifications(credentials: str, known: Container[str], on: date | None) -> Iterator[str]:
    """Yield the board certifications that somebody holds: no former, expired or hoped-for ones."""

    def in_words(span: re.Match[str]) -> str:
        end = int(span[1]) if len(span[1]) == 4 else 2000 + int(span[1])
        return " ENDED " if on is None or end < on.year else " "

    for piece in credential_pieces(credentials):
        tokens = credential_tokens(_SPAN.sub(in_words, piece))
        doubtful = _doubtful(tokens, known) if has_status(tokens) else frozenset()
        yield from (token for place, token in enumerate(tokens) if token in known and place not in doubtful)


def _doubtful(tokens: Sequence[str], known: Container[str]) -> frozenset[int]:
    """Return the places of the certifications that a word in the same piece takes back or puts off."""
    places = [place for place, token in enumerate(tokens) if token in known]
    doubtful: set[int] = set()
    for at, token in enumerate(tokens):
        before, behind = [place for place in places if place < at], [place for place in places if place > at]
        if token in BEFORE_A_CREDENTIAL:
            doubtful.update(behind or before[-1:])
        elif token in BEHIND_A_CREDENTIAL:
            doubtful.update(before[-1:] or behind)
    return frozenset(doubtful)


def credential_tokens(credentials: str) -> tuple[str, ...]:
    """Split free-text credentials into their words: ``"D.P.T., N.C.S."`` → ``("DPT", "NCS")``.

    Letters spelled one by one (``N.C.S.``, ``N C S``) are one word; anything else that is no letter or digit separates.
    """
    text = unicodedata.normalize("NFKC", credentials[:_LONGEST_CREDENTIALS]).upper()
    groups = (re.split(r"\s+", group) for group in re.split(r"[^\w.\s]|_", text))
    return tuple(token for group in groups for token in _words(group))


def _words(group: Iterable[str]) -> list[str]:
    """Read one comma's worth of credentials, split at its blanks."""
    words: list[str] = []
    spelling = False
    for part in group:
        pieces = [piece for piece in part.split(".") if piece]
        if len(pieces) > 1 and all(len(piece) == 1 for piece in pieces):
            pieces = ["".join(pieces)]
        for piece in pieces:
            single = len(piece) == 1 and piece.isalpha()
            if single and spelling:
                words[-1] += piece
            else:
                words.append(piece)
            spelling = single
    return words


@lru_cache(maxsize=1)
def _signs() -> tuple[dict[str, str], dict[str, str]]:
    """Return the facet of each taxonomy code and of each certification."""
    every = specialties().values()
    by_code = {code: specialty.facet for specialty in every for code in specialty.taxonomies}
    by_token = {token: specialty.facet for specialty in every for token in specialty.credentials}
    return by_code, by_token
