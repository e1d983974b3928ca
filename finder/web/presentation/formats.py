"""How values are written for people: money, days, miles, telephone numbers, evidence, sources; as template filters.

Rules of the language live in ``finder.i18n``; here is only which sentence a value becomes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from flask import Flask

from finder import i18n
from finder.coverage.figures.code_names import PRESET_NAMES
from finder.directory.provider import UNDATED, Evidence, EvidenceKind, Sourced
from finder.directory.vocabulary.sources import source_names
from finder.directory.vocabulary.specialties import evidence_names, specialties
from finder.i18n import N_, Message
from finder.web.http.language import language

EVIDENCE: dict[EvidenceKind, str] = {
    "board_certified": N_("Board-certified in {specialty} ({detail})"),
    "confirmed": N_("Confirmed by the clinic: {specialty}"),
    "taxonomy": N_("Says it on the federal registry: {specialty} (self-declared)"),
    "source_specialty": N_("Listed as a physical therapist"),
}
"""What each kind of evidence is worth, in words that cannot be taken for one another."""


FAR_MILES = 100
"""From here on nobody asks for tenths of a mile."""

SCENARIOS: Mapping[str, Message] = {
    "elsewhere": Message(N_("it is a clinic, or a hospital of the usual kind")),
    "critical_access_hospital": Message(N_("it is a critical access hospital, which sets its own charges")),
    **{
        name: Message(N_("the visit is of this kind: {kind}"), {"kind": Message(kind)})
        for name, kind in PRESET_NAMES.items()
    },
    "participating": Message(N_("the therapist takes part in Medicare")),
    "nonparticipating_assigned": Message(N_("the therapist does not take part, but accepts Medicare’s amount")),
    "nonparticipating_unassigned": Message(N_("the therapist does not take part, and charges more")),
    "deductible_met": Message(N_("your yearly deductible is paid")),
    "deductible_not_met": Message(N_("nothing of your yearly deductible is paid")),
}
"""What an estimate tries where something is not known; two of them can meet in one name."""

_SCENARIO = re.compile("_?({})(?![a-z])".format("|".join(sorted(SCENARIOS, key=len, reverse=True))))


def register(app: Flask) -> None:
    """Offer templates the filters that write values, and keep template line ends out of the pages."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        word=word,
        money=money,
        money_range=money_range,
        scenario=scenario,
        day=day,
        number=number,
        miles=miles,
        phone=phone,
        tel=tel,
        source_name=source_name,
        source_note=source_note,
    )


def word(message: Message | str) -> str:
    """Return a message in the language of the page."""
    return i18n.word(message, language())


def money(amount: Decimal) -> str:
    """Write dollars and cents."""
    return i18n.money(amount, language())


def money_range(bounds: tuple[Decimal, Decimal | None]) -> str:
    """Write the least and the most of an amount; None as the most is no limit that we know."""
    low, high = bounds
    if high is None:
        return word(Message(N_("{low:money} or more"), {"low": low}))
    if low == high:
        return money(low)
    return word(Message(N_("{low:money} to {high:money}"), {"low": low, "high": high}))


def scenario(name: str) -> str:
    """Return in words what an estimate assumed in a scenario: ``participating_deductible_met``."""
    parts = [SCENARIOS[key] for key in _SCENARIO.findall(name)]
    sentence = N_("If {one}, and {two}") if len(parts) > 1 else N_("If {one}")
    return word(Message(sentence, dict(zip(("one", "two"), parts, strict=False))))


def day(value: date) -> str:
    """Write a date in words."""
    if value == UNDATED:
        return word(Message(N_("date unknown")))
    return i18n.day(value, language())


def number(value: int) -> str:
    """Write a number with its thousands marked."""
    return i18n.number(value, language())


def miles(distance: float) -> str:
    """Write a distance in miles: a decimal when near, none when far; a decimal point in both languages."""
    if distance >= FAR_MILES:
        return number(round(distance))
    tenths = round(distance * 10)
    return f"{number(tenths // 10)}.{tenths % 10}"


def phone(digits: str, extension: str = "") -> str:
    """Write a telephone number as Americans read it; what is not ten digits stays as it is."""
    match = re.fullmatch(r"([0-9]{3})([0-9]{3})([0-9]{4})", digits)
    formatted = "({}) {}-{}".format(*match.groups()) if match else digits
    return (
        word(Message(N_("{phone}, extension {extension}"), {"phone": formatted, "extension": extension}))
        if extension
        else formatted
    )


def tel(digits: str, extension: str = "") -> str:
    """Return the address that dials a telephone number (RFC 3966)."""
    return f"tel:+1{digits}" + (f";ext={extension}" if extension else "")


def source_note(sourced: Sourced) -> str:
    """Return the source of a fact and its date in words."""
    return _source_note(sourced.source, sourced.as_of, language())


@lru_cache(maxsize=4096)
def _source_note(source: str, as_of: date, tongue: str) -> str:
    if as_of == UNDATED:
        undated = Message(N_("Source: {source}, date unknown"), {"source": Message(source_names(source).name)})
        return i18n.word(undated, tongue)
    words = {"source": Message(source_names(source).name), "day": as_of}
    return i18n.word(Message(N_("Source: {source}, {day:date}"), words), tongue)


def source_name(source: str) -> str:
    """Name a source of the dataset."""
    return word(source_names(source).name)


def specialty_name(facet: str) -> str:
    """Return the name of a specialty (a catalog id); an unknown facet is shown as it is."""
    known = specialties().get(facet)
    return known.name if known else facet.replace("_", " ")


def plain_specialty_name(facet: str) -> str:
    """Name a specialty (a catalogue id) as it stands inside a sentence; one that we do not know by its own name."""
    known = specialties().get(facet)
    return known.plain_name if known else facet


def specialty_words(value: str, *, short: bool = False) -> Message:
    """Return a value of the specialty filter in words; ``neurologic:taxonomy`` names the kind of evidence."""
    facet, _, kind = value.partition(":")
    if not kind:
        return Message(specialty_name(facet))
    proof = Message(evidence_names().get(kind, kind))
    return (
        proof
        if short
        else Message("{specialty} · {proof}", {"specialty": Message(specialty_name(facet)), "proof": proof})
    )


def evidence_words(evidence: Evidence) -> Message:
    """Return a piece of evidence in words."""
    words = {"specialty": Message(plain_specialty_name(evidence.facet)), "detail": evidence.detail}
    return Message(EVIDENCE[evidence.kind], words)
