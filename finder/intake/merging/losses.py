"""Answers that a candidate would lose, by collection: who took a plan before, and whom nobody lists for it any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from finder.directory.release.row_masks import is_in
from finder.intake.layers.stack import SAMPLE, Stack
from finder.intake.merging.plan_keys import current_keys
from finder.intake.merging.staff_layers import EDITS, SUPPRESSIONS

MOST_LOST = 5
"""Losing more than one answer in this many (20%) of a collection needs the exact number as a confirmation."""


NOT_COUNTED = (SAMPLE, EDITS, SUPPRESSIONS)
"""The sample may always go; a decision that staff take back is no loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """How many answers a collection had, as pairs of a provider and a plan, and how many of them nobody gives now."""

    collection: str
    answers: int
    lost: int
    by_older: bool = False
    """The files that take the answers away are older than what they replace."""

    @property
    def is_large(self) -> bool:
        """Return whether the loss needs a confirmation."""
        return self.by_older or self.lost * MOST_LOST > self.answers


def losses(before: Stack, after: Stack, today: date) -> list[Loss]:
    """Return the losses of all collections, those that lose nothing left out.

    An answer that has ended is no answer: to say that it ends loses it.
    """
    plans = current_keys(pd.concat([layer.plans["plan_alias"] for layer in after.layers.values()] or [_NO_ALIASES]))
    given = [answers for _, answers in after.answers(today)]
    now = _keys(pd.concat(given), plans) if given else pd.Series(dtype="str")
    found = []
    for collection, answers in before.answers(today):
        lost = int((~is_in(_keys(answers, plans), now)).sum()) if collection not in NOT_COUNTED else 0
        if lost:
            old, new = before.layers[collection], after.layers.get(collection, before.layers[collection])
            found.append(Loss(collection=collection, answers=len(answers), lost=lost, by_older=new.as_of < old.as_of))
    return found


_NO_ALIASES = pd.DataFrame({"alias": [], "plan": []}, dtype="str")


def _keys(answers: pd.DataFrame, plans: Mapping[str, str]) -> pd.Series[str]:
    """Return one text per answer: the provider, and the plan by its present key."""
    return answers["npi"] + " " + answers["plan"].map(lambda plan: plans.get(plan, plan))
