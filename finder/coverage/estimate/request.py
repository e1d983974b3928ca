"""A request for an estimate, from JSON to values that are right; every wrong field is refused by its path."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO
from finder.coverage.basics.visit import Service, Visit
from finder.coverage.basics.vocabulary import Discipline, Participation, Setting
from finder.coverage.figures.figures import Figures
from finder.coverage.figures.parameters import NotPublished
from finder.coverage.other_coverage import Coverage, NoOtherCoverage, read_coverage, read_possible_coverages
from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_

MOST_SERVICES = 50
MOST_VISITS = 366
MOST_UNITS = 96
"""Quarters of an hour in a day."""
MOST_MINUTES = 24 * 60

EARLIEST_DAY = date(2000, 1, 1)
"""Visits before it are typing errors, whatever pays for them."""
MOST_YEARS_AHEAD = 5
"""Years after the last known amounts that are still no typing error."""

UNKNOWN = "unknown"
"""The word for an amount or for services that are not known; settings and participations have it among their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked: visits in order of date, where, by whom, and what the person has used and is covered by."""

    visits: tuple[Visit, ...]
    is_plan_of_care: bool
    zip: str | None
    setting: Setting
    participation: Participation
    qualifying_apm: bool
    deductible_remaining: Decimal | None
    """Of the first visit's year; None is unknown."""
    therapy_used_to_date: Decimal
    occupational_therapy_used_to_date: Decimal
    other_coverage: Coverage
    possible_coverages: Mapping[str, Coverage] = field(default_factory=dict)
    """Where the insurance is not known: every kind that it may be, by name; ``other_coverage`` is none then."""

    @property
    def setting_is_open(self) -> bool:
        """Whether the answer hangs on a kind of place that is not known."""
        return self.setting is Setting.UNKNOWN and self.other_coverage.builds_on_part_b

    @property
    def services_are_open(self) -> bool:
        """Whether it is not known what is done at one of the visits."""
        return not all(visit.services for visit in self.visits)

    @property
    def participation_is_open(self) -> bool:
        """Whether the answer hangs on a participation that is not known. Institutions must take assignment."""
        return (
            self.participation is Participation.UNKNOWN
            and self.other_coverage.builds_on_part_b
            and not self.setting.is_institution
        )

    @property
    def deductible_is_open(self) -> bool:
        """Whether the answer hangs on a deductible that is not known."""
        return self.deductible_remaining is None and self.uses_deductible

    @property
    def uses_deductible(self) -> bool:
        """Whether the visits use up the Part B deductible. The home-health benefit does not."""
        return self.other_coverage.builds_on_part_b and self.setting is not Setting.HOME_HEALTH_BENEFIT


def read_request(request: Mapping[str, object], figures: Figures) -> Request:
    """Read a request. Raises InvalidRequest with an error for every field that is wrong."""
    errors: list[FieldError] = []
    fields = Fields(request, "", errors)
    possible_coverages = read_possible_coverages(fields, figures)
    coverage = NoOtherCoverage() if possible_coverages else read_coverage(fields, figures)
    first_day = figures.schedules[0].first_day if coverage.needs_part_b else date.min
    is_plan = fields.has("visits")
    visits = (_read_plan if is_plan else _read_single)(fields, figures, first_day)
    zip_code = _read_zip(fields, visits, figures)
    setting = fields.choice("setting", Setting, Setting.PRIVATE_PRACTICE)
    participation = _read_participation(fields, setting)
    result = Request(
        visits=tuple(sorted(visits, key=lambda visit: visit.date_of_service)),
        is_plan_of_care=is_plan,
        zip=zip_code,
        setting=setting,
        participation=participation,
        qualifying_apm=_read_qualifying_apm(fields, visits, figures),
        deductible_remaining=None
        if fields.get("deductible_remaining") == UNKNOWN
        else fields.money("deductible_remaining"),
        therapy_used_to_date=fields.money("therapy_used_to_date") or ZERO,
        occupational_therapy_used_to_date=fields.money("occupational_therapy_used_to_date") or ZERO,
        other_coverage=coverage,
        possible_coverages=possible_coverages,
    )
    fields.close()
    if errors:
        raise InvalidRequest(errors)
    return result


def _read_single(fields: Fields, figures: Figures, first_day: date) -> list[Visit]:
    """Read ``date_of_service`` and ``services``."""
    day = _read_day(fields, figures, first_day)
    services = _read_services(fields, day, figures)
    return [Visit(date_of_service=day, services=services)] if day and services is not None else []


def _read_plan(fields: Fields, figures: Figures, first_day: date) -> list[Visit]:
    """Read ``visits``, in any order, each on a day of its own."""
    for key in ("date_of_service", "services"):
        if fields.get(key) is not None:
            fields.fail(key, N_("With visits, this belongs to each visit."))
    visits: list[Visit] = []
    days: set[date] = set()
    for entry in fields.items("visits", most=MOST_VISITS):
        day = _read_day(entry, figures, first_day)
        if day in days:
            entry.fail("date_of_service", N_("There is another visit on this date: put the services in one visit."))
        services = _read_services(entry, day, figures)
        entry.close()
        if day and services is not None:
            days.add(day)
            visits.append(Visit(date_of_service=day, services=services))
    return visits


def _is_published(day: date, figures: Figures) -> bool:
    try:
        figures.schedule(day)
    except NotPublished:
        return False
    return True


