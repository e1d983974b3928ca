"""The columns that a search reads, as arrays, stored in the release. How they are made: ``array_making``.

Rows are listings in the order of their cells. What is text elsewhere (plans, ZIP codes, words) is a number here, with
the texts beside it.
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
    """The columns by row, and the texts and sets that they number."""

    cell: Numbers
    position: NDArray[np.float64]
    """Three by rows: the point on the unit sphere; NaN where nobody knows it."""
    listing: Numbers
    """The ``listing_id``."""
    provider: Numbers
    name_rank: Numbers
    """Place in the order by name, then NPI, then practice location; no two alike."""
    zip: Numbers
    zips: Sequence[str]
    by_state: Numbers
    """The rows, state by state: those of ``states[s]`` are ``by_state[state_starts[s]:state_starts[s + 1]]``."""
    state_starts: Numbers
    states: Sequence[str]
    kind: NDArray[np.uint8]
    """``ORGANIZATION`` and ``REPEATED``, added up."""
    evidence_set: Numbers
    insurance_set: Numbers
    evidence: Sets
    kinds: Sequence[str]
    """The items of the evidence sets: ``facet:kind``."""
    insurance: Sets
    plans: Sequence[str]
    """The items of the insurance sets are a plan's place here, doubled, and one more where the answer is no."""
    offer_set: Numbers
    """Empty where nobody offers anything."""
    offers: Sets
    offered: Sequence[str]
    """The items of the offer sets: the values (``offers``) that somebody clearly offers."""
    names: NameIndex
