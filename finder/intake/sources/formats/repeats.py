"""Rows whose NPI stands elsewhere in the same files: found once a file is read, in a few bytes for each row."""

from __future__ import annotations

from array import array

import numpy as np

from finder.notices.notices import Findings


class Repeats:
    """The NPI, row, checksum and date of every row taken, in the order in which they came.

    A million rows are kept in 24 MB; as Python objects they would take ten times that. Files are read newest first.
    """

    def __init__(self) -> None:
        self._npis = array("q")
        self._rows = array("q")
        self._checksums = array("L")
        self._days = array("i")
        self._settled = 0
        self._winners: dict[int, int] = {}

    def note(self, npi: str, row: int, checksum: int, day: int) -> int:
        """Keep what is needed of a row (its date as an ordinal, 0 if none); give the tag by which it is known here."""
        self._npis.append(int(npi))
        self._rows.append(row)
        self._checksums.append(checksum)
        self._days.append(day)
        return len(self._npis) - 1

    def settle(self, findings: Findings) -> list[int]:
        """Close a file: report its rows that repeat an NPI, and give the tags of those that do not count.

        Of rows that differ the one with the latest date counts, the first of those; of files the newer one.
        """
        npis = np.array(self._npis, dtype=np.int64)
        order = np.argsort(npis, kind="stable")
        again = np.flatnonzero(npis[order][1:] == npis[order][:-1])
        losers, superseded = [], 0
        for place in again.tolist():
            before, later = int(order[place]), int(order[place + 1])
            if later < self._settled:
                continue
            before = self._winners.get(self._npis[later], before)
            loser = later
            if before < self._settled:
                superseded += 1
            else:
                loser = self._compare(before, later, findings)
            self._winners[self._npis[later]] = before if loser == later else later
            losers.append(loser)
        findings.tally("superseded", superseded)
        self._settled = len(self._npis)
        return losers

    def _compare(self, before: int, later: int, findings: Findings) -> int:
        """Report the later of two rows of one file; give the one that does not count."""
        same = self._checksums[before] == self._checksums[later]
        findings.add("duplicate_row" if same else "npi_repeated", self._rows[later], "NPI", str(self._npis[later]))
        return before if self._days[later] > self._days[before] else later
