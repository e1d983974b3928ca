"""Random requests that are valid and complete, the same for the same seed. Features can be left out one by one."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.coverage.independent.coverages import MEDIGAP
from tests.coverage.independent.figures import fee_schedule, fee_schedules, figure, localities, timed_codes
from tests.coverage.independent.part_b import NOT_COVERED, OCCUPATIONAL

FEATURES = frozenset(
    {
        "accepted_in_full",  # the employer plan's amount that the provider must take as payment in full
        "contractor_priced",  # codes without a national price
        "critical_access_hospital",
        "employer_primary",
        "employer_unassigned",  # an employer plan first, on an unassigned claim
        "fee_service",  # a known fee in place of a code
        "minnesota_riders",
        "missing_charge",  # at a critical access hospital, or for self-pay
        "not_covered",  # codes that a national decision does not cover
        "occupational_therapy",  # with its counter
        "pairs",  # two coverages at once
        "plan_of_care",
        "unassigned_assistant",
        "unheld_years",  # answers that need no Part B figure
        "yearly_plan_amounts",  # deductible_annual and out_of_pocket_annual
    }
)
INSTITUTIONS = (
    "hospital_outpatient",
    "rehabilitation_agency",
    "comprehensive_outpatient_rehabilitation",
    "skilled_nursing_part_b",
    "home_health_part_b",
)
SINGLE_KINDS = (
    *(
        "none",
        "medigap",
        "medigap",
        "medigap",
        "qmb",
        "slmb",
        "qi",
        "medicaid",
        "medicare_advantage",
        "employer_primary",
    ),
    *("employer_secondary", "tricare_for_life", "va_community_care", "commercial", "self_pay"),
)
PAIRS = (
    *(("employer_primary", second) for second in ("medigap", "qmb", "medicaid")),
    ("medigap", "qmb"),
    *(("medicare_advantage", second) for second in ("qmb", "medicaid", "slmb", "qi", "employer_secondary")),
    *((first, "tricare_for_life") for first in ("medigap", "employer_secondary", "medicare_advantage")),
)
NEEDS_NO_FIGURE = ("qmb", "medicare_advantage", "va_community_care", "self_pay", "commercial")
PLANS = (*MEDIGAP, "high_deductible_f", "high_deductible_g")
EVALUATIONS = {f"9716{last}" for last in range(1, 9)}
# An add-on is billed beside its base code.
BASE = {
    "97546": "97545",
    "90913": "90912",
    "97130": "97129",
    "97551": "97550",
    "97598": "97597",
    "98981": "98980",
    "G0542": "G0541",
}
# Add-ons that count minutes of their own: they are given in units.
OWN_MINUTES = {"0791T", "90913", "97130", "97551", "98981", "G0542"}
SPEECH = ("925", "926")
COGNITIVE = {"96125", "97129", "97130", "97533", "97535"}


def random_requests(seed: int, number: int, features: Collection[str] = FEATURES) -> Iterator[dict[str, Any]]:
    """Yield as many requests as asked for, with the given features alone."""
    source = _Source(seed, frozenset(features))
    for _ in range(number):
        yield source.request()


class _Source:
    def __init__(self, seed: int, features: frozenset[str]) -> None:
        self.random = random.Random(seed)
        self.features = features
        self.zips = sorted(localities())

    def has(self, feature: str, chance: float = 1.0) -> bool:
        return feature in self.features and self.chance(chance)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def money(self, low: float, high: float) -> str:
        """Return an amount with cents, or now and then a whole one."""
        amount = self.random.uniform(low, high)
        return f"{round(amount)}.00" if self.chance(0.2) else f"{amount:.2f}"

    def request(self) -> dict[str, Any]:
        kinds = self.kinds()
        setting, participation = self.provider(kinds)
        days = self.days(kinds, setting)
        request: dict[str, Any] = {
            "zip": self.random.choice(self.zips),
            "setting": setting,
            "participation": participation,
            "deductible_remaining": self.deductible(days[0]),
        }
        visits = [
            {"date_of_service": day.isoformat(), "services": self.services(day, kinds, setting, participation)}
            for day in days
        ]
        coverages = [self.coverage(kind, visits, days[0], participation) for kind in kinds]
        request["other_coverage"] = coverages if len(coverages) == 2 or self.has("pairs", 0.05) else coverages[0]
        if {day.year for day in days} == {2026} and self.chance(0.2):
            request["qualifying_apm"] = True
        if self.chance(0.5):
            request["therapy_used_to_date"] = self.used(days[0])
        if self.has("occupational_therapy", 0.5):
            request["occupational_therapy_used_to_date"] = self.used(days[0])
        if len(visits) == 1:
            return request | visits[0]
        self.random.shuffle(visits)
        return request | {"visits": visits}

    def kinds(self) -> tuple[str, ...]:
        kinds: tuple[str, ...] = (self.random.choice(SINGLE_KINDS),)
        if self.has("pairs", 0.3):
            kinds = self.random.choice(PAIRS)
        return self.kinds() if kinds[0] == "employer_primary" and not self.has("employer_primary") else kinds

    def provider(self, kinds: tuple[str, ...]) -> tuple[str, str]:
        """Return setting and participation: institutions take assignment."""
        choice = self.random.random()
        if choice < 0.2:
            return self.random.choice(INSTITUTIONS), "participating"
        if choice < 0.28 and self.has("critical_access_hospital"):
            return "critical_access_hospital", "participating"
        if choice < 0.3 and kinds[0] in ("none", "medigap", "qmb", "slmb", "tricare_for_life"):
            return "home_health_benefit", "participating"
        participations = ["participating", "nonparticipating_assigned", "nonparticipating_unassigned"]
        if kinds[0] == "employer_primary" and not self.has("employer_unassigned"):
            participations.pop()
        return "private_practice", self.random.choice(participations)

    def days(self, kinds: tuple[str, ...], setting: str) -> list[date]:
        schedules = fee_schedules()
        if kinds[0] in NEEDS_NO_FIGURE and setting == "private_practice" and self.has("unheld_years", 0.1):
            return [date(self.random.choice((2023, 2027)), self.random.randint(1, 12), self.random.randint(1, 28))]
        schedule = self.random.choice(schedules)
        length = (schedule["to"] - schedule["from"]).days
        start = schedule["from"] + timedelta(self.random.choice((0, length, *[self.random.randint(0, length)] * 4)))
        days = [start]
        if self.has("plan_of_care", 0.3):
            for _ in range(self.random.randint(1, 7)):
                days.append(days[-1] + timedelta(self.random.randint(1, 25)))
        return [day for day in days if day <= schedules[-1]["to"]]

    def deductible(self, day: date) -> str:
        try:
            full = figure("part_b_deductible", day)
        except LookupError:
            return "0.00"
        return self.random.choice(("0.00", str(full), self.money(0, float(full))))

    def used(self, day: date) -> str:
        """Return an amount, now and then exactly a threshold, which is not yet above it."""
        try:
            thresholds = [str(figure(name, day)) for name in ("kx_threshold", "review_threshold")]
        except LookupError:
            thresholds = ["0.00"]
        return self.random.choice((*thresholds, *[self.money(0, 3200)] * 8))

    # Services

    def services(self, day: date, kinds: tuple[str, ...], setting: str, participation: str) -> list[dict[str, Any]]:
        services = []
        for code in self.codes(day, kinds):
            service: dict[str, Any] = {"code": code} | self.amount(code, setting)
            if self.chance(0.4):
                service["discipline"] = self.discipline(code)
            if service.get("discipline") != "SLP" and self.may_be_by_assistant(code, participation):
                service["assistant"] = True
            services.append(service)
        if self.has("fee_service", 0.05) and kinds[0] != "employer_primary" and setting == "private_practice":
            services.append({"fee": self.money(20, 200), "discipline": self.other_discipline()})
        charged = self.chance(0.3) and kinds[0] != "employer_primary"
        for service in services:
            always = setting == "critical_access_hospital" or kinds[0] == "self_pay"
            missing = self.chance(0.7 if charged and not always else 0.05 if self.has("missing_charge") else 0)
            if (charged or always) and not missing:
                service["charge"] = self.money(5, 200)
        return services

    def codes(self, day: date, kinds: tuple[str, ...]) -> list[str]:
        try:
            held = fee_schedule(day)["codes"]
            simple = kinds[0] == "employer_primary"
        except LookupError:
            held, simple = fee_schedules()[0]["codes"], True
        allowed = [
            code
            for code, about in held.items()
            if (code not in OCCUPATIONAL or self.has("occupational_therapy"))
            and (code not in NOT_COVERED or (self.has("not_covered") and not simple))
            and (about["status"] != "C" or (self.has("contractor_priced") and not simple))
        ]
        usual = [
            code for code in ("97112", "97116", "97530", "97110", "97140", "97162", "97026", "97535") if code in allowed
        ]
        chosen = self.random.sample(usual if self.chance(0.5) else allowed, self.random.randint(1, min(5, len(usual))))
        with_base = [part for code in chosen for part in (BASE.get(code), code) if part]
        codes = list(dict.fromkeys(with_base))
        return [*codes, self.random.choice(codes)] if self.chance(0.1) else codes

    def amount(self, code: str, setting: str) -> dict[str, int]:
        """Return units or minutes; an untimed code is 1 unit."""
        if code in timed_codes():
            if self.chance(0.4) and setting != "critical_access_hospital":
                return {"minutes": self.random.choice((7, 8, 15, 22, 23, 30, self.random.randint(1, 50)))}
            return {"units": self.random.randint(1, 4)}
        if code in OWN_MINUTES:
            return {"units": self.random.randint(1, 2)}
        return self.random.choice(({}, {"units": 1}, {"minutes": 30}))

    def discipline(self, code: str) -> str:
        if code in COGNITIVE and self.chance(0.5):
            return "SLP"
        if code in EVALUATIONS:
            return "PT" if code < "97165" else "OT"
        return "SLP" if code.startswith(SPEECH) else self.other_discipline()

    def other_discipline(self) -> str:
        return "OT" if self.has("occupational_therapy", 0.5) else "PT"

    def may_be_by_assistant(self, code: str, participation: str) -> bool:
        """Assistants do no evaluations and no speech therapy."""
        if code in EVALUATIONS or code.startswith(SPEECH) or code in NOT_COVERED:
            return False
        if participation == "nonparticipating_unassigned" and not self.has("unassigned_assistant"):
            return False
        return self.chance(0.2)

    # Other coverage

    def coverage(self, kind: str, visits: list[dict[str, Any]], day: date, participation: str) -> dict[str, Any]:
        coverage: dict[str, Any] = {"kind": kind}
        if kind == "medigap":
            return coverage | self.medigap(day)
        if kind == "medicare_advantage":
            return coverage | self.medicare_advantage()
        if kind == "commercial":
            return coverage | self.commercial()
        if kind == "employer_primary":
            assistant = any(service.get("assistant") for visit in visits for service in visit["services"])
            found = self.employer_primary(assistant or len(visits) > 1)
            if not assistant and len(visits) == 1 and participation == "participating" and self.chance(0.2):
                found["medicare_allowed_amount"] = self.money(20, 300)
            return coverage | found
        if kind == "employer_secondary" and self.chance(0.7):
            coverage["paid"] = self.money(0, 150)
        return coverage

    def medigap(self, day: date) -> dict[str, Any]:
        plan = self.random.choice(PLANS)
        found: dict[str, Any] = {"plan": plan}
        with_riders = plan == "wisconsin_basic" or (plan == "minnesota_basic" and self.has("minnesota_riders"))
        if with_riders:
            riders = ("part_b_deductible", "part_b_excess")
            found["riders"] = self.random.sample(riders, self.random.randint(0, 2))
        if plan in ("K", "L") and self.chance(0.6):
            limit = figure(f"medigap_{plan.lower()}_limit", day) if day.year in (2024, 2025, 2026) else Decimal(3000)
            found["limit_remaining"] = self.money(0, self.random.choice((100.0, float(limit))))
        if plan.startswith("high_deductible") and self.chance(0.7):
            found["high_deductible_remaining"] = self.money(0, self.random.choice((300.0, 2700.0)))
        if plan == "N" and self.chance(0.5):
            found["office_visit_copay"] = self.money(0, 20)
        return found

    def medicare_advantage(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.chance(0.6):
            found["copay"] = self.money(0, 60)
        else:
            found["coinsurance_rate"] = self.random.choice(("0.20", "0.3", "0.15"))
            if self.chance(0.8):
                found["allowed_amount"] = self.money(30, 200)
        return found | self.yearly("out_of_pocket", 150)

    def commercial(self) -> dict[str, Any]:
        """A copay is at most the negotiated amount, and needs none where no deductible applies to it."""
        if self.chance(0.1):
            return {"copay": self.money(0, 60)} | self.yearly("out_of_pocket", 300)
        found: dict[str, Any] = {"allowed_amount": self.money(70, 250)}
        if self.chance(0.5):
            found["copay"] = self.money(0, 60)
            if self.chance(0.5):
                found["deductible_applies_to_copay"] = True
        else:
            found["coinsurance_rate"] = self.random.choice(("0.20", "0.3", "0.15"))
        found["deductible_remaining"] = self.random.choice(("0.00", self.money(0, 400)))
        if self.has("yearly_plan_amounts", 0.5):
            found["deductible_annual"] = self.money(400, 3000)
        return found | self.yearly("out_of_pocket", 300)

    def yearly(self, name: str, most: float) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.chance(0.5):
            found[f"{name}_remaining"] = self.money(0, most)
            if self.has("yearly_plan_amounts", 0.5):
                found[f"{name}_annual"] = self.money(most, 9000)
        return found

    def employer_primary(self, high: bool) -> dict[str, Any]:
        """Return the amounts of each visit. A charge below Medicare's amount is for one visit without an assistant."""
        charge = self.random.uniform(2500, 3500) if high else self.random.uniform(40, 500)
        allowed = charge * self.random.uniform(0.3, 1)
        most = min(allowed, 150) if high else allowed
        paid = self.random.choice((0, most, most * self.random.random()))
        found = {"charge": f"{charge:.2f}", "allowed_amount": f"{allowed:.2f}", "paid": f"{paid:.2f}"}
        if self.has("accepted_in_full", 0.4):
            between = f"{self.random.uniform(paid, 300 if high else charge):.2f}"
            found["accepted_in_full"] = self.random.choice((found["allowed_amount"], found["charge"], between))
        return found
