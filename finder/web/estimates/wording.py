"""How the words of an answer are written for people, as template filters of these pages."""

from __future__ import annotations

from flask import Blueprint

from finder.coverage import Figures
from finder.coverage.vocabulary import LineStatus
from finder.i18n import N_
from finder.web.words import word

LINE_STATUS = {
    LineStatus.PAYABLE: N_("paid by Medicare"),
    LineStatus.BUNDLED: N_("part of the other services"),
    LineStatus.NOT_VALID_FOR_MEDICARE: N_("not used by Medicare"),
    LineStatus.PRICED_BY_CONTRACTOR: N_("no national price"),
}


def register(blueprint: Blueprint) -> None:
    """Give the templates the filters."""
    blueprint.add_app_template_filter(service_name)
    blueprint.add_app_template_filter(line_status)


def service_name(code: str) -> str:
    """Name a service in plain words."""
    return word(Figures.code_name(code))


def line_status(status: LineStatus) -> str:
    """Say what Medicare does with a line."""
    return word(LINE_STATUS[status])
