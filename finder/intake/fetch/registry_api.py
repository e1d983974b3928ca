"""The NPI Registry's API, version 2.1 (npiregistry.cms.hhs.gov/api-page): therapists and clinics by ZIP code prefix.

The registry returns at most 200 providers in a page and 1,200 for a query. A query that has more is repeated with each
longer prefix. Pages are saved as they arrive, so that a resumed fetch requests no page twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from finder.intake.fetch.client import Client
from finder.intake.fetch.errors import FetchFailed, IncompleteResponse, RegistryError, TooManyProviders
from finder.intake.fetch.job import write_atomically
from finder.intake.fetch.progress import ProgressCallback, no_progress
from finder.intake.sources.formats.json_files import objects, text

API_URL = "https://npiregistry.cms.hhs.gov/api/"

PAGE_SIZE = 200
MAX_SKIP = 1000
MAX_PREFIX_DIGITS = 9
ZIP_DIGITS = 5

MAX_PAGE_BYTES = 32 * 1024 * 1024
"""A page of 200 providers has less than one megabyte."""

TAXONOMY_DESCRIPTIONS = (
    ("NPI-1", "Physical Therapist*"),
    ("NPI-2", "Physical Therapist*"),
    ("NPI-2", "Physical Therapy*"),
    ("NPI-2", "Clinic/Center, Physical Therapy"),
)
"""Enumeration type and taxonomy description: the API has no search by code. The star includes the specialties."""

RegistryProvider = dict[str, Any]
"""A provider as the API returns it."""


@dataclass(frozen=True)
class RegistryQuery:
    """One search of the registry by practice address, never by mailing address."""

    enumeration_type: str
    description: str
    prefix: str

    def url(self, base: str, skip: int) -> str:
        """Return the URL of the page that begins after ``skip`` providers."""
        fields = {
            "version": "2.1",
            "enumeration_type": self.enumeration_type,
            "taxonomy_description": self.description,
            "address_purpose": "LOCATION",
            "country_code": "US",
            "postal_code": f"{self.prefix}*" if len(self.prefix) < MAX_PREFIX_DIGITS else self.prefix,
            "limit": PAGE_SIZE,
            "skip": skip,
        }
        return f"{base}?{urlencode(fields)}"

    def file_name(self, skip: int) -> str:
        """Return the file name under which a page is saved."""
        words = re.sub(r"[^a-z]+", "-", self.description.lower()).strip("-")
        return f"{self.enumeration_type}_{words}_{self.prefix}_{skip}.json"

    def narrower(self) -> list[RegistryQuery]:
        """Return the ten queries whose prefix has one more digit."""
        return [RegistryQuery(self.enumeration_type, self.description, f"{self.prefix}{digit}") for digit in range(10)]


class Registry:
    """Reads pages of the registry, from ``folder`` if an earlier run saved them."""

    def __init__(
        self, client: Client, folder: Path, base: str = API_URL, progress: ProgressCallback = no_progress
    ) -> None:
        self._client = client
        self._folder = folder
        self._base = base
        self._progress = progress
        self._description_errors: dict[str, str] = {}

    def providers(self, prefixes: Sequence[str], may_contain: Callable[[str], bool]) -> Iterator[RegistryProvider]:
        """Yield the providers with a practice in these ZIP code prefixes, some more than once.

        ``may_contain`` says whether a longer prefix is to be queried. Raises FetchFailed.
        """
        queue = [
            RegistryQuery(*taxonomy, prefix)
            for prefix in reversed(prefixes)
            for taxonomy in reversed(TAXONOMY_DESCRIPTIONS)
        ]
        queries_done = 0
        while queue:
            query = queue.pop()
            pages = self._get_pages(query)
            full = all(len(page) == PAGE_SIZE for page in pages)
            if full and len(query.prefix) < MAX_PREFIX_DIGITS:
                self._check_narrowing(query, pages)
                queue += [narrow for narrow in reversed(query.narrower()) if may_contain(narrow.prefix)]
            if not full or len(query.prefix) >= ZIP_DIGITS:  # some addresses have five digits and no more
                yield from chain(*pages)
            queries_done += 1
            self._progress(f"{query.prefix}*", queries_done, queries_done + len(queue))
        if len(self._description_errors) == len({description for _, description in TAXONOMY_DESCRIPTIONS}):
            raise FetchFailed(self._base, "; ".join(self._description_errors.values()))

    def _check_narrowing(self, query: RegistryQuery, pages: list[list[RegistryProvider]]) -> None:
        """Raise if narrower queries could not complete the result: RegistryError or TooManyProviders."""
        codes = [
            {code for code in practice_zips(provider) if code.startswith(query.prefix)} for provider in chain(*pages)
        ]
        if not any(codes):
            raise RegistryError(query.url(self._base, 0), f"{query.prefix}*")
        if len(query.prefix) == ZIP_DIGITS and any(
            query.prefix in provider_codes for provider_codes in codes[-PAGE_SIZE:]
        ):
            # Addresses without the last four digits fill the pages, and no narrower query finds the rest of them.
            raise TooManyProviders(query.url(self._base, 0), query.prefix)

    def _get_pages(self, query: RegistryQuery) -> list[list[RegistryProvider]]:
        """Return all pages of a query, six at most."""
        pages: list[list[RegistryProvider]] = []
        for skip in range(0, MAX_SKIP + 1, PAGE_SIZE):
            pages.append(self._get_page(query, skip))
            if len(pages[-1]) < PAGE_SIZE:
                break
        return pages

    def _get_page(self, query: RegistryQuery, skip: int) -> list[RegistryProvider]:
        cached_page = self._folder / query.file_name(skip)
        url = query.url(self._base, skip)
        if not cached_page.exists():
            body = self._client.get(
                url, lambda body: _check_page(url, body), media_type="json", max_bytes=MAX_PAGE_BYTES
            )
            write_atomically(cached_page, body)
        return self._parse_page(query, json.loads(cached_page.read_bytes()))

    def _parse_page(self, query: RegistryQuery, response: Any) -> list[RegistryProvider]:
        error_text = _error_text(response, "taxonomy_description")
        if error_text:
            self._description_errors[query.description] = error_text
        return list(objects(response.get("results")))


def practice_zips(provider: RegistryProvider) -> Iterator[str]:
    """Yield the ZIP codes of a provider's practice addresses: five digits or nine."""
    addresses = [entry for entry in objects(provider.get("addresses")) if entry.get("address_purpose") == "LOCATION"]
    for address in (*addresses, *objects(provider.get("practiceLocations"))):
        yield text(address.get("postal_code"))


def _check_page(url: str, body: bytes) -> bytes:
    """Return the body of a page if it is complete. Raises IncompleteResponse or RegistryError."""
    try:
        response = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise IncompleteResponse(url) from error
    if not isinstance(response, dict):
        raise IncompleteResponse(url)
    if _error_text(response, "taxonomy_description"):
        return body  # an unknown description is not a failure: the page has no results
    error_text = _error_text(response)
    if error_text:
        raise RegistryError(url, error_text)
    results = list(objects(response.get("results")))
    if text(response.get("result_count")) != str(len(results)) or len(results) > PAGE_SIZE:
        raise IncompleteResponse(url)
    return body


def _error_text(response: dict[str, Any], field: str | None = None) -> str:
    """Return the text of the registry's errors, or of those about one field; empty if there are none."""
    errors = [error for error in objects(response.get("Errors")) if field in (None, error.get("field"))]
    return "; ".join(text(error.get("description")) or "?" for error in errors)
