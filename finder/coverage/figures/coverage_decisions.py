"""Medicare's national coverage decisions: which services it does not pay for, or only after other care.

A price in the fee schedule says what a service costs if Medicare covers it, never that it does. A decision is one file
of ``data/medicare/coverage``, with its dates, its source and its certainty.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from finder.coverage.basics.money import ZERO
from finder.coverage.figures.parameters import Value
from finder.i18n import N_


class Effect(StrEnum):
    """What a decision does to a service."""

    NOT_COVERED = "not_covered"
    """Medicare pays nothing: the patient pays the charge."""
    AFTER_OTHER_CARE = "after_other_care"
    """Medicare pays only if other care was tried before."""


@dataclass(frozen=True, slots=True)
class CoverageDecision:
    """One national coverage decision about therapy codes, from its first day on."""

    name: str
    """The name of its file, and of its sentence."""
    decision: str
    """CMS's number, such as ``NCD 270.6``."""
    effect: Effect
    codes: frozenset[str]
    first_day: date
    last_day: date | None
    citation: Value
    """Its source and certainty, as a figure without an amount has them."""

    @property
    def sentence(self) -> str:
        """The reason in plain words, for a note."""
        return SENTENCES[self.name]

    def holds_on(self, day: date) -> bool:
        """Return whether the decision is in force on a day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


SENTENCES: Mapping[str, str] = {
    "infrared": N_("Medicare does not pay for “{service}” ({code}) to treat neuropathy, its pain, or wounds."),
    "dry_needling": N_("Medicare does not pay a therapist for “{service}” ({code})."),
    "wound_stimulation": N_(
        "Medicare pays for “{service}” ({code}) only if other care of the wound did not help first. Ask the therapist "
        "if that applies to you."
    ),
    "biofeedback": N_(
        "Medicare pays for “{service}” ({code}) only if other training of the muscles did not help first. Ask the "
        "therapist if that applies to you."
    ),
}
"""Decision to its sentence, with ``code`` and ``service``."""


def load_decisions(folder: Path) -> tuple[CoverageDecision, ...]:
    """Read every decision of a folder, in order of name."""
    return tuple(_read(path.stem, tomllib.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.toml")))


def _read(name: str, content: Mapping[str, Any]) -> CoverageDecision:
    first_day, last_day = content["from"], content.get("to")
    return CoverageDecision(
        name=name,
        decision=content["decision"],
        effect=Effect(content["effect"]),
        codes=frozenset(content["codes"]),
        first_day=first_day,
        last_day=last_day,
        citation=Value(f"coverage/{name}", first_day, last_day, ZERO, content["source"], content["certainty"]),
    )
