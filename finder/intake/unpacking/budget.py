"""How much may come out of what is packed: the limits of each door, with the reasons, and the count of one run.

The limits were chosen on 30 November 2026. Measured with gzip, text of the public formats packs 3 to 16 times (weekly
NPPES files 3 to 8, in-network rates 16); payers' files of rates are known to pack up to a hundred times. Deflate
ends at 1,032 times.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

from finder.intake.unpacking.errors import ArchiveTooLarge

MEGABYTE = 1024**2
GIGABYTE = 1024**3

UNCHECKED_RATIO = 64 * MEGABYTE
"""What unpacks to no more than this may pack as tightly as it likes: blank columns pack a thousand times."""

MEMBER_BYTES = 16 * 1024
"""Bytes that the members of a gzip hold on average; bgzip, which cuts a file into the most members, cuts at 64 kB."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The limits of one run: for all its files together, and for each archive."""

    total_bytes: int
    """Bytes that come out of all archives of a run together."""
    ratio: int
    """Times that an archive, and each large file in it, may grow when it is unpacked."""
    entries: int
    """Files in one zip; of a gzip, members on top of those that ``MEMBER_BYTES`` allows."""
    remedy: str
    """What a person can do whose honest file is too large."""


UPLOAD = Budget(
    total_bytes=2 * GIGABYTE,
    ratio=250,
    entries=500,
    remedy="Have it staged on the server, with the command “data stage”.",
)
"""What people upload. A request has 64 MB, which at the usual ratios unpacks to 1 GB at most; reading 2 GB takes some
minutes. The zips of NPPES hold about ten files, those of Medicare Advantage benefits about fifty."""


def command_budget(gigabytes: int) -> Budget:
    """Return the budget of what the operator stages or fetches: the setting ``FINDER_UNPACK_LIMIT_GB``, 100 by default.

    The full NPPES file unpacks to 11 GB, the largest files of rates to about 100. They are streamed, so that only time
    is spent. The ratio stays: no honest file of ours reaches it.
    """
    remedy = "If it is honest, raise FINDER_UNPACK_LIMIT_GB, or unpack it and stage what lies in it."
    return replace(UPLOAD, total_bytes=gigabytes * GIGABYTE, remedy=remedy)


def backup_budget(gigabytes: int) -> Budget:
    """Return the budget of a backup that is restored: it has an entry for each file of the releases and drafts."""
    remedy = "If it is a backup of yours, raise FINDER_UNPACK_LIMIT_GB."
    return replace(command_budget(gigabytes), entries=50_000, remedy=remedy)


STORED = Budget(total_bytes=16 * GIGABYTE, ratio=1_100, entries=50, remedy="Restore the store from a copy.")
"""Layers and notices in the store of releases, which the program wrote itself: against damage, not against growth."""


class Allowance:
    """What is left of a budget in one run. A file that is read twice counts once."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._claims: dict[Hashable, int] = {}
        self._total = 0

    def claim(self, name: str, key: Hashable, *, unpacked: int, packed: int) -> None:
        """Count the bytes that come out of an archive, by its claims or so far. Raises ArchiveTooLarge."""
        self.check_ratio(name, unpacked, packed)
        known = self._claims.get(key, 0)
        if unpacked <= known:
            return
        if self._total + unpacked - known > self.budget.total_bytes:
            raise ArchiveTooLarge(
                name, f"All files together may unpack to {_size(self.budget.total_bytes)}. {self.budget.remedy}"
            )
        self._claims[key] = unpacked
        self._total += unpacked - known

    def check_ratio(self, name: str, unpacked: int, packed: int) -> None:
        """Refuse what grows more than text does. Raises ArchiveTooLarge."""
        if unpacked > UNCHECKED_RATIO and unpacked > self.budget.ratio * packed:
            raise ArchiveTooLarge(
                name,
                f"It may grow {self.budget.ratio} times: honest files grow less. Get it again from its publisher, or"
                " unpack it yourself and look at what comes out.",
            )

    def check_entries(self, name: str, entries: int) -> None:
        """Refuse an archive of too many files. Raises ArchiveTooLarge."""
        if entries > self.budget.entries:
            raise ArchiveTooLarge(
                name, f"It may hold {self.budget.entries} files. Unpack it, and give us those that are needed."
            )

    def check_members(self, name: str, count: int, unpacked: int) -> None:
        """Refuse a gzip of countless members, which takes time and holds nothing. Raises ArchiveTooLarge."""
        if count > self.budget.entries + unpacked // MEMBER_BYTES:
            raise ArchiveTooLarge(name, "It is cut into countless parts. Unpack it, and pack it again.")


def _size(count: int) -> str:
    return f"{count // GIGABYTE} GB" if count >= GIGABYTE else f"{count // MEGABYTE} MB"
