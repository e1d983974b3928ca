"""Checks of a candidate as a whole, after the merge: what single rows cannot show."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from finder.intake.layers import Stack
from finder.intake.merge import Merged
from finder.intake.notices import Notice
from finder.places.gazetteer import Gazetteer


def check(
    stack: Stack, merged: Merged, before: Mapping[str, pd.DataFrame] | None, gazetteer: Gazetteer
) -> list[Notice]:
    """Look at a candidate beside the release that it would replace."""
    return []
