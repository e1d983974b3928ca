"""The bundled sample: about 2,000 fictional therapists and clinics, the same ones for the same seed.

Nobody is real: NPIs begin with 2 (none is issued so), telephones are 555-01xx, names and streets are invented. Real are
the ZIP codes, the proportions between states, and the gaps: rural places have nobody.
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
from finder.intake.sample.words import (
    AREA_CODES,
    CLINIC_KINDS,
    CLINIC_WORDS,
    FIRST_NAMES,
    HOME,
    LAST_NAMES,
    NEUROLOGIC_KINDS,
    PEOPLE,
    PLANS,
    SPECIALTIES,
    STREETS,
    TYPES,
)
from finder.intake.sources.staff.staff_csv import SAMPLE_DAY, columns
from finder.places.zips import Zip, Zips

SEED = 2139
PRACTICES = 720
"""How many practices there are; each has a clinic's listing or not, and one to six therapists."""

AT_HOME = 14
"""How many practices more stand around Cambridge, Massachusetts."""

LATEST = date(2026, 11, 13)
"""The last day that any fictional source spoke."""

OLDEST_DAYS = 1100
"""How long before that the oldest row is from."""

Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Practice:
    """One address where people work, and the columns of it that all its rows share."""

    zip: str
    state: str
    neurologic: bool
    columns: Row


def generate(seed: int = SEED) -> list[Row]:
    """Make the rows of the sample, by columns of a staff CSV and the day that a row is of."""
    random = Random(seed)  # noqa: S311 - fiction, not a secret
    maker = _SampleMaker(random)
    practices = [maker.practice(place) for place in _places(random)]
    nearby: dict[str, list[_Practice]] = defaultdict(list)
    for practice in practices:
        nearby[practice.zip[:3]].append(practice)
    rows: list[Row] = []
    for practice in practices:
        if random.random() < 0.55:
            rows.append(maker.clinic(practice))
        for _ in range(random.choices((1, 2, 3, 4, 6), (36, 30, 18, 10, 6))[0]):
            rows += maker.therapist(practice, nearby[practice.zip[:3]])
    return sorted(rows, key=lambda row: (row["npi"], row["street"], row["zip"]))


