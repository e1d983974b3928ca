"""A small fictional directory for the tests: tables of a release, written row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from finder.directory.plans.keys import slug
from finder.directory.plans.plans import Plan, Plans
from finder.directory.release.release import Release
from finder.directory.release.tables import NUMBERS, RELEASE
from finder.directory.release.write import write_release
from finder.directory.search import Directory
from finder.i18n import Message
from finder.places.gazetteer import Gazetteer
from finder.places.origin import Origin
from finder.places.point import Point

MANIFEST: Mapping[str, object] = {
    "layers": [{"source": "test", "as_of": "2026-11-01", "sha256": "0" * 64, "rows": 1}],
    "sample": True,
}

CAMBRIDGE = Point(latitude=42.3647, longitude=-71.1042)

SOURCED = {"source": "test", "as_of": "2026-11-01"}

DAY = date(2026, 11, 30)
"""The day on which the directories of tests are asked."""


def npi(number: int) -> str:
    """Return the NPI of the made-up provider of that number; it begins with 2, as no issued one does."""
    return f"2{number:09d}"


class DirectoryBuilder:
    """Collects the rows of a release."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, object]]] = {name: [] for name in RELEASE}

    def provider(self, number: int, name: str, *, entity: str = "individual", credentials: str = "PT") -> str:
        sort_name = " ".join([name.split()[-1], *name.split()[:-1]]) if entity == "individual" else name
        self._add(
            "provider", npi=npi(number), entity=entity, name=name, sort_name=sort_name, credentials=credentials,
            name_source="test", name_as_of="2026-11-01", credentials_source="test", credentials_as_of="2026-11-01",
        )  # fmt: skip
        return npi(number)

    def location(
        self, npi: str, latitude: float, longitude: float, *, state: str = "MA", zip_code: str = "02139", key: str = "",
        name: str = "",
    ) -> str:  # fmt: skip
        listing = len(self.rows["location"])
        key = key or f"{zip_code} {listing} MAIN ST"
        self._add(
            "location", listing_id=listing, npi=npi, location_key=key, name=name, street=f"{listing} Main St",
            city="Cambridge", state=state, zip=zip_code, phone="6175550100", phone_extension="",
            latitude=float(latitude), longitude=float(longitude), geocode_source="test",
            address_source="test", address_as_of="2026-11-01", phone_source="test", phone_as_of="2026-10-01",
        )  # fmt: skip
        return key

    def evidence(self, npi: str, facet: str, kind: str = "taxonomy", detail: str = "code") -> None:
        self._add("specialty", npi=npi, facet=facet, kind=kind, detail=detail, **SOURCED)

    def insurance(
        self, npi: str, plan: str, status: str, key: str = "", *, valid_from: str = "", valid_until: str = ""
    ) -> None:
        period = {"valid_from": valid_from, "valid_until": valid_until}
        self._add(
            "insurance", npi=npi, location_key=key, plan=plan, status=status, accepting_patients="", **period, **SOURCED
        )

    def plan(self, plan: str, name: str, *, kind: str = "", issuer: str = "") -> None:
        issuer_key = f"issuer:{slug(issuer)}" if issuer else ""
        self._add("plan", plan=plan, year="", kind=kind, name=name, issuer=issuer_key, issuer_name=issuer, **SOURCED)

    def uses_network(self, plan: str, network: str) -> None:
        self._add("plan_network", plan=plan, network=network, **SOURCED)

    def alias(self, alias: str, plan: str) -> None:
        self._add("plan_alias", alias=alias, plan=plan, **SOURCED)

    def fact(self, npi: str, field: str, value: str, key: str = "") -> None:
        self._add("fact", npi=npi, location_key=key, field=field, value=value, **SOURCED)

    def tables(self) -> dict[str, pd.DataFrame]:
        return {name: frame(name, rows) for name, rows in self.rows.items()}

    def directory(self, path: Path) -> Directory:
        write_release(path, self.tables(), MANIFEST, Gazetteer.load())
        return Directory(Release.open(path), DAY)

    def plans(self) -> Plans:
        """The plans of the release, without reading its file."""
        described = [{name: str(value) for name, value in row.items()} for row in self.rows["plan"]]
        return Plans(
            [
                Plan(
                    key=one["plan"],
                    kind=one["kind"],
                    name=one["name"],
                    issuer=one["issuer"],
                    issuer_name=one["issuer_name"],
                )
                for one in described
            ],
            answered=[str(row["plan"]) for row in self.rows["insurance"]],
            networks=[(str(row["plan"]), str(row["network"])) for row in self.rows["plan_network"]],
            aliases=[(str(row["alias"]), str(row["plan"])) for row in self.rows["plan_alias"]],
        )

    def _add(self, table: str, **values: object) -> None:
        self.rows[table].append(values)


def frame(name: str, rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Make a table of a release from its rows."""
    columns: Sequence[str] = RELEASE[name]
    table = pd.DataFrame.from_records(list(rows), columns=list(columns))
    return table.astype({column: NUMBERS.get(column, "str") for column in columns})


def origin(point: Point | None, state: str | None = None) -> Origin:
    """Make an origin at a point, or a whole state."""
    return Origin(
        label=Message("somewhere"), kind="point" if point else "state", point=point, state=state, zip=None,
        source="test", query="somewhere",
    )  # fmt: skip
