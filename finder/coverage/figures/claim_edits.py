"""The lists behind claim edits: which services are evaluations, which are billed once a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluations:
    """The evaluations of one discipline, by code."""

    first: frozenset[str]
    """First evaluations, of which a course of care has one."""
    again: frozenset[str]
    """Re-evaluations."""
    may_be_several: bool
    """Whether different evaluations of this discipline may stand in one visit."""

    @property
    def codes(self) -> frozenset[str]:
        """All evaluations of the discipline."""
        return self.first | self.again


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEdits:
    """What makes a claim implausible."""

    evaluations: tuple[Evaluations, ...]
    monitoring: tuple[frozenset[str], ...]
    """Remote monitoring codes; of each set one is billed in ``monitoring_days``."""
    monitoring_days: int
    most_hours_a_day: int
    """Timed treatment on one day above this is doubted."""

    def is_evaluation(self, code: str | None) -> bool:
        """Return whether a service is an evaluation or a re-evaluation."""
        return any(code in evaluations.codes for evaluations in self.evaluations)

    @property
    def codes(self) -> frozenset[str]:
        """Every code that the lists name."""
        return frozenset().union(*(it.codes for it in self.evaluations), *self.monitoring)


def read_claim_edits(content: Mapping[str, Any]) -> ClaimEdits:
    """Read the content of ``claim_edits.toml``."""
    return ClaimEdits(
        evaluations=tuple(
            Evaluations(
                first=frozenset(it["first"]),
                again=frozenset(it["again"]),
                may_be_several=it.get("may_be_several", False),
            )
            for it in content["evaluation"]
        ),
        monitoring=tuple(frozenset(it["codes"]) for it in content["monitoring"]),
        monitoring_days=content["monitoring_days"],
        most_hours_a_day=content["most_hours_a_day"],
    )
