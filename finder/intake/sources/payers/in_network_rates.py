"""In-network rates (45 CFR 147.212): who is in which plan or network of a payer, and the range of prices by code.

Schemas 1 and 2, whichever a file says it is, with the keys in any order. A file is streamed twice: the rates, then the
groups of providers that they refer to. A group may be in a separate file of which only the address is given; it is
matched by name among the files that are read together. The parts of this reader are in ``rates``.
"""

from __future__ import annotations

from collections.abc import Sequence

from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.errors import RatesMissing
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import begins_with
from finder.intake.sources.formats.json_stream import top_keys
from finder.intake.sources.formats.meter import Meter
from finder.intake.sources.payers.rates.collections import Collections
from finder.intake.sources.payers.rates.file_reading import FileReading
from finder.intake.sources.payers.rates.providers import file_name

SOURCE = "in_network_rates"

LISTS = ("in_network", "provider_references")
"""The lists of a file of rates: one of them begins within its first bytes, whatever stands before it."""


def recognizes(file: SourceFile) -> bool:
    """Return whether a file has rates, or a group of providers that a file of rates refers to."""
    if any(begins_with(file, name) for name in LISTS) and top_keys(file).intersection(LISTS):
        return True
    return is_group_file(file)


def is_group_file(file: SourceFile) -> bool:
    """Return whether a file has one group of providers and no prices."""
    if not begins_with(file, "provider_groups"):
        return False
    keys = top_keys(file)
    return "provider_groups" in keys and not keys.intersection(LISTS)


def read(files: Sequence[SourceFile], context: Context) -> Sequence[Layer]:
    """Read the members of plans and networks, and their prices: a layer for each plan, or network without a plan.

    Raises AsOfNeeded, BrokenJson, CollectionNeeded, RatesMissing.
    """
    groups = {file_name(file.name): file for file in files if is_group_file(file)}
    rates = [file for file in files if file_name(file.name) not in groups]
    if not rates:
        raise RatesMissing(files[0].name)
    meter = Meter(context.progress, 2 * sum(file.size for file in rates))
    collections = Collections()
    for file in rates:
        FileReading(file, context, groups).read(meter, collections)
    return collections.layers(context)
