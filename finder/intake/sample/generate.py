"""Generate the bundled sample: about 2,000 fictional therapists and clinics, the same ones for the same seed.

Fictional are the NPIs (they begin with 2, as no issued NPI does), the telephones (555-01xx), the names and streets.
Real are the ZIP codes and the proportions between states; rural places have no provider, as in the real files.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from finder.intake.cleaning.fields import check_digit
from finder.intake.sample.sample_data import (
    AREA_CODES,
    CAMBRIDGE_ZIPS,
    CLINIC_KINDS,
    CLINIC_WORDS,
    FIRST_NAMES,
    LAST_NAMES,
    NEUROLOGIC_KINDS,
    NEUROPATHY_TYPES,
    PLANS,
    POPULATION,
    SPECIALTIES,
    STREETS,
)
from finder.intake.sources.staff.staff_csv import SAMPLE_DAY, columns
from finder.places.zips import Zip, Zips

SEED = 2139
PRACTICES = 720
"""Practices in the country. About half have a listing of their own; each has one to six therapists."""

CAMBRIDGE_PRACTICES = 14
"""Further practices around Cambridge, Massachusetts."""

LAST_DAY = date(2026, 11, 13)
"""The date of the newest row."""

MAX_AGE_DAYS = 1100
"""Days between the oldest possible row and ``LAST_DAY``."""

Row = dict[str, str]
"""A row of the staff CSV, by column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Practice:
    """An address of a clinic, and the columns that its rows share."""

    zip: str
    neurologic: bool
    columns: Row


def generate(seed: int = SEED) -> list[Row]:
    """Return the rows of the sample, sorted by NPI and address.

    Columns are those of the staff CSV and ``SAMPLE_DAY``, the date of a row.
    """
    random = Random(seed)  # noqa: S311 - fiction, not a secret
    generator = _RowGenerator(random)
    practices = [generator.practice(zip_entry) for zip_entry in _choose_zips(random)]
    same_area: dict[str, list[_Practice]] = defaultdict(list)
    for practice in practices:
        same_area[practice.zip[:3]].append(practice)
    rows: list[Row] = []
    for practice in practices:
        if random.random() < 0.55:
            rows.append(generator.clinic(practice))
        for _ in range(random.choices((1, 2, 3, 4, 6), (36, 30, 18, 10, 6))[0]):
            rows += generator.therapist(practice, same_area[practice.zip[:3]])
    return sorted(rows, key=lambda row: (row["npi"], row["street"], row["zip"]))