def csv_text(rows: Sequence[Row]) -> str:
    """Write rows as the file ``data/sample/providers.csv`` has them, with the columns that rows have."""
    used = {column for row in rows for column in row}
    file = io.StringIO()
    writer = csv.DictWriter(
        file, [column for column in (*columns(), SAMPLE_DAY) if column in used], restval="", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _places(random: Random) -> Iterator[Zip]:
    """Choose where practices stand: states by their people, within a state large cities before small ones."""
    by_state: dict[str, list[Zip]] = defaultdict(list)
    by_code: dict[str, Zip] = {}
    size: dict[tuple[str, str], int] = defaultdict(int)
    for entry in Zips():
        if entry.kind == "STANDARD" and entry.point and entry.city:
            by_state[entry.state].append(entry)
            by_code[entry.code] = entry
            size[entry.state, entry.city] += 1
    total = sum(PEOPLE.values())
    for state, people in PEOPLE.items():
        entries = by_state[state]
        weights = [size[state, entry.city] ** 1.5 for entry in entries]
        yield from random.choices(entries, weights, k=max(2, round(PRACTICES * people / total)))
    for number in range(AT_HOME):
        yield by_code[HOME[number % len(HOME)]]


class _SampleMaker:
    """Makes practices and people; remembers the NPIs that are taken."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._npis: set[str] = set()

    def practice(self, place: Zip) -> _Practice:
        """Make an address in a ZIP code; most know their coordinates, within half a mile of its center."""
        random = self._random
        kind = random.choice(CLINIC_KINDS)
        columns = {
            "location_name": f"{random.choice(CLINIC_WORDS)} {kind}",
            "street": f"{random.randint(2, 980)} {random.choice(STREETS)}",
            "street_2": f"Suite {random.randint(1, 40)}" if self._happens(0.3) else "",
            "city": place.city,
            "state": place.state,
            "zip": place.code,
            "phone": f"{AREA_CODES[place.state]}5550{random.randint(100, 199)}",
            "phone_extension": "",
        }
        if place.point and self._happens(0.75):
            columns["latitude"] = f"{place.point.latitude + random.uniform(-0.006, 0.006):.4f}"
            columns["longitude"] = f"{place.point.longitude + random.uniform(-0.006, 0.006):.4f}"
        return _Practice(zip=place.code, state=place.state, neurologic=kind in NEUROLOGIC_KINDS, columns=columns)

    def clinic(self, practice: _Practice) -> Row:
        """Make the clinic's own row."""
        day = self._day()
        neurologic = practice.neurologic and self._happens(0.5)
        return {
            **practice.columns,
            **self._answers(),
            **self._confirmations(practice.neurologic, day),
            "npi": self._npi(),
            "entity": "organization",
            "name": practice.columns["location_name"],
            "taxonomy_codes": "261QP2000X;2251N0400X" if neurologic else "261QP2000X",
            SAMPLE_DAY: day.isoformat(),
        }

    def therapist(self, practice: _Practice, nearby: Sequence[_Practice]) -> list[Row]:
        """Make a therapist: a row for each practice that they work at, up to three."""
        random = self._random
        day = self._day()
        codes, letters = self._specialties(practice.neurologic)
        person = {
            "npi": self._npi(),
            "entity": "individual",
            "first_name": random.choice(FIRST_NAMES),
            "middle_name": random.choice("ABCDEFGHIJKLMNOPRSTVW") if self._happens(0.4) else "",
            "last_name": random.choice(LAST_NAMES),
            "credentials": ", ".join([random.choice(("PT", "PT, DPT", "PT, DPT", "DPT", "MSPT")), *letters]),
            "taxonomy_codes": ";".join(codes),
            SAMPLE_DAY: day.isoformat(),
        }
        if self._happens(0.08):
            person["credentials"] = ""
        elif not letters and self._happens(0.05):
            person["taxonomy_codes"] = ""  # listed on somebody's word alone
        others = [other for other in nearby if other is not practice]
        more = random.sample(others, min(len(others), random.choice((1, 1, 2)))) if self._happens(0.12) else []
        confirmed = self._confirmations(practice.neurologic and bool(letters), day)
        return [{**place.columns, **self._answers(), **confirmed, **person} for place in (practice, *more)]

    def _specialties(self, neurologic: bool) -> tuple[list[str], list[str]]:
        """Choose taxonomy codes and board certifications; either may come without the other, as in the real files."""
        codes, letters = ["225100000X"], []
        if self._happens(0.4 if neurologic else 0.05):
            codes.append("2251N0400X")
        if self._happens(0.22 if neurologic else 0.015):
            letters.append("NCS")
        for code, (certification, share) in SPECIALTIES.items():
            if self._happens(share):
                codes.append(code)
                if certification and self._happens(0.5):
                    letters.append(certification)
        return codes, letters

    def _answers(self) -> Row:
        """Choose what is accepted, what is not, and what nobody asked."""
        yes, no = [], []
        chances = {"medicare": (0.6, 0.05), "medicaid": (0.25, 0.15), "tricare": (0.2, 0.08), "va": (0.18, 0.06)}
        for plan, (accepted, refused) in {**chances, **dict.fromkeys(PLANS, (0.14, 0.07))}.items():
            chance = self._random.random()
            if chance < accepted:
                yes.append(plan)
            elif chance < accepted + refused:
                no.append(plan)
        return {"insurance_yes": ";".join(yes), "insurance_no": ";".join(no)}

    def _confirmations(self, neurologic: bool, day: date) -> Row:
        """Choose what the clinic confirmed by telephone."""
        confirmed: Row = {}
        if self._happens(0.35 if neurologic else 0.02):
            confirmed["neurologic_confirmed_on"] = day.isoformat()
        if self._happens(0.4 if neurologic else 0.05):
            confirmed["treats_neuropathy_on"] = day.isoformat()
            types = self._random.sample(TYPES, self._random.randint(0, 3))
            confirmed["neuropathy_types"] = ";".join(sorted(types))
        if self._happens(0.15):
            confirmed["aquatic"] = self._random.choice(("yes", "yes", "no"))
        return confirmed

    def _day(self) -> date:
        """Choose when a source last spoke: for a third within the last ten weeks, else up to three years ago."""
        days = self._random.randint(0, 70) if self._happens(0.35) else self._random.randint(71, OLDEST_DAYS)
        return LATEST - timedelta(days=days)

    def _npi(self) -> str:
        """Make an NPI that nobody has had: it begins with 2 and its check digit is right."""
        while True:
            nine = f"2{self._random.randrange(10**8):08d}"
            npi = nine + check_digit(nine)
            if npi not in self._npis:
                self._npis.add(npi)
                return npi

    def _happens(self, chance: float) -> bool:
        return self._random.random() < chance
