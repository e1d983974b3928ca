"""Values that are computed once per request."""

from __future__ import annotations

from itertools import count

from flask import Flask

from finder.http import request_context
from finder.http.request_context import per_request

numbers = count()


@per_request
def number_of(name: str) -> tuple[str, int]:
    return name, next(numbers)


def test_a_value_is_computed_once_per_argument_and_request(sample_app: Flask) -> None:
    with sample_app.test_request_context("/"):
        first, other = number_of("a"), number_of("b")
        assert (number_of("a"), number_of("b")) == (first, other)
        assert first[1] != other[1]
        number_of.forget("a")
        assert number_of("a") != first
        assert number_of("b") == other
    with sample_app.test_request_context("/"):
        assert number_of("b") != other


def test_each_request_of_one_app_context_computes_again(sample_app: Flask) -> None:
    with sample_app.test_request_context("/"):
        first = number_of("a")
        request_context.begin()
        assert number_of("a") != first
        assert request_context.current().seconds() >= 0
