"""All of ``data/medicare`` as one object.

Single figures, fee schedules, localities, Medigap plans, therapy codes, presets.

It is loaded once for each folder; the large tables are read when first needed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from finder.coverage.basics.vocabulary import Discipline, LineStatus
from finder.coverage.figures import code_names
from finder.coverage.figures.claim_edits import ClaimEdits, read_claim_edits
from finder.coverage.figures.coverage_decisions import CoverageDecision, load_decisions
from finder.coverage.figures.fee_schedule import FeeSchedule
from finder.coverage.figures.localities import Locality, ZipLocalities
from finder.coverage.figures.parameters import NotPublished, Parameter, Parameters, Value
from finder.i18n import Message
from finder.resources import MEDICARE

ANNOUNCEMENTS_BEGIN = 10
"""The first month in which amounts of the next year are announced."""


NEWER = ".new"
"""Suffix of a schedule's folder while an import replaces the earlier one."""


@dataclass(frozen=True, slots=True)
class TherapyCode:
    """A service of outpatient therapy, for a list to choose from."""

    code: str
    name: Message
    status: LineStatus


@dataclass(frozen=True, slots=True)
class CodeGroup:
    """Services that stand together in a list to choose from."""

    name: str
    codes: tuple[str, ...]
    is_neurologic: bool = False
    """Whether the services train nerves, balance and walking."""


@dataclass(frozen=True, slots=True)
class CodeTable:
    """Which codes are therapy, and how the units of each are counted."""

    codes: frozenset[str]
    """Those of the therapy list, and those that people are told besides."""
    timed: frozenset[str]
    """Codes whose minutes are summed over the visit."""
    add_on: Mapping[str, str]
    """Add-on code to the base code that it needs in the same visit."""
    unit_minutes: Mapping[str, int]
    """Add-on code to the minutes of one of its units."""
    disciplines: Mapping[str, Discipline]
    """Code to the discipline whose service it is; physical therapy where it is not here."""
    groups: tuple[CodeGroup, ...]
    """In the order of the list, the neurologic ones first."""


@dataclass(frozen=True, slots=True)
class MedigapShares:
    """What a Medigap plan pays, as shares from 0 to 1, and the names of its yearly figures."""

    coinsurance: Decimal
    deductible: Decimal
    excess: Decimal
    yearly_limit: str | None = None
    high_deductible: str | None = None
    office_visit_copay: str | None = None
    riders: tuple[str, ...] = ()
    is_closed: bool = False
    """Whether the plan is closed to people who became eligible for Medicare since 2020."""
    limit_counts_excess: bool = False
    """Whether the patient's part of excess charges uses up the yearly limit too."""
    excess_is_unverified: bool = False
    """Whether nobody has checked that the plan pays excess charges."""


PRODUCT = MEDICARE.resolve()
"""The folder of the product's own figures."""


