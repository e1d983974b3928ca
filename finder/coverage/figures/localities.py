"""The payment locality of every ZIP code of CMS's file, in a compact form that people can read and compare.

One line holds the ZIP codes of a three-digit prefix that share state, carrier, locality and flag:
``100,NY,13202,01,0,01-14 16-41 43``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

HEADER = "prefix,state,carrier,locality,plus_four,zips"


@dataclass(frozen=True, slots=True)
class Locality:
    """The payment area of a ZIP code: the key is carrier and locality number, as numbers repeat between carriers."""

    carrier: str
    number: str
    state: str
    needs_plus_four: bool = False
    """Whether the last four digits of the ZIP code can lead to another locality, so that this is only the usual one."""

    @property
    def key(self) -> tuple[str, str]:
        """The carrier and the locality number."""
        return self.carrier, self.number


class ZipLocalities:
    """The localities of all ZIP codes, from the compact file; a prefix is expanded when first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._unfolded: dict[str, dict[str, Locality]] = {}

    @property
    def text(self) -> str:
        """The compact file as it is."""
        return self.path.read_text(encoding="ascii")

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        lines = self.text.splitlines()
        if lines[0] != HEADER:
            raise ValueError(f"{self.path} does not begin with {HEADER!r}")
        return {prefix: list(group) for prefix, group in groupby(lines[1:], key=lambda line: line[:3])}

    def of_zip(self, zip_code: str) -> Locality | None:
        """Return the locality of a five-digit ZIP code, or None if CMS lists none."""
        prefix = zip_code[:3]
        if prefix not in self._unfolded:
            self._unfolded[prefix] = dict(_unfold(self._lines.get(prefix, ())))
        return self._unfolded[prefix].get(zip_code)

    def __iter__(self) -> Iterator[tuple[str, Locality]]:
        """Yield every ZIP code with its locality, in order."""
        for prefix in self._lines:
            yield from sorted(_unfold(self._lines[prefix]))


def _unfold(lines: Iterable[str]) -> Iterator[tuple[str, Locality]]:
    """Yield the ZIP codes of some lines of the compact file."""
    for line in lines:
        prefix, state, carrier, number, plus_four, zips = line.split(",")
        locality = Locality(carrier, number, state, plus_four == "1")
        for part in zips.split():
            first, _, last = part.partition("-")
            for suffix in range(int(first), int(last or first) + 1):
                yield f"{prefix}{suffix:02d}", locality


def fold(localities: Iterable[tuple[str, Locality]]) -> str:
    """Write ZIP codes with their localities in the compact form; ``ZipLocalities`` reads it back."""
    groups: dict[tuple[str, Locality], list[int]] = {}
    for zip_code, locality in sorted(localities, key=lambda entry: entry[0]):
        groups.setdefault((zip_code[:3], locality), []).append(int(zip_code[3:]))
    lines = [
        f"{prefix},{it.state},{it.carrier},{it.number},{int(it.needs_plus_four)},{' '.join(_runs(suffixes))}"
        for (prefix, it), suffixes in groups.items()
    ]
    return "\n".join([HEADER, *sorted(lines), ""])


def _runs(numbers: Iterable[int]) -> Iterator[str]:
    """Write ascending numbers as runs: 1 2 3 7 → ``01-03``, ``07``."""
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        yield f"{run[0]:02d}" if len(run) == 1 else f"{run[0]:02d}-{run[-1]:02d}"
