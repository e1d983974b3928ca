"""What is worked out once in a request: when it began, and the values of the functions that are ``per_request``.

This is all that the application keeps on ``flask.g``. A value is typed where its function is, in whichever folder.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, TypeVarTuple

from flask import g

Arguments = TypeVarTuple("Arguments")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class RequestContext:
    """The moment at which a request began, in seconds of ``time.perf_counter``, and its values so far."""

    began: float = field(default_factory=time.perf_counter)
    values: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def seconds(self) -> float:
        """Return the seconds since the request began."""
        return time.perf_counter() - self.began


def begin() -> None:
    """Start the context of a request."""
    g.request_context = RequestContext()


def current() -> RequestContext:
    """Return the context of the present request."""
    context: RequestContext | None = g.get("request_context")
    if context is None:
        begin()
        context = g.request_context
    return context


class PerRequest(Generic[*Arguments, Value]):
    """A function that is called once in a request for each set of arguments, when its value is first needed."""

    def __init__(self, function: Callable[[*Arguments], Value]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    def __call__(self, *args: *Arguments) -> Value:
        """Return the value for these arguments."""
        values = current().values
        key = (self, *args)
        if key not in values:
            values[key] = self._function(*args)
        value: Value = values[key]
        return value

    def forget(self, *args: *Arguments) -> None:
        """Forget the value for these arguments: what it rests on has changed."""
        current().values.pop((self, *args), None)


def per_request(function: Callable[[*Arguments], Value]) -> PerRequest[*Arguments, Value]:
    """Remember the values of a function for one request. Its arguments are hashable and given by position."""
    return PerRequest(function)
