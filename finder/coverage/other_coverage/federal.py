"""TRICARE for Life and VA Community Care."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from finder.coverage.basics.json_fields import Fields
from finder.coverage.basics.money import ZERO
from finder.coverage.figures.figures import Figures
from finder.coverage.other_coverage.base import UNKNOWN_TOTALS, Coverage, Settlement, VisitToSettle, after_part_b
from finder.coverage.rules.statements import Note, Step
from finder.i18n import N_, Message


@dataclass(frozen=True, slots=True)
class TricareForLife(Coverage):
    """TRICARE for Life pays after Medicare, and leaves nothing to the patient for services that both cover.

    Source: 10 USC 1086(d).
    """

    pays_all: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> TricareForLife:
        """Read the coverage, which has no fields."""
        return cls()

    def settle(self, case: VisitToSettle) -> Settlement:
        """Pay the whole share of Part B."""
        share = case.bill.patient_share
        step = Step(
            Message(N_("TRICARE for Life pays your share, {share:money}."), {"share": share}),
            share,
            source="10 USC 1086(d)",
            certainty="secondary",
        )
        note = Note(
            "services_that_both_cover",
            Message(N_("You pay nothing for services that both cover, Medicare and TRICARE.")),
        )
        return after_part_b(case, share, steps=(step,), notes=(note,))


@dataclass(frozen=True, slots=True)
class VaCommunityCare(Coverage):
    """VA Community Care: the VA approves and pays the visit and sets a copay of its own; Medicare pays nothing.

    Source: 38 USC 1703.
    """

    builds_on_part_b: ClassVar[bool] = False

    @classmethod
    def read(cls, fields: Fields, figures: Figures) -> VaCommunityCare:
        """Read the coverage, which has no fields."""
        return cls()

    def settle(self, case: VisitToSettle) -> Settlement:
        """Return no figure: only the VA knows its copay."""
        note = Note(
            "ask_va",
            Message(N_("Ask the VA what your copay is. It must approve the visits before they begin.")),
            is_reason=True,
        )
        return Settlement(
            totals=UNKNOWN_TOTALS,
            other_coverage_pays=None,
            patient_pays=None,
            patient_range=(ZERO, None),
            counters=case.counters,
            notes=(note,),
        )
