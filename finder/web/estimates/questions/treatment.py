"""The questions about what is done at a visit: a usual visit, an amount that is known, or services chosen by hand."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField

from finder.coverage import Figures
from finder.coverage.figures.code_names import group_name, preset_name
from finder.i18n import N_, Message
from finder.web.estimates.questions.fields import (
    amount_of,
    choices,
    count,
    dollars,
    radio,
    searchable,
    select,
    text,
    typed,
    whole_of,
)
from finder.web.estimates.questions.question import Group, Question
from finder.web.http.language import language, lazy_gettext
from finder.web.presentation.formats import word

BY_HAND = "by_hand"
KNOWN = "known_amount"
USUAL_COURSE = "usual_course"
FIRST_VISIT, FOLLOW_UP = "first_visit", "follow_up"
UNKNOWN = "unknown"

ROWS = 5
"""Services that can be put together by hand; a visit of an hour has four."""

GROUPS = {
    "known": Group("visit", (KNOWN,), N_("Only if you know the approved amount:")),
    "by-hand": Group("visit", (BY_HAND,), N_("Only if you choose the services yourself:")),
}

QUESTIONS = (
    Question(name="visit", groups=("part-b", "services"), must_be_offered=True),
    Question(name="fee", groups=("part-b", "services", "known"), stays_if_empty=True),
    Question(name="fee_charge", groups=("part-b", "services", "known")),
    Question(name="fee_discipline", groups=("part-b", "services", "known"), usual="PT"),
    Question(name="services", groups=("part-b", "services", "by-hand")),
)

ROW_ANSWERS = ("code", "typed", "units", "minutes", "charge")
"""Questions of a service of which one must be answered, for the row to count."""

OFFERED = frozenset({"visit", "code"})
"""Questions whose answers to choose from are put in by ``offer``."""

DISCIPLINES = {
    "PT": N_("Physical therapist"),
    "OT": N_("Occupational therapist"),
    "SLP": N_("Speech therapist"),
}


class ServiceRow(Form):
    """One service that was chosen by hand."""

    code = select(lazy_gettext("Service"), {})
    typed = text(
        lazy_gettext("Or type its code or name"), lazy_gettext("From your bill, like 97112, or a word, like massage")
    )
    """Another way to say which service; what is understood is marked in the list."""
    units = count(lazy_gettext("Units"), lazy_gettext("15 minutes each"))
    minutes = count(lazy_gettext("Or minutes"), lazy_gettext("If you know no units"))
    charge = dollars(lazy_gettext("Their charge"), lazy_gettext("If you know it"))
    discipline = select(lazy_gettext("Given by"), {"": N_("As usual for this service"), **DISCIPLINES})
    assistant = BooleanField(lazy_gettext("An assistant gives it"))


class TreatmentQuestions(Form):
    """What is done at a visit."""

    visit = radio(lazy_gettext("What kind of visit?"), {}, lazy_gettext("Ask the clinic what they will do and bill."))
    fee = dollars(
        lazy_gettext("Medicare-approved amount for one visit"),
        lazy_gettext("Your Medicare Summary Notice shows it for each visit that you have had."),
    )
    fee_charge = dollars(
        lazy_gettext("What do they charge for the visit?"), lazy_gettext("Leave it empty if you do not know.")
    )
    fee_discipline = radio(lazy_gettext("Who gives the therapy?"), DISCIPLINES)
    services = FieldList(FormField(ServiceRow), min_entries=ROWS, max_entries=ROWS)


def offer(form: TreatmentQuestions, figures: Figures, *, course: bool) -> None:
    """Put the answers to choose from into a form: the usual visits and the therapy codes of the figures."""
    form.visit.choices = _visits(figures, language(), course=course)
    codes = _codes(figures, language())
    for row in form.services:
        row.form.code.choices = codes
        _mark_typed(row.form)


@lru_cache(maxsize=16)
def _codes(figures: Figures, _language: str) -> dict[str, str | dict[str, str]]:
    """Return the services to choose from, grouped, in the language of the page; the same object each time."""
    in_use = {it.code: f"{it.code} – {word(it.name)}" for it in figures.codes()}
    groups: dict[str, str | dict[str, str]] = {"": word(N_("Choose a service"))}
    for group in figures.code_table.groups:
        groups[word(group_name(group.name))] = {code: in_use[code] for code in group.codes if code in in_use}
    return groups


def _mark_typed(row: ServiceRow) -> None:
    """Mark in the list what was typed, if that is one service, and empty the text."""
    if len(found := found_services(row)) == 1:
        row.code.data, row.typed.data = next(iter(found)), ""


def found_services(row: ServiceRow) -> dict[str, str]:
    """Return the services that what was typed can be, by code: that of the code, or all whose names have its words."""
    words = searchable(typed(row.typed)).split()
    if not words:
        return {}
    groups: Any = row.code.choices or {}
    offered = {code: name for group in groups.values() if isinstance(group, dict) for code, name in group.items()}
    by_code = {code: name for code, name in offered.items() if code.casefold() == words[0]}
    return by_code or {code: name for code, name in offered.items() if all(part in searchable(name) for part in words)}


@lru_cache(maxsize=16)
def _visits(figures: Figures, _language: str, *, course: bool) -> dict[str, str]:
    """Return the kinds of visit to choose from in the language of the page; the same object each time."""
    usual: list[tuple[str, str | Message]] = [(name, preset_name(name)) for name in figures.presets]
    first = (USUAL_COURSE, N_("A first visit, then follow-up visits")) if course else (UNKNOWN, N_("I do not know"))
    by_hand = [
        (KNOWN, N_("I know what Medicare approves for the visit")),
        (BY_HAND, N_("Choose the services myself")),
    ]
    return choices(dict([first, *usual, *by_hand] if course else [*usual, *by_hand, first]))


def services_of(form: TreatmentQuestions, figures: Figures, *, is_first: bool = False) -> list[dict[str, Any]]:
    """Return the lines of a visit; ``is_first`` is the first visit of a course."""
    kind = form.visit.data
    if kind == USUAL_COURSE:
        kind = FIRST_VISIT if is_first else FOLLOW_UP
    if kind in figures.presets:
        return [dict(service) for service in figures.presets[kind]]
    if kind == KNOWN:
        line = {"fee": amount_of(form.fee) or "", "charge": amount_of(form.fee_charge)}
        return [{**line, "discipline": form.fee_discipline.data}]
    return [_service(row) for row in chosen_rows(form)] if kind == BY_HAND else []


def service_codes(form: TreatmentQuestions, figures: Figures) -> list[str]:
    """Return the codes of what is done, at a first visit and later."""
    lines = [line for is_first in (True, False) for line in services_of(form, figures, is_first=is_first)]
    return [line["code"] for line in lines if line.get("code")]


def chosen_rows(form: TreatmentQuestions) -> list[ServiceRow]:
    """Return the rows in which a service was chosen, or something typed without one."""
    rows = (row.form for row in form.services)
    return [row for row in rows if any(typed(row[name]) for name in ROW_ANSWERS)]


def _service(row: ServiceRow) -> dict[str, Any]:
    """Make a line, as it was typed."""
    return {
        "code": typed(row.typed) or row.code.data or None,
        "units": whole_of(row.units),
        "minutes": whole_of(row.minutes),
        "charge": amount_of(row.charge),
        "discipline": row.discipline.data or None,
        "assistant": bool(row.assistant.data),
    }
