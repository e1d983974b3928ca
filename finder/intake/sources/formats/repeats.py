"""Rows that repeat an NPI within the same files, found after each file with a few bytes per row."""

from __future__ import annotations

from array import array

import numpy as np

from finder.notices.notices import Findings


class Repeats:
    """The NPI, row, checksum and date of every row, in reading order.

    A million rows take 24 MB, a tenth of Python objects. Files are read newest first.
    """

    def __init__(self) -> None:
        self._npis = array("q")
        self._rows = array("q")
        self._checksums = array("L")
        self._days = array("i")
        self._settled = 0
        self._winners: dict[int, int] = {}

    def note(self, npi: str, row: int, checksum: int, day: int) -> int:
        """Record a row (its date as an ordinal, 0 if none) and return its tag."""
        self._npis.append(int(npi))
        self._rows.append(row)
        self._checksums.append(checksum)
        self._days.append(day)
        return len(self._npis) - 1

    def settle(self, findings: Findings) -> list[int]:
        """Finish a file: report its rows that repeat an NPI, and return the tags of the rows to drop.

        The row with the latest date is kept; of equal dates that of the newer file, in one file the first.
        """
        npis = np.array(self._npis, dtype=np.int64)
        order = np.argsort(npis, kind="stable")
        again = np.flatnonzero(npis[order][1:] == npis[order][:-1])
        losers, superseded = [], 0
        for index in again.tolist():
            before, later = int(order[index]), int(order[index + 1])
            if later < self._settled:
                continue
            before = self._winners.get(self._npis[later], before)
            loser = before if self._days[later] > self._days[before] else later
            if before < self._settled:
                superseded += 1
            else:
                self._report(before, later, findings)
            self._winners[self._npis[later]] = before if loser == later else later
            losers.append(loser)
        findings.tally("superseded", superseded)
        self._settled = len(self._npis)
        return losers

    def _report(self, before: int, later: int, findings: Findings) -> None:
        """Report the later of two rows of one file."""
        same = self._checksums[before] == self._checksums[later]
        findings.add("duplicate_row" if same else "npi_repeated", self._rows[later], "NPI", str(self._npis[later]))
