"""Option types of several commands: finite numbers, and the name of the actor."""

from __future__ import annotations

import math
from typing import Any

import click

from finder.cli.refusals import reading
from finder.errors import Refused


class NumberRange(click.FloatRange):
    """A number within bounds, as click has it, that is neither infinite nor "not a number"."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a number. Fails as click's types do."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


def _named(text: str) -> str:
    if not text.strip():
        raise Refused("A name is needed.")
    return text.strip()


who = reading(_named)
"""The callback of an option with the actor's name for the audit log; blank names are refused."""
