"""Common parts of FHIR resources: identifiers, dates, extensions, specialties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from finder.directory.vocabulary.specialties import is_clinic, is_physical_therapist
from finder.intake.cleaning.fields import clean_date
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import objects, objects_or_one, text

Resource = dict[str, Any]

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
NPI_OID = "urn:oid:2.16.840.1.113883.4.6"

TAXONOMY = re.compile(r"nucc\.org|2\.16\.840\.1\.113883\.6\.101|^$")
"""The systems of taxonomy codes: the NUCC's address in its spellings, its OID, or no system."""


def code(resource: Resource, field: str) -> str:
    """Return a code in lower case, as FHIR writes its codes and some servers do not; empty if there is none."""
    return text(resource.get(field)).lower()


def npi_of(resource: Resource) -> str:
    """Return the NPI in a resource, unchecked."""
    return identifier(resource, NPI_SYSTEM) or identifier(resource, NPI_OID)


def identifier(resource: Resource, system: str = "") -> str:
    """Return the first identifier of a resource, of the given system if there is one; former ones do not count."""
    for item in objects(resource.get("identifier")):
        if (not system or text(item.get("system")) == system) and code(item, "use") != "old":
            return text(item.get("value"))
    return ""


def day_of(resource: Resource) -> date | None:
    """Return the day on which a resource was last changed."""
    meta = resource.get("meta")
    return clean_date(text(meta.get("lastUpdated"))).value if isinstance(meta, dict) else None


def bundle_day(file: SourceFile) -> date | None:
    """Return the day on which a bundle was made, from its beginning."""
    stamp = re.search(rb'"timestamp"\s*:\s*"([^"]{10,40})"', file.start.split(b'"entry"')[0])
    return clean_date(stamp[1].decode("ascii", errors="replace")).value if stamp else None


def extensions(resource: Resource, name: str) -> list[Resource]:
    """Return the extensions of a resource by the last part of their address."""
    found = objects(resource.get("extension"))
    return [extension for extension in found if text(extension.get("url")).rsplit("/", 1)[-1] == name]


def codes_of(concepts: Any) -> Iterator[str]:
    """Yield the codes, of any system and in lower case, in a CodeableConcept or a list of them."""
    for concept in objects_or_one(concepts):
        for coding in objects(concept.get("coding")):
            yield code(coding, "code")


def taxonomy_codes(concepts: Any) -> Iterator[str]:
    """Yield the taxonomy codes in a list of CodeableConcepts."""
    for concept in objects(concepts):
        for coding in objects(concept.get("coding")):
            if TAXONOMY.search(text(coding.get("system"))):
                yield text(coding.get("code")).upper()


def says_therapist(concepts: Any, kind: str) -> bool:
    """Return whether CodeableConcepts mean physical therapy, by code (for organizations also a clinic's) or text."""
    clinics = kind in {"Organization", "OrganizationAffiliation"}
    codes = set(taxonomy_codes(concepts))
    if any(is_physical_therapist(code) or (clinics and is_clinic(code)) for code in codes):
        return True
    return any("physical therap" in words and "assistant" not in words for words in _words(objects(concepts)))


def _words(concepts: Iterable[Resource]) -> Iterator[str]:
    for concept in concepts:
        texts_of_concept = [
            text(concept.get("text")),
            *(text(item.get("display")) for item in objects(concept.get("coding"))),
        ]
        yield " | ".join(texts_of_concept).lower()
