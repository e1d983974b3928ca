"""What Part B and other coverage pay for outpatient therapy, and what the patient owes: the reference of the rules.

``estimate`` takes a request as JSON types and gives amounts; ``to_json`` gives the response, worded in a language. The
rules are pure: the standard library, decimal money, no clock, no files but ``data/medicare``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from finder.coverage.estimate.request import read_request
from finder.coverage.estimate.response import errors_to_json, to_json
from finder.coverage.estimate.results import Estimate, PlanOfCareEstimate
from finder.coverage.estimate.scenarios import answer
from finder.coverage.figures.figures import Figures

__all__ = ["Estimate", "Figures", "PlanOfCareEstimate", "errors_to_json", "estimate", "presets", "to_json"]


def estimate(request: Mapping[str, object], figures: Figures | None = None) -> Estimate | PlanOfCareEstimate:
    """Estimate a visit (``services``) or a course of care (``visits``), by the figures given or the product's own.

    Raises InvalidRequest with an error for every field that is wrong.
    """
    figures = figures or Figures.load()
    return answer(read_request(request, figures), figures)


def presets() -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """Return the usual visits by name, each a list of services as a request has them."""
    return Figures.load().presets
