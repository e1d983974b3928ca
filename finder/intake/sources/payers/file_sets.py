"""Whether the files of a run are whole sets: a later set replaces the earlier one, so a missing part would take away.

A set is what an index or table of contents lists, or the files whose names count their parts (``…_1_of_20.json``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from finder.intake.sources.errors import PartsMissing
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import begins_with, text
from finder.intake.sources.formats.json_stream import items
from finder.intake.sources.formats.meter import Meter

INDEXES: Mapping[str, tuple[str, frozenset[str]]] = {
    "provider_urls": ("provider_urls.item", frozenset({"marketplace", "plan_net"})),
    "reporting_structure": (
        "reporting_structure.item.in_network_files.item.location", frozenset({"in_network_rates"}),
    ),
}  # fmt: skip
"""By the key that tells an index: where its addresses stand, and the sources of the files that lie there."""

SOURCES = frozenset[str]().union(*(sources for _, sources in INDEXES.values()))
"""The sources whose files replace earlier ones wholly."""

_PART = re.compile(r"(?<!\d)(\d{1,4})[ _.-]*of[ _.-]*(\d{1,4})(?!\d)", re.IGNORECASE)
_PACKING = (".gz", ".zip")

MOST_NAMED = 10
"""How many missing files a message names."""


class Part(NamedTuple):
    """A file that names itself a part: what it is a part of, its number, and how many parts there are."""

    set_name: str
    number: int
    total: int


def require_whole_sets(given: Mapping[str, Sequence[SourceFile]], indexes: Iterable[SourceFile]) -> None:
    """Raise PartsMissing if files of a run lack others of their set.

    ``given`` are the files by source; ``indexes`` the indexes and tables of contents that were given with them.
    """
    for source in sorted(SOURCES.intersection(given)):
        _require_parts(given[source])
    for index in indexes:
        for key, (where, sources) in INDEXES.items():
            files = [file for source in sorted(sources) for file in given.get(source, ())]
            if files and begins_with(index, key):
                _require_listed(index, where, files)


def part_of(name: str) -> Part | None:
    """Return what a file's name says of its part; None if it does not name itself one of several.

    ``"2026-10_in-network-rates_1_of_20.json.gz"`` → part 1 of 20.
    """
    found = _PART.search(name)
    if not found:
        return None
    number, count = int(found[1]), int(found[2])
    set_name = f"{name[: found.start()]}#{name[found.end() :]}".lower()
    return Part(set_name, number, count) if 1 <= number <= count and count > 1 else None


def _require_parts(files: Sequence[SourceFile]) -> None:
    numbers: dict[tuple[str, int], set[int]] = {}
    example: dict[tuple[str, int], SourceFile] = {}
    for file in files:
        if part := part_of(_unpacked(file.name)) or part_of(_unpacked(file.path.name)):
            key = (part.set_name, part.total)
            numbers.setdefault(key, set()).add(part.number)
            example.setdefault(key, file)
    for key, found in numbers.items():
        missing = [str(number) for number in range(1, key[1] + 1) if number not in found]
        if missing:
            raise PartsMissing(example[key].name, f"Missing of {key[1]} parts: {_some(missing)}.")


def _require_listed(index: SourceFile, where: str, files: Sequence[SourceFile]) -> None:
    """Compare by name; where no name agrees, files were renamed, and only their number is compared."""
    addresses = set(_addresses(index, where))
    listed = Counter(_name_at(address) for address in addresses)
    files_of_set = Counter(_unpacked(file.name) for file in files)
    archives = Counter(_unpacked(path.name) for path in {file.path for file in files})
    missing = listed - (files_of_set | archives)
    renamed = missing == listed and len(files) >= len(addresses)
    if missing and not renamed:
        raise PartsMissing(
            index.name, f"It lists {len(addresses)} files. Missing: {_some(sorted(missing.elements()))}."
        )


def _addresses(index: SourceFile, where: str) -> Iterator[str]:
    with items(index, where, Meter(None, 0)) as found:
        yield from filter(None, map(text, found))


def _name_at(address: str) -> str:
    return _unpacked(unquote(urlsplit(address).path).rstrip("/").rsplit("/", 1)[-1])


def _unpacked(name: str) -> str:
    """Return a name without the ending of its packing."""
    name = name.lower()
    for ending in _PACKING:
        name = name.removesuffix(ending)
    return name


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
