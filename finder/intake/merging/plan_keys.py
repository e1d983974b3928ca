"""The plan that an earlier key leads on to: staff's answers on it keep their meaning."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

STAFF = ("edits", "staff")
"""The sources whose answers are on keys that people saw on a page or wrote into a table."""


def current_keys(aliases: pd.DataFrame) -> Mapping[str, str]:
    """Return the plan of each earlier key in the table of aliases that stood for this plan alone."""
    pairs = aliases[["alias", "plan"]].drop_duplicates()
    clear = pairs[~pairs.duplicated("alias", keep=False)]
    return dict(zip(clear["alias"], clear["plan"], strict=True))


def with_current_keys(answers: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """Return answers with those of staff on a plan's present key; on a key that stood for several they stay."""
    plans = current_keys(aliases)
    earlier = answers["source"].isin(STAFF) & answers["plan"].isin(list(plans))
    if not earlier.any():
        return answers
    return answers.assign(plan=answers["plan"].mask(earlier, answers["plan"].map(plans)))
