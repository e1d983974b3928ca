"""How a command refuses: the reason on standard error, exit status 1, no traceback."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

from finder.errors import FinderError
from finder.i18n import word

P = ParamSpec("P")
R = TypeVar("R")


def refusing(function: Callable[P, R]) -> Callable[P, R]:
    """Turn a FinderError of a command into its message on standard error and exit status 1."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except FinderError as error:
            raise click.ClickException(error.detail or word(error.message())) from error

    return run
