"""Answers on plans: of one question — a provider, a place, a plan — the release has one answer for each day.

Several collections may answer a question, each for its own period. The most believed answer counts as long as it is
valid; before and after it the next one does. So periods are cut until no two of them share a day.
"""

from __future__ import annotations

from collections.abc import Hashable
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from finder.directory.plans.periods import PERIOD, Period, as_text, outside, period
from finder.intake.merging.precedence import Precedence

QUESTION = ("npi", "location_key", "plan")


def one_answer_a_day(rows: pd.DataFrame, precedence: Precedence) -> pd.DataFrame:
    """Return the rows of the table of insurance with periods that share no day within a question."""
    rows = precedence.best("insurance", rows, (*QUESTION, *PERIOD))
    rivals = rows.duplicated(list(QUESTION), keep=False)
    if not rivals.any():
        return rows
    contest = precedence.ordered("insurance", rows[rivals], QUESTION)
    pieces_kept: list[dict[Hashable, Any]] = []
    for _, answers in groupby(contest.to_dict("records"), key=itemgetter(*QUESTION)):
        taken: list[Period] = []
        for answer in answers:
            pieces = outside(period(*(answer[name] for name in PERIOD)), taken)
            taken += pieces
            pieces_kept += [answer | dict(zip(PERIOD, as_text(piece), strict=True)) for piece in pieces]
    return pd.concat([rows[~rivals], pd.DataFrame(pieces_kept, columns=rows.columns).astype("str")], ignore_index=True)
