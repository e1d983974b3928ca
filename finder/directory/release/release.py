"""A release: the published dataset as one immutable file, opened for reading by any number of threads.

The arrays of the index are read once; providers are read when a page shows them.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from finder.directory.index.arrays import Arrays
from finder.directory.plans.answers import at_location
from finder.directory.plans.plans import Plan, Plans
from finder.directory.provider import UNDATED, Listing, Provider
from finder.directory.release.answer_tables import as_row, query_answers
from finder.directory.release.file_format import APPLICATION_ID, FORMAT, file_sha256, load
from finder.directory.release.rows import read_provider
from finder.directory.release.tables import KEYS, NUMBERS, RELEASE
from finder.errors import FinderError

if TYPE_CHECKING:
    import pandas as pd

_PROVIDER_TABLES = ("provider", "location", "specialty", "insurance", "fact")

_MOST_VALUES = 10_000
"""Values per query: SQLite accepts at most 32,766."""


class DamagedRelease(FinderError):
    """The file of the published data is damaged. Publish the data again, or go back to the release before."""


class OtherFormat(DamagedRelease):
    """The file of the published data was made by another version of this program. Start the server again: it is then
    made anew."""


CACHED_PROVIDERS = 2_000
"""Providers cached after reading: most searches are around the same cities."""


class Release:
    """One release, read-only, opened by ``Release.open``; every thread has its own connection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = threading.local()
        self._cached: dict[str, Provider] = {}
        self.manifest: Mapping[str, Any] = MappingProxyType(self._read_manifest())

    @classmethod
    def open(cls, path: Path, sha256: str | None = None) -> Release:
        """Open a release file, checking its ``sha256`` if given.

        Raises DamagedRelease, OtherFormat, or FileNotFoundError.
        """
        if sha256 is not None and file_sha256(path) != sha256:
            raise DamagedRelease(f"{path.name} does not have the SHA-256 that it was published with")
        release = cls(path)
        release.arrays  # noqa: B018 - read now, so that a damaged file is refused here and not in a search
        return release

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the file: the release's identity."""
        return file_sha256(self.path)

    @property
    def is_sample(self) -> bool:
        """Return whether this is the bundled sample of fictional providers."""
        return bool(self.manifest.get("sample"))

    @cached_property
    def arrays(self) -> Arrays:
        """The arrays of the index."""
        try:
            rows = self._query("SELECT name, kind, shape, data FROM index_array")
            return load(Arrays, {name: (kind, shape, data) for name, kind, shape, data in rows})
        except (KeyError, ValueError, TypeError) as error:
            raise DamagedRelease(f"{self.path.name}: the index cannot be read ({error})") from error

    @cached_property
    def plans(self) -> Plans:
        """The plans, networks and issuers of the release."""
        rows = self._query("SELECT plan, year, kind, name, issuer, issuer_name FROM plan ORDER BY plan, year")
        years: dict[str, list[str]] = {}
        for key, year, *_ in rows:
            years.setdefault(key, []).extend([year] if year else [])
        return Plans(
            [
                Plan(key=key, kind=kind, name=name, issuer=issuer, issuer_name=issuer_name, years=tuple(years[key]))
                for key, _, kind, name, issuer, issuer_name in rows
            ],
            answered=self.arrays.plans,
            networks=self._query("SELECT plan, network FROM plan_network ORDER BY plan, network"),
            aliases=self._query("SELECT alias, plan FROM plan_alias ORDER BY alias, plan"),
        )

    def provider(self, npi: str) -> Provider | None:
        """Return one provider, None if the release has no such NPI."""
        return self._providers([npi]).get(npi)

    def listings(
        self, listing_ids: Sequence[int], day: date, distances: Mapping[int, float] = MappingProxyType({})
    ) -> list[Listing]:
        """Return listings in the given order, with the answers of a day. Raises KeyError for an unknown id."""
        found = self._where("location", "listing_id", listing_ids, ("listing_id", "npi", "location_key"))
        places = {listing_id: (npi, key) for listing_id, npi, key in found}
        providers = self._providers(npi for npi, _ in places.values())
        listings = []
        for listing_id in listing_ids:
            npi, key = places[listing_id]
            provider = providers[npi]
            listings.append(
                Listing(
                    listing_id=listing_id,
                    provider=provider,
                    location=next(location for location in provider.locations if location.location_key == key),
                    distance_miles=distances.get(listing_id),
                    insurance=at_location(provider.insurance, key, day),
                )
            )
        return listings

    def listing_numbers(self, npis: Collection[str]) -> dict[tuple[str, str], int]:
        """Return the ``listing_id`` of each listing (NPI, location key) of some providers."""
        ordered, found = sorted(npis), []
        for start in range(0, len(ordered), _MOST_VALUES):
            batch = ordered[start : start + _MOST_VALUES]
            places = ", ".join("?" * len(batch))
            found += self._query(f"SELECT npi, location_key, listing_id FROM location WHERE npi IN ({places})", batch)  # noqa: S608 - question marks
        return {(npi, key): number for npi, key, number in found}

    def oldest_facts(self) -> tuple[list[str], list[str]]:
        """Return the state and the oldest date (ISO) of each listing, in the order of their numbers.

        The dates are those of name, address and telephone number. A fact without a date is older than all others; a
        missing telephone number has none.
        """
        undated, latest = UNDATED.isoformat(), date.max.isoformat()
        days = ("provider.name_as_of", "location.address_as_of", "location.phone_as_of")
        given = [f"coalesce(nullif({day}, ''), '{undated}')" for day in days]
        known = ", ".join([*given[:2], f"iif(location.phone = '', '{latest}', {given[2]})"])
        rows = self._query(
            f"SELECT state, min({known}) FROM location JOIN provider USING (npi) ORDER BY listing_id"  # noqa: S608 - our own names
        )
        return [state for state, _ in rows], [day for _, day in rows]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables in the columns of ``tables.RELEASE``: missing text is empty, missing numbers are NaN."""
        return {name: self._table(name) for name in RELEASE}

    def _table(self, name: str) -> pd.DataFrame:
        import pandas as pd  # here, because only making the next release reads whole tables: pages start without pandas

        columns = list(RELEASE[name])
        order = "listing_id" if name == "location" else ", ".join(KEYS[name])
        rows = self._query(f"SELECT {', '.join(columns)} FROM {name} ORDER BY {order}")  # noqa: S608 - our own names
        frame = pd.DataFrame.from_records(rows, columns=columns)
        return frame.astype({column: NUMBERS.get(column, "str") for column in columns})

    def _providers(self, npis: Iterable[str]) -> dict[str, Provider]:
        """Return providers, from the cache or the file."""
        cached = self._cached
        npis_to_read = list(dict.fromkeys(npis))
        found = {npi: provider for npi in npis_to_read if (provider := cached.get(npi))}
        read = self._read_providers([npi for npi in npis_to_read if npi not in found])
        if len(cached) + len(read) > CACHED_PROVIDERS:
            cached.clear()
        cached.update(read)
        return found | read

    def _read_providers(self, npis: Sequence[str]) -> dict[str, Provider]:
        """Read providers with one query per table."""
        rows: dict[str, dict[str, list[tuple[Any, ...]]]] = {npi: {} for npi in npis}
        for table in _PROVIDER_TABLES if npis else ():
            place = RELEASE[table].index("npi")
            listed = [npi for npi in npis if "provider" in rows[npi]]
            for row in self._answers(listed) if table == "insurance" else self._where(table, "npi", npis):
                rows[row[place]].setdefault(table, []).append(row)
        return {npi: read_provider(parts) for npi, parts in rows.items() if "provider" in parts}

    def _answers(self, npis: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of the table of insurance of some providers."""
        return map(as_row, self._query(*query_answers(npis)))

    def _where(
        self, table: str, column: str, values: Sequence[object], columns: Sequence[str] = ()
    ) -> list[tuple[Any, ...]]:
        """Read the rows of a table whose ``column`` is one of some values, with all or some columns."""
        selected = ", ".join(columns or RELEASE[table])
        places = ", ".join("?" * len(values))
        return self._query(f"SELECT {selected} FROM {table} WHERE {column} IN ({places})", values)  # noqa: S608 - our own names

    def _query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection().execute(sql, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            raise DamagedRelease(f"{self.path.name}: {error}") from error

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection; a forked process opens its own."""
        threads = self._threads
        if getattr(threads, "process", None) != os.getpid():
            if not self.path.is_file():
                raise FileNotFoundError(self.path)
            uri = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
            threads.connection = sqlite3.connect(uri, uri=True)
            threads.process = os.getpid()
        connection: sqlite3.Connection = threads.connection
        return connection

    def _read_manifest(self) -> dict[str, Any]:
        if self._query("PRAGMA application_id") != [(APPLICATION_ID,)]:
            raise DamagedRelease(f"{self.path.name} is no release file")
        if self._query("PRAGMA user_version") != [(FORMAT,)]:
            raise OtherFormat(f"{OtherFormat.message()} ({self.path.name} is not of format {FORMAT})")
        try:
            ((text,),) = self._query("SELECT json FROM manifest")
            manifest = json.loads(text)
        except ValueError as error:
            raise DamagedRelease(f"{self.path.name}: the manifest cannot be read") from error
        if not isinstance(manifest, dict):
            raise DamagedRelease(f"{self.path.name}: the manifest cannot be read")
        return manifest
