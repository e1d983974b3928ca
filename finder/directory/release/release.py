"""A release: the published dataset as one immutable file, opened for reading by any number of threads.

What a search filters by is read once, as arrays; whole providers are read when a page shows them.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from finder.directory.index.arrays import Arrays
from finder.directory.provider import Listing, Provider
from finder.directory.release.file_format import APPLICATION_ID, FORMAT, file_sha256, load
from finder.directory.release.rows import read_provider
from finder.directory.release.tables import KEYS, NUMBERS, RELEASE
from finder.directory.vocabulary.payers import at_location
from finder.errors import FinderError

if TYPE_CHECKING:
    import pandas as pd

_PROVIDER_TABLES = ("provider", "location", "specialty", "insurance", "fact")

_MOST_VALUES = 10_000
"""In one query: SQLite takes 32,766 at most."""


class DamagedRelease(FinderError):
    """The file of the published data is damaged. Publish the data again, or go back to the release before."""


class OtherFormat(DamagedRelease):
    """The file of the published data was made by another version of this program. Start the server again: it is then
    made anew."""


READ_LATELY = 2_000
"""Providers that are kept in memory after they were read: most searches are around the same cities."""


class Release:
    """One release, read-only. Made by ``Release.open``; every thread has its own connection to the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = threading.local()
        self._read_lately: dict[str, Provider] = {}
        self.manifest: Mapping[str, Any] = MappingProxyType(self._read_manifest())

    @classmethod
    def open(cls, path: Path, sha256: str | None = None) -> Release:
        """Open a release file; with ``sha256`` every byte of it is checked first.

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
    def plan_names(self) -> Mapping[str, str]:
        """What the sources call the insurance plans that somebody takes, by plan id; not every plan has a name."""
        return MappingProxyType(dict(self._query("SELECT plan, name FROM plan")))

    def provider(self, npi: str) -> Provider | None:
        """Read one provider, whole; None where the release has none of that NPI."""
        return self._providers([npi]).get(npi)

    def listings(
        self, listing_ids: Sequence[int], distances: Mapping[int, float] = MappingProxyType({})
    ) -> list[Listing]:
        """Read listings in the order asked for. Raises KeyError for one that is not there."""
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
                    insurance=at_location(provider.insurance, key),
                )
            )
        return listings

    def listing_numbers(self, npis: Collection[str]) -> dict[tuple[str, str], int]:
        """Return the ``listing_id`` of each listing (NPI, location key) of some providers."""
        wanted, found = sorted(npis), []
        for start in range(0, len(wanted), _MOST_VALUES):
            some = wanted[start : start + _MOST_VALUES]
            places = ", ".join("?" * len(some))
            found += self._query(f"SELECT npi, location_key, listing_id FROM location WHERE npi IN ({places})", some)  # noqa: S608 - question marks
        return {(npi, key): number for npi, key, number in found}

    def oldest_facts(self) -> tuple[list[str], list[str]]:
        """Give, for each listing in the order of its number, the state and the oldest day (ISO) of what a card shows.

        That is the name, the address or the telephone number; of a listing without any day it is the end of time.
        """
        days = ("provider.name_as_of", "location.address_as_of", "location.phone_as_of")
        known = ", ".join(f"coalesce(nullif({day}, ''), '9999-12-31')" for day in days)
        rows = self._query(
            f"SELECT state, min({known}) FROM location JOIN provider USING (npi) ORDER BY listing_id"  # noqa: S608 - our own names
        )
        return [state for state, _ in rows], [day for _, day in rows]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Read every table whole, as ``tables.RELEASE`` names its columns: text empty where missing, numbers NaN."""
        return {name: self._table(name) for name in RELEASE}

    def _table(self, name: str) -> pd.DataFrame:
        import pandas as pd  # here, because only making the next release reads whole tables: pages start without pandas

        columns = list(RELEASE[name])
        order = "listing_id" if name == "location" else ", ".join(KEYS[name])
        rows = self._query(f"SELECT {', '.join(columns)} FROM {name} ORDER BY {order}")  # noqa: S608 - our own names
        frame = pd.DataFrame.from_records(rows, columns=columns)
        return frame.astype({column: NUMBERS.get(column, "str") for column in columns})

    def _providers(self, npis: Iterable[str]) -> dict[str, Provider]:
        """Return providers; those that were not read lately are read now."""
        lately = self._read_lately
        wanted = list(dict.fromkeys(npis))
        found = {npi: provider for npi in wanted if (provider := lately.get(npi))}
        read = self._read_providers([npi for npi in wanted if npi not in found])
        if len(lately) + len(read) > READ_LATELY:
            lately.clear()
        lately.update(read)
        return found | read

    def _read_providers(self, npis: Sequence[str]) -> dict[str, Provider]:
        """Read providers, with one query for each table however many they are."""
        rows: dict[str, dict[str, list[tuple[Any, ...]]]] = {npi: {} for npi in npis}
        for table in _PROVIDER_TABLES if npis else ():
            place = RELEASE[table].index("npi")
            for row in self._where(table, "npi", npis):
                rows[row[place]].setdefault(table, []).append(row)
        return {npi: read_provider(parts) for npi, parts in rows.items() if "provider" in parts}

    def _where(
        self, table: str, column: str, values: Sequence[object], columns: Sequence[str] = ()
    ) -> list[tuple[Any, ...]]:
        """Read the rows of a table whose ``column`` is one of some values: all columns of it, or those named."""
        wanted = ", ".join(columns or RELEASE[table])
        places = ", ".join("?" * len(values))
        return self._query(f"SELECT {wanted} FROM {table} WHERE {column} IN ({places})", values)  # noqa: S608 - our own names

    def _query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection().execute(sql, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            raise DamagedRelease(f"{self.path.name}: {error}") from error

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection; a forked process makes its own."""
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
