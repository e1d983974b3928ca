"""A picture of what each visit of a course of care costs: an SVG that loads nothing, the same for the same amounts.

The page has all its numbers in a table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_skeleton

from finder.coverage import Estimate
from finder.web.estimates.course_page import Course
from finder.web.http.language import gettext, language


@dataclass(frozen=True, slots=True)
class Bar:
    """One visit: its day (ISO and short), and the least and the most that the patient pays in dollars.

    None: not published, or nobody can say.
    """

    day: str
    label: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Look:
    """The size of a picture in pixels, the size of its letters, and its colors: tokens of ``finder.css``."""

    width: int
    height: int
    font_size: int
    most_labels: int
    surface: str
    ink: str
    line: str
    sure: str
    possible: str


_LIGHT = ("#fffdf9", "#1a2a2f", "#ddd2c0", "#0a545d", "#8fbcc0")
_DARK = ("#182327", "#f1f0ea", "#33434a", "#8ad7d8", "#38686c")

CHART_STYLES = {
    "wide": Look(1080, 380, 17, 12, *_LIGHT),
    "wide-dark": Look(1080, 380, 17, 12, *_DARK),
    "narrow": Look(320, 300, 14, 4, *_LIGHT),
    "narrow-dark": Look(320, 300, 14, 4, *_DARK),
}


def bars_of(course: Course) -> tuple[Bar, ...]:
    """Return the bars of a course of care."""
    return tuple(_bar(row.estimate) for row in course.visits)


def _bar(visit: Estimate) -> Bar:
    day = visit.date_of_service
    low, high = visit.patient_bounds or (None, None)
    label = format_skeleton("MMMd", day, locale=f"{language()}_US")
    return Bar(day.isoformat(), label, _float(low), _float(high))


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def draw(bars: Sequence[Bar], look: Look) -> str:
    """Draw the bars as SVG, its words in the language of the page."""
    return _draw(tuple(bars), look, gettext("You pay"), gettext("You may pay up to this"))


@lru_cache(maxsize=256)
def _draw(bars: tuple[Bar, ...], look: Look, sure: str, possible: str) -> str:
    """Draw once for each picture."""
    import vl_convert  # a second of work, which only who looks at a chart should wait for

    svg: str = vl_convert.vegalite_to_svg(_specification(bars, look, sure, possible))
    return svg


def _specification(bars: tuple[Bar, ...], look: Look, sure: str, possible: str) -> dict[str, Any]:
    """Describe the picture in Vega-Lite: a bar to the least that is paid, a paler one on it to the most."""
    import altair

    values = [
        {"day": bar.day, "from": start, "to": end, "what": what}
        for bar in bars
        for start, end, what in ((0.0, bar.low, sure), (bar.low, bar.high, possible))
        if start is not None and end is not None and end > start
    ]
    every = -(-len(bars) // look.most_labels)
    labels = ", ".join(f"'{bar.day}': '{bar.label}'" for bar in bars)
    days = altair.X(
        "day:O",
        title=None,
        scale=altair.Scale(domain=[bar.day for bar in bars], paddingInner=0.25),
        axis=altair.Axis(
            labelAngle=0,
            labelExpr=f"{{{labels}}}[datum.value]",
            values=[bar.day for bar in bars[::every]],
            ticks=False,
            labelPadding=8,
        ),
    )
    money = altair.Y("from:Q", title=None, axis=altair.Axis(format="$,.0f", tickCount=4, domain=False, ticks=False))
    has_range = any(value["what"] == possible for value in values)
    shades = altair.Color(
        "what:N",
        title=None,
        scale=altair.Scale(domain=[sure, possible], range=[look.sure, look.possible]),
        legend=altair.Legend(orient="top", direction="horizontal", labelLimit=0) if has_range else None,
    )
    chart = (
        altair.Chart(altair.InlineData(values=values))
        .mark_bar(cornerRadiusEnd=2)
        .encode(x=days, y=money, y2="to:Q", color=shades)
        .properties(
            width=look.width,
            height=look.height,
            background=look.surface,
            autosize=altair.AutoSizeParams(type="fit", contains="padding"),
            padding=6,
        )
    )
    words = {"labelFont": "sans-serif", "labelFontSize": look.font_size, "labelColor": look.ink}
    chart = chart.configure_axis(**words, gridColor=look.line, domainColor=look.line)
    return dict(chart.configure_legend(**words).configure_view(stroke=None).to_dict(validate=False))
