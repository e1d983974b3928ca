"""The time of a results page beside its template alone, and of the estimate beside a page without questions."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from functools import partial
from io import StringIO
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Any

from flask import Flask, render_template, template_rendered
from jinja2 import Template

from finder.intake.publishing.bootstrap import ensure_ready
from finder.settings import Settings
from tests.bench.measure import Measurement
from tests.conftest import TODAY, make_app

PAGE = "/therapists?near=10001&miles=100"
CONSTANTS = "/bench/constants"
TARGET = 0.6

WITHOUT_QUESTIONS = "/guide"
ESTIMATES = {
    "estimate, sixty questions": ("/estimate", 0.4),
    "estimate, answered for each participation": (
        "/estimate?zip=43210&date=2026-10-05&visit=follow_up&setting=private_practice&deductible=met",
        0.2,
    ),
    "my insurance": ("/my-insurance", 0.5),
}
"""Pages of questions, with the share of the speed of a page without questions that they shall have at least."""


def measure(*, quick: bool = False) -> list[Measurement]:
    """Ask for a full results page and for its constant twin in turn; requests per second of both, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        ensure_ready(Settings(home=home, today=TODAY))
        with redirect_stderr(StringIO()):  # the log of the requests would be most of the output
            app = make_app(home)
        app.testing = False
        rendered: list[tuple[str, dict[str, Any]]] = []
        app.add_url_rule(CONSTANTS, view_func=lambda: render_template(rendered[0][0], **rendered[0][1]))
        rendered.append(rendered_by(app, PAGE))
        real, constant = times(app, (PAGE, CONSTANTS), 50 if quick else 400)
        of_estimates = list(_measure_estimates(app, 50 if quick else 400))
    ratio = constant / real
    return [
        Measurement(
            name="results page: 20 cards, facets, prices",
            figures={
                "page requests/s": round(1000 / real, 1),
                "template from constants requests/s": round(1000 / constant, 1),
                "ratio": round(ratio, 2),
            },
            target=f"at least {TARGET:.0%} of the template filled from constants",
            holds=ratio >= TARGET,
        ),
        *of_estimates,
    ]


def _measure_estimates(app: Flask, rounds: int) -> Iterator[Measurement]:
    """Ask for pages of questions and for one without in turn; requests per second of each, and the ratio."""
    addresses = [address for address, _ in ESTIMATES.values()]
    guide, *taken = times(app, (WITHOUT_QUESTIONS, *addresses), rounds)
    for (name, (_, target)), spent in zip(ESTIMATES.items(), taken, strict=True):
        yield Measurement(
            name=name,
            figures={
                "page requests/s": round(1000 / spent, 1),
                "guide requests/s": round(1000 / guide, 1),
                "ratio": round(guide / spent, 2),
            },
            target=f"at least {target:.0%} of a page without questions",
            holds=guide / spent >= target,
        )


def rendered_by(app: Flask, address: str) -> tuple[str, dict[str, Any]]:
    """Return the template that a page is made with and all that was put into it."""
    seen: list[tuple[str, dict[str, Any]]] = []

    def keep(_sender: Flask, template: Template, context: dict[str, Any], **_: object) -> None:
        seen.append((str(template.name), context))

    with template_rendered.connected_to(keep, app):
        assert app.test_client().get(address).status_code == 200, address
    name, context = seen[-1]
    own = {"request", "session", "g", "config"}
    return name, {key: value for key, value in context.items() if key not in own}


def times(app: Flask, addresses: tuple[str, ...], rounds: int) -> list[float]:
    """Ask for each address in turn, many times; the median milliseconds of each, after a warm-up."""
    client = app.test_client()
    taken: dict[str, list[float]] = {address: [] for address in addresses}
    for turn in range(rounds + 10):
        for address in addresses:
            spent = _milliseconds(partial(client.get, address))
            if turn >= 10:
                taken[address].append(spent)
    return [median(taken[address]) for address in addresses]


def _milliseconds(call: Callable[[], object]) -> float:
    start = perf_counter_ns()
    call()
    return (perf_counter_ns() - start) / 1e6
