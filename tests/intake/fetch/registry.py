"""A registry of fictional providers with the rules of the published API: 200 a page, 1,200 a question, ZIP prefixes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.intake.fetch.server import Page, Request
from tests.intake.sources.nppes.nppes_files import npi

THERAPIST = ("225100000X", "Physical Therapist")
NEUROLOGY = ("2251N0400X", "Physical Therapist, Neurology")
CLINIC = ("261QP2000X", "Clinic/Center, Physical Therapy")
CHIROPRACTOR = ("111N00000X", "Chiropractor")


def provider(
    number: int, zip_code: str, taxonomy: tuple[str, str] = THERAPIST, *, also: Sequence[str] = (), mail: str = "99999"
) -> dict[str, Any]:
    """A provider of the registry: its main practice, further practices ``also``, and another ZIP code for mail."""
    clinic = taxonomy == CLINIC
    return {
        "enumeration_type": "NPI-2" if clinic else "NPI-1",
        "number": npi(number),
        "basic": ({"organization_name": f"KITE THERAPY {number}"} if clinic else
                  {"first_name": "ROSA", "last_name": f"ALDER{'abcdefghij'[number % 10]}", "credential": "PT"})
        | {"last_updated": "2026-06-01", "status": "A"},
        "addresses": [_place("MAILING", mail, number), _place("LOCATION", zip_code, number)],
        "practiceLocations": [_place("", code, number) for code in also],
        "taxonomies": [{"code": taxonomy[0], "desc": taxonomy[1], "state": "MA", "license": "1"}],
    }  # fmt: skip


def _place(purpose: str, zip_code: str, number: int) -> dict[str, str]:
    return {
        "address_purpose": purpose, "address_1": f"{number} PINWHEEL ST", "city": "CAMBRIDGE", "state": "MA",
        "postal_code": zip_code, "country_code": "US", "telephone_number": "617-555-0123",
    }  # fmt: skip


def registry_page(providers: Iterable[dict[str, Any]]) -> Page:
    """The API with these providers."""
    all_providers = list(providers)

    def respond(request: Request) -> None:
        fields = {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
        request.respond(json.dumps(_answer(all_providers, fields)).encode(), {"Content-Type": "application/json"})

    return respond


def _answer(all_providers: list[dict[str, Any]], fields: dict[str, str]) -> dict[str, Any]:
    limit, skip = int(fields["limit"]), int(fields["skip"])
    if fields["version"] != "2.1" or limit > 200 or skip > 1000 or fields["address_purpose"] != "LOCATION":
        return {"Errors": [{"field": "generic", "number": "04", "description": "Unsupported search"}]}
    found = [
        provider
        for provider in all_providers
        if provider["enumeration_type"] == fields["enumeration_type"]
        and any(fnmatch(taxonomy["desc"], fields["taxonomy_description"]) for taxonomy in provider["taxonomies"])
        and any(fnmatch(place["postal_code"], fields["postal_code"]) for place in _practices(provider))
    ]
    page = found[skip : skip + limit]
    return {"result_count": len(page), "results": page}


def _practices(provider: dict[str, Any]) -> list[dict[str, str]]:
    return [*provider["addresses"][1:], *provider["practiceLocations"]]
