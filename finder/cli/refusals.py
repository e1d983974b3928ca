"""How a command fails: the reason on standard error, no traceback, and one of two exit statuses.

2, wrong usage: an option or argument cannot hold what was given. Values are read before the command runs, by click's
types or by ``reading``; a search is read as a whole, and its InvalidRequest names the options. 1: everything that a
command refuses after that, such as an unknown place, an inconsistent file, or an unknown draft.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

import click

from finder.disk import disk_error
from finder.errors import FinderError, InvalidRequest, error_text
from finder.i18n import word
from finder.places.errors import EmptyPlace

P = ParamSpec("P")
R = TypeVar("R")


def refusing(function: Callable[P, R]) -> Callable[P, R]:
    """Turn what a command raises into its message on standard error and an exit status.

    A request that cannot be used, field by field (each the option of that name), or a place that was left out: 2. Any
    other FinderError, and a file that cannot be read or written: 1.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result = function(*args, **kwargs)
            sys.stdout.flush()
            return result
        except InvalidRequest as error:
            invalid = (f"Invalid value for '--{each.field}': {word(each.message)}" for each in error.errors)
            raise click.UsageError(" ".join(invalid)) from error
        except EmptyPlace as error:
            raise click.UsageError(error_text(error)) from error
        except FinderError as error:
            raise click.ClickException(error_text(error)) from error
        except Exception as error:
            if reason := _reason(error):
                raise click.ClickException(reason) from error
            raise

    return run


def _reason(error: Exception) -> str | None:
    """Return why a disk or a file refused, in one line; None for an error that is a fault of the program."""
    name = error.filename if isinstance(error, OSError) else None
    if refused := disk_error(error):
        _give_up_output()
        return f"{name}: {error_text(refused)}" if name else error_text(refused)
    return f"{name}: {getattr(error, 'strerror', '')}" if name else None


def _give_up_output() -> None:
    """Where what was written to standard output cannot be taken, do not try again at the end of the program."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def reading(read: Callable[[str], R]) -> Callable[[click.Context, click.Parameter, str | None], R | None]:
    """Make the callback of an option or argument from what reads its text; a FinderError is wrong usage; None stays."""

    def callback(_context: click.Context, _parameter: click.Parameter, text: str | None) -> R | None:
        try:
            return None if text is None else read(text)
        except FinderError as error:
            raise click.BadParameter(error_text(error)) from error

    return callback