class Figures:
    """The figures of one folder, loaded by ``Figures.load``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def load(cls, folder: Path | None = None) -> Figures:
        """Return the figures of a folder (the product's own if none is given), loaded once in a process."""
        return _load(folder.resolve() if folder else PRODUCT)

    @cached_property
    def parameters(self) -> Parameters:
        """The single figures by date."""
        return Parameters.load(self.folder)

    @cached_property
    def schedules(self) -> tuple[FeeSchedule, ...]:
        """The fee schedules, in order of date."""
        folders = sorted(path.parent for path in self.folder.glob("fee_schedule/[0-9]*/schedule.toml"))
        by_name = {folder.name.removesuffix(NEWER): folder for folder in folders}
        return tuple(FeeSchedule(folder) for folder in by_name.values())

    def schedule(self, day: date) -> FeeSchedule:
        """Return the fee schedule of a day. Raises NotPublished."""
        for schedule in reversed(self.schedules):
            if schedule.first_day <= day <= schedule.last_day:
                return schedule
        raise NotPublished("fee_schedule", day)

    def conversion_factor(self, day: date, *, qualifying_apm: bool) -> Value | None:
        """Return the conversion factor of a day.

        Qualifying participants in an advanced payment model have a separate factor from 2026.

        None if that factor is unknown. Raises NotPublished. Source: 42 USC 1395w-4(d)(1)(A).
        """
        schedule = self.schedule(day)
        if qualifying_apm and self.parameters.qualifying_apm.on(day).amount:
            return schedule.qualifying_apm_conversion_factor
        return schedule.conversion_factor

    @cached_property
    def last_known_year(self) -> int:
        """The last year that has a fee schedule."""
        return self.schedules[-1].last_day.year

    @cached_property
    def standing_in(self) -> Figures:
        """The same figures, with those of the last known year in force ever after: for a stand-in, never an answer."""
        return _LastKnownFigures(self)

    @cached_property
    def _zip_maps(self) -> dict[str, ZipLocalities]:
        return {}

    def locality(self, zip_code: str, schedule: FeeSchedule) -> Locality | None:
        """Return the payment area of a ZIP code under a schedule, or None if CMS lists no such ZIP code."""
        return self.zip_map(schedule.zip_localities).of_zip(zip_code)

    def zip_map(self, name: str) -> ZipLocalities:
        """Return the ZIP map of a name, such as ``2026Q2.csv``."""
        if name not in self._zip_maps:
            self._zip_maps[name] = ZipLocalities(self.folder / "zip_localities" / name)
        return self._zip_maps[name]

    @property
    def localities(self) -> _LocalitiesByDay:
        """ZIP code and day to payment area: ``figures.localities.of_zip("10001", day)``."""
        return _LocalitiesByDay(self)

    @cached_property
    def code_table(self) -> CodeTable:
        """Which codes are therapy, and how their units are counted."""
        content = self._toml("therapy_codes")
        return CodeTable(
            frozenset((*content["codes"], *content["further"])),
            frozenset(content["timed"]),
            content["add_on"],
            content["unit_minutes"],
            {code: Discipline(name) for name, codes in content["discipline"].items() for code in codes},
            tuple(
                CodeGroup(it["key"], tuple(it["codes"]), it.get("neurologic", False))
                for it in sorted(content["group"], key=lambda it: not it.get("neurologic", False))
            ),
        )

    @cached_property
    def claim_edits(self) -> ClaimEdits:
        """What an implausible claim looks like."""
        return read_claim_edits(self._toml("claim_edits"))

    def codes(self, day: date | None = None) -> tuple[TherapyCode, ...]:
        """Return the therapy codes of a day's fee schedule, by default of the latest one. Raises NotPublished."""
        schedule = self.schedule(day) if day else self.schedules[-1]
        return tuple(
            TherapyCode(value.code, self.code_name(value.code), value.status)
            for value in schedule.relative_values.values()
        )

    @staticmethod
    def code_name(code: str) -> Message:
        """Return our own plain name of a service."""
        return code_names.code_name(code)

    @cached_property
    def coverage_decisions(self) -> tuple[CoverageDecision, ...]:
        """The national coverage decisions about therapy codes."""
        return load_decisions(self.folder / "coverage")

    @cached_property
    def presets(self) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
        """Usual visits by name, each a list of services as a request has them.

        Their titles: ``code_names.preset_name``.
        """
        return {name: tuple(services) for name, services in self._toml("visit_presets")["preset"].items()}

    @cached_property
    def medigap_plans(self) -> Mapping[str, MedigapShares]:
        """What each Medigap plan pays, by the name of the plan."""
        return {name: _shares(plan) for name, plan in self._toml("medigap_plans")["plan"].items()}

    @cached_property
    def medigap_riders(self) -> Mapping[str, MedigapShares]:
        """What each rider adds to the plan that may have it."""
        return {name: _shares(rider) for name, rider in self._toml("medigap_plans")["rider"].items()}

    @cached_property
    def excess_charge_states(self) -> frozenset[str]:
        """States whose own law restricts excess charges."""
        return frozenset(self._toml("excess_charge_states")["states"])

    def missing(self, year: int) -> tuple[str, ...]:
        """Return what is missing for a year: ``fee_schedule`` and single figures; empty if the year is complete."""
        last_day = date(year, 12, 31)
        names = [] if any(it.first_day <= last_day <= it.last_day for it in self.schedules) else ["fee_schedule"]
        for name in Parameters.names():
            parameter: Parameter = getattr(self.parameters, name)
            is_due = not parameter.ends_by_law and (parameter.begins is None or parameter.begins <= last_day)
            if is_due and parameter.find(last_day) is None:
                names.append(name)
        return tuple(names)

    def missing_next_year(self, today: date) -> tuple[str, ...]:
        """Return what is missing for next year, from October on, when Medicare announces the amounts."""
        return self.missing(today.year + 1) if today.month >= ANNOUNCEMENTS_BEGIN else ()

    def _toml(self, name: str) -> dict[str, Any]:
        return tomllib.loads((self.folder / f"{name}.toml").read_text(encoding="utf-8"))


class _LastKnownFigures(Figures):
    """Figures whose last known amounts stay in force; what the law ends, ends."""

    def __init__(self, known: Figures) -> None:
        super().__init__(known.folder)
        self._known = known

    @cached_property
    def parameters(self) -> Parameters:
        """The single figures by date, the last of each without an end."""
        known = self._known.parameters
        return Parameters(**{name: _unended(getattr(known, name)) for name in Parameters.names()})

    @cached_property
    def schedules(self) -> tuple[FeeSchedule, ...]:
        """The fee schedules, the last without an end."""
        *earlier, last = self._known.schedules
        return (*earlier, last.until(date.max))

    def zip_map(self, name: str) -> ZipLocalities:
        """Return the ZIP map of a name, which is the same."""
        return self._known.zip_map(name)


def _unended(parameter: Parameter) -> Parameter:
    """Return a figure whose last value stays in force."""
    if parameter.ends_by_law:
        return parameter
    *earlier, last = parameter.values
    return replace(parameter, values=(*earlier, replace(last, last_day=None)))


@dataclass(frozen=True, slots=True)
class _LocalitiesByDay:
    figures: Figures

    def of_zip(self, zip_code: str, day: date) -> Locality | None:
        """Return the payment area of a ZIP code on a day, or None. Raises NotPublished."""
        return self.figures.locality(zip_code, self.figures.schedule(day))


def _shares(plan: Mapping[str, Any]) -> MedigapShares:
    """Read the line of a Medigap plan or rider."""
    return MedigapShares(
        Decimal(plan.get("coinsurance", "0")),
        Decimal(plan.get("deductible", "0")),
        Decimal(plan.get("excess", "0")),
        plan.get("yearly_limit"),
        plan.get("high_deductible"),
        plan.get("office_visit_copay"),
        tuple(plan.get("riders", ())),
        "closed_since" in plan,
        plan.get("limit_counts_excess", False),
        plan.get("excess_is_unverified", False),
    )


@lru_cache(maxsize=8)
def _load(folder: Path) -> Figures:
    return Figures(folder)
