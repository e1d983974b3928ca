"""What staff call the sources: the public reads one name where several come from one house; staff tell them apart."""

from __future__ import annotations

from finder.i18n import N_
from finder.web.presentation.formats import SOURCES, word
from finder.web.staff.access import blueprint

TITLES = {
    "nppes": N_("national provider registry (NPPES): main file"),
    "npi_registry": N_("national provider registry (NPPES): asked online"),
    "staff": N_("our staff: tables"),
    "edits": N_("our staff: corrections on a page"),
    "marketplace": N_("the insurer’s own list: marketplace plans"),
    "plan_net": N_("the insurer’s own list: online directory (FHIR)"),
}
"""The sources that share a name on the public pages."""


@blueprint.app_template_filter("source_title")
def source_title(source: str) -> str:
    """Name a source so that no other has the same name."""
    return word(TITLES.get(source) or SOURCES.get(source, source))