def _read_day(fields: Fields, figures: Figures, first_day: date) -> date | None:
    """Read the day of a visit: from ``first_day`` on, and not so far ahead that the year is a typing error."""
    day = fields.day("date_of_service")
    if day is None:
        return None
    if day < first_day:
        text = N_("We do not have the {year} amounts. Our first year is {first}.")
        fields.fail("date_of_service", text, year=str(day.year), first=str(first_day.year))
        return None
    if day < EARLIEST_DAY:
        fields.fail("date_of_service", N_("This day is too long ago. Check the year."))
        return None
    if day.year > figures.last_known_year + MOST_YEARS_AHEAD:
        fields.fail("date_of_service", N_("This day is too far ahead. Check the year."))
        return None
    return day


def usual_visits(figures: Figures) -> dict[str, tuple[Service, ...]]:
    """Return the services of every usual visit, by name. Raises InvalidRequest where a preset is wrong."""
    errors: list[FieldError] = []
    visits = {
        name: tuple(
            _read_service(Fields(service, f"{name}[{index}]", errors), None, figures)
            for index, service in enumerate(services)
        )
        for name, services in figures.presets.items()
    }
    if errors:
        raise InvalidRequest(errors)
    return visits


def _read_services(fields: Fields, day: date | None, figures: Figures) -> tuple[Service, ...] | None:
    """Read the lines of a visit, none where they are unknown; an add-on must have its base code beside it.

    None: there is no line to read, and an error says so.
    """
    if fields.get("services") == UNKNOWN:
        return ()
    entries = fields.items("services", most=MOST_SERVICES)
    services = tuple(_read_service(entry, day, figures) for entry in entries)
    codes = {service.code for service in services}
    for entry, service in zip(entries, services, strict=True):
        base = figures.code_table.add_on.get(service.code or "")
        if base and base not in codes:
            entry.fail(
                "code",
                N_("{code} is billed only together with {base}. Add {base} to this visit."),
                code=service.code,
                base=base,
            )
    return services or None


def _read_service(fields: Fields, day: date | None, figures: Figures) -> Service:
    """Read one line: a code or a fee."""
    has_fee = fields.has("fee")
    code = None if has_fee else _read_code(fields, day, figures)
    own_discipline = figures.code_table.disciplines.get(code or "", Discipline.PT)
    service = Service(
        code=code,
        fee=fields.money("fee"),
        units=fields.whole("units", most=MOST_UNITS),
        minutes=fields.whole("minutes", most=MOST_MINUTES),
        discipline=fields.choice("discipline", Discipline, own_discipline),
        assistant=fields.flag("assistant"),
        charge=fields.money("charge"),
    )
    if has_fee and fields.get("code") is not None:
        fields.fail("fee", N_("Give a code or a fee, not both."))
    if has_fee and (service.minutes is not None or (service.units or 1) != 1):
        fields.fail("minutes" if service.minutes is not None else "units", N_("A known fee is for the whole line."))
    if fields.has("units") and fields.has("minutes"):
        fields.fail("minutes", N_("Give units or minutes, not both."))
    if service.code in figures.code_table.timed and not fields.has("units") and not fields.has("minutes"):
        fields.fail("units", N_("{code} is billed by time: give units or minutes."), code=service.code)
    if service.assistant and figures.claim_edits.is_evaluation(service.code):
        fields.fail("assistant", N_("This is an evaluation: the therapist must do it."))
    fields.close()
    return service


def _read_code(fields: Fields, day: date | None, figures: Figures) -> str | None:
    """Read a therapy code, which must be in the fee schedule of the day."""
    code = fields.text("code", required=True)
    if code is None:
        return None
    code = code.upper()
    if code not in figures.code_table.codes:
        fields.fail("code", N_("We do not know this therapy code."))
        return None
    if day and _is_published(day, figures) and code not in figures.schedule(day).relative_values:
        fields.fail("code", N_("{code} is not in Medicare’s fee schedule of {day:date}."), code=code, day=day)
    return code


def _read_zip(fields: Fields, visits: Sequence[Visit], figures: Figures) -> str | None:
    """Read the ZIP code, which CMS must list for every visit; it is needed unless every fee is already known."""
    has_codes = not visits or any(
        not visit.services or any(service.code for service in visit.services) for visit in visits
    )
    text = fields.text("zip", required=has_codes)
    if text is None:
        return None
    if not re.fullmatch(r"\d{5}(-?\d{4})?", text, re.ASCII):
        fields.fail("zip", N_("Write the five digits of the ZIP code, like 02139."))
        return None
    days = [visit.date_of_service for visit in visits]
    schedules = [figures.schedule(day) for day in days if _is_published(day, figures)] or figures.schedules[-1:]
    if any(figures.locality(text[:5], schedule) is None for schedule in schedules):
        fields.fail("zip", N_("Medicare’s list does not have this ZIP code. Check the five digits."))
    return text[:5]


def _read_participation(fields: Fields, setting: Setting) -> Participation:
    """Read the participation; institutions must take assignment."""
    participation = fields.choice("participation", Participation, Participation.UNKNOWN)
    nonparticipating = (Participation.NONPARTICIPATING_ASSIGNED, Participation.NONPARTICIPATING_UNASSIGNED)
    if setting.is_institution and participation in nonparticipating:
        fields.fail(
            "participation",
            N_("This choice is for a private practice only. A place like this must accept Medicare’s amount."),
        )
    return participation


def _read_qualifying_apm(fields: Fields, visits: Sequence[Visit], figures: Figures) -> bool:
    """Read whether the higher conversion factor applies; where it does, it must be known."""
    qualifying = fields.flag("qualifying_apm")
    for day in (visit.date_of_service for visit in visits if qualifying):
        if _is_published(day, figures) and figures.conversion_factor(day, qualifying_apm=True) is None:
            fields.fail(
                "qualifying_apm",
                N_("We do not have the {year} conversion factor of qualifying participants yet."),
                year=str(day.year),
            )
            break
    return qualifying
