"""The page about the rules says what the rules say."""

from __future__ import annotations

from finder.cli.fees import PAGE
from finder.coverage import Figures
from finder.coverage.figures.parameters import Parameters
from finder.coverage.official.document import RULES, document


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(Figures.load()), "run: flask --app wsgi fees document"


def test_every_rule_on_the_page_has_its_authority() -> None:
    without = [rule.__qualname__ for _, rules in RULES for rule in rules if "Source: " not in (rule.__doc__ or "")]
    assert without == []


def test_every_figure_is_on_the_page_with_every_source() -> None:
    page = document(Figures.load())
    parameters = Figures.load().parameters
    for name in Parameters.names():
        assert f"### `{name}`" in page
        assert all(value.source in page for value in getattr(parameters, name).values)
