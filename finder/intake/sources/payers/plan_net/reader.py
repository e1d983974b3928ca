"""Reads Plan-Net directories: bundles, also search results, and the lines of bulk exports (NDJSON).

PractitionerRole, OrganizationAffiliation and HealthcareService are joined with the Practitioner, Organization, Location
and InsurancePlan that they refer to. A role without a therapist's specialty counts for NPIs that are in the directory
already. What one server says of one payer is a collection.
"""

from __future__ import annotations

from collections.abc import Sequence

from finder.intake.layers.layer import Layer
from finder.intake.sources.base import Context
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import begins_with
from finder.intake.sources.payers.plan_net import links
from finder.intake.sources.payers.plan_net.gathering import Gathering
from finder.intake.sources.payers.plan_net.joining import Joining
from finder.notices.notices import Findings

SOURCE = "plan_net"

KINDS = (*links.PARTICIPANTS, "Practitioner", "Organization", "Location", "InsurancePlan", "Endpoint")
"""The resources of Plan-Net."""


def recognizes(file: SourceFile) -> bool:
    """Return whether a file has FHIR resources; an error of a server alone does not count."""
    if not begins_with(file, "resourceType"):
        return False
    return begins_with(file, "entry") or any(begins_with(file, kind) for kind in ("Bundle", *KINDS))


def read(files: Sequence[SourceFile], context: Context) -> list[Layer]:
    """Read all files and join them. Raises BrokenJson, AsOfNeeded, CollectionNeeded, NobodyInside."""
    gathering = Gathering(files, context)
    directory = gathering.directory()
    as_of = context.settled_date(files, gathering.latest, gathering.rows)
    last = Findings(files[-1].name)
    joining = Joining(directory, context, as_of, last)
    joining.join()
    last.tally("other_specialty", gathering.other_specialty)
    if gathering.rows and not gathering.roles:
        last.add("roles_missing")
    notices = [notice for findings in gathering.findings for notice in findings.notices()]
    return joining.layers(as_of, files[0].name, notices, gathering.rows)
