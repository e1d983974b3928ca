"""The columns that a search reads, as arrays stored in the release; ``build`` makes them.

Rows are listings sorted by cell. Texts (plans, ZIP codes, words) are stored as numbers, with a list of the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finder.directory.index.sets import Sets
from finder.directory.names import NameIndex

Numbers = NDArray[np.int32]

ENTITIES = ("individual", "organization")
ORGANIZATION, REPEATED = 1, 2
"""Bits of ``Arrays.kind``: the provider is an organization; it has other listings too."""


@dataclass(frozen=True, kw_only=True)
class Arrays:
    """The columns by row, and the texts and sets that their numbers refer to."""

    cell: Numbers
    position: NDArray[np.float64]
    """Shape (3, rows): the point on the unit sphere; NaN where it is unknown."""
    listing: Numbers
    """The ``listing_id``."""
    provider: Numbers
    name_rank: Numbers
    """Rank by name, then NPI, then practice location; unique."""
    zip: Numbers
    zips: Sequence[str]
    by_state: Numbers
    """The rows sorted by state: those of ``states[s]`` are ``by_state[state_starts[s]:state_starts[s + 1]]``."""
    state_starts: Numbers
    states: Sequence[str]
    kind: NDArray[np.uint8]
    """The bits ``ORGANIZATION`` and ``REPEATED``."""
    evidence_set: Numbers
    insurance_set: Numbers
    evidence: Sets
    kinds: Sequence[str]
    """The items of the evidence sets: ``facet:kind``."""
    insurance: Sets
    """The items are positions in the three columns of answers: of one plan, at most one counts on a day."""
    answer: Numbers
    """Twice the position in ``plans``, plus one if the answer is no."""
    answer_from: Numbers
    answer_until: Numbers
    """The first and the last day on which the answer counts, as ordinals (``date.toordinal``)."""
    plans: Sequence[str]
    """The keys of the plans, networks and payers with answers."""
    offer_set: Numbers
    """The number of each row's offer set; empty if the release has no offers."""
    offers: Sets
    offered: Sequence[str]
    """The items of the offer sets: the values (``offers``) with a clear yes in some listing."""
    names: NameIndex