def csv_text(rows: Sequence[Row]) -> str:
    """Return rows as the text of ``data/sample/providers.csv``; a column that no row has is left out."""
    used = {column for row in rows for column in row}
    file = io.StringIO()
    writer = csv.DictWriter(
        file, [column for column in (*columns(), SAMPLE_DAY) if column in used], restval="", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _choose_zips(random: Random) -> Iterator[Zip]:
    """Yield the ZIP code of each practice: states by population, large cities of a state more often than small ones."""
    by_state: dict[str, list[Zip]] = defaultdict(list)
    by_code: dict[str, Zip] = {}
    size: dict[tuple[str, str], int] = defaultdict(int)
    for entry in Zips():
        if entry.kind == "STANDARD" and entry.point and entry.city:
            by_state[entry.state].append(entry)
            by_code[entry.code] = entry
            size[entry.state, entry.city] += 1
    total = sum(POPULATION.values())
    for state, people in POPULATION.items():
        entries = by_state[state]
        weights = [size[state, entry.city] ** 1.5 for entry in entries]
        yield from random.choices(entries, weights, k=max(2, round(PRACTICES * people / total)))
    for number in range(CAMBRIDGE_PRACTICES):
        yield by_code[CAMBRIDGE_ZIPS[number % len(CAMBRIDGE_ZIPS)]]


class _RowGenerator:
    """Generates practices and rows, each with an NPI of its own."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._npis: set[str] = set()

    def practice(self, zip_entry: Zip) -> _Practice:
        """Return a practice in a ZIP code; three in four have coordinates, within half a mile of its center."""
        random = self._random
        kind = random.choice(CLINIC_KINDS)
        columns = {
            "location_name": f"{random.choice(CLINIC_WORDS)} {kind}",
            "street": f"{random.randint(2, 980)} {random.choice(STREETS)}",
            "street_2": f"Suite {random.randint(1, 40)}" if self._happens(0.3) else "",
            "city": zip_entry.city,
            "state": zip_entry.state,
            "zip": zip_entry.code,
            "phone": f"{AREA_CODES[zip_entry.state]}5550{random.randint(100, 199)}",
            "phone_extension": "",
        }
        if zip_entry.point and self._happens(0.75):
            columns["latitude"] = f"{zip_entry.point.latitude + random.uniform(-0.006, 0.006):.4f}"
            columns["longitude"] = f"{zip_entry.point.longitude + random.uniform(-0.006, 0.006):.4f}"
        return _Practice(zip=zip_entry.code, neurologic=kind in NEUROLOGIC_KINDS, columns=columns)

    def clinic(self, practice: _Practice) -> Row:
        """Return the clinic's own row."""
        day = self._choose_day()
        neurologic = practice.neurologic and self._happens(0.5)
        return {
            **practice.columns,
            **self._choose_insurance(),
            **self._choose_confirmations(practice.neurologic, day),
            "npi": self._new_npi(),
            "entity": "organization",
            "name": practice.columns["location_name"],
            "taxonomy_codes": "261QP2000X;2251N0400X" if neurologic else "261QP2000X",
            SAMPLE_DAY: day.isoformat(),
        }

    def therapist(self, practice: _Practice, same_area: Sequence[_Practice]) -> list[Row]:
        """Return the rows of a therapist: one for each practice location, three at most."""
        random = self._random
        day = self._choose_day()
        codes, certifications = self._choose_specialties(practice.neurologic)
        person = {
            "npi": self._new_npi(),
            "entity": "individual",
            "first_name": random.choice(FIRST_NAMES),
            "middle_name": random.choice("ABCDEFGHIJKLMNOPRSTVW") if self._happens(0.4) else "",
            "last_name": random.choice(LAST_NAMES),
            "credentials": ", ".join([random.choice(("PT", "PT, DPT", "PT, DPT", "DPT", "MSPT")), *certifications]),
            "taxonomy_codes": ";".join(codes),
            SAMPLE_DAY: day.isoformat(),
        }
        if self._happens(0.08):
            person["credentials"] = ""
        elif not certifications and self._happens(0.05):
            person["taxonomy_codes"] = ""  # no source names a specialty
        others = [other for other in same_area if other is not practice]
        more = random.sample(others, min(len(others), random.choice((1, 1, 2)))) if self._happens(0.12) else []
        confirmed = self._choose_confirmations(practice.neurologic and bool(certifications), day)
        return [
            {**location.columns, **self._choose_insurance(), **confirmed, **person} for location in (practice, *more)
        ]

    def _choose_specialties(self, neurologic: bool) -> tuple[list[str], list[str]]:
        """Return taxonomy codes and board certifications; either may lack the other, as in the real files."""
        codes, certifications = ["225100000X"], []
        if self._happens(0.4 if neurologic else 0.05):
            codes.append("2251N0400X")
        if self._happens(0.22 if neurologic else 0.015):
            certifications.append("NCS")
        for code, (certification, share) in SPECIALTIES.items():
            if self._happens(share):
                codes.append(code)
                if certification and self._happens(0.5):
                    certifications.append(certification)
        return codes, certifications

    def _choose_insurance(self) -> Row:
        """Return which plans are accepted and which are not; of the others nothing is known."""
        yes, no = [], []
        chances = {"medicare": (0.6, 0.05), "medicaid": (0.25, 0.15), "tricare": (0.2, 0.08), "va": (0.18, 0.06)}
        for plan, (accepted, refused) in {**chances, **dict.fromkeys(PLANS, (0.14, 0.07))}.items():
            chance = self._random.random()
            if chance < accepted:
                yes.append(plan)
            elif chance < accepted + refused:
                no.append(plan)
        return {"insurance_yes": ";".join(yes), "insurance_no": ";".join(no)}

    def _choose_confirmations(self, neurologic: bool, day: date) -> Row:
        """Return what the clinic confirmed by telephone."""
        confirmed: Row = {}
        if self._happens(0.35 if neurologic else 0.02):
            confirmed["neurologic_confirmed_on"] = day.isoformat()
        if self._happens(0.4 if neurologic else 0.05):
            confirmed["treats_neuropathy_on"] = day.isoformat()
            types = self._random.sample(NEUROPATHY_TYPES, self._random.randint(0, 3))
            confirmed["neuropathy_types"] = ";".join(sorted(types))
        if self._happens(0.15):
            confirmed["aquatic"] = self._random.choice(("yes", "yes", "no"))
        return confirmed

    def _choose_day(self) -> date:
        """Return the date of a row: for a third within the last ten weeks, else up to three years earlier."""
        days = self._random.randint(0, 70) if self._happens(0.35) else self._random.randint(71, MAX_AGE_DAYS)
        return LAST_DAY - timedelta(days=days)

    def _new_npi(self) -> str:
        """Return an NPI that no other row has; it begins with 2 and has a valid check digit."""
        while True:
            nine = f"2{self._random.randrange(10**8):08d}"
            npi = nine + check_digit(nine)
            if npi not in self._npis:
                self._npis.add(npi)
                return npi

    def _happens(self, chance: float) -> bool:
        return self._random.random() < chance
