"""The NPI Registry's API, version 2.1 (npiregistry.cms.hhs.gov/api-page): therapists and clinics by ZIP code prefix.

The registry gives at most 200 providers in a page and 1,200 to a question. A question that has more is asked again with
each longer prefix. Pages are kept as they come, so that no page is asked for twice.
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
from finder.intake.fetch.errors import CrowdedZip, CutShort, FetchFailed, RegistryError
from finder.intake.fetch.job import write_atomically
from finder.intake.fetch.progress import Progress, no_progress
from finder.intake.sources.formats.json_files import objects, text

ADDRESS = "https://npiregistry.cms.hhs.gov/api/"

PAGE = 200
LARGEST_SKIP = 1000
LONGEST_PREFIX = 9
ZIP_DIGITS = 5

LARGEST_PAGE = 32 * 1024 * 1024
"""Bytes. A page of 200 providers has less than one megabyte."""

DESCRIPTIONS = (
    ("NPI-1", "Physical Therapist*"),
    ("NPI-2", "Physical Therapist*"),
    ("NPI-2", "Physical Therapy*"),
    ("NPI-2", "Clinic/Center, Physical Therapy"),
)
"""Enumeration type and taxonomy description: the registry takes no codes. The star includes the specialties."""

Page = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """One question to the registry; its practice addresses only, never the mailing address."""

    enumeration_type: str
    description: str
    prefix: str

    def address(self, base: str, skip: int) -> str:
        """Return the address of one page of the answer."""
        fields = {
            "version": "2.1",
            "enumeration_type": self.enumeration_type,
            "taxonomy_description": self.description,
            "address_purpose": "LOCATION",
            "country_code": "US",
            "postal_code": f"{self.prefix}*" if len(self.prefix) < LONGEST_PREFIX else self.prefix,
            "limit": PAGE,
            "skip": skip,
        }
        return f"{base}?{urlencode(fields)}"

    def file_name(self, skip: int) -> str:
        """Return the name under which a page is kept."""
        words = re.sub(r"[^a-z]+", "-", self.description.lower()).strip("-")
        return f"{self.enumeration_type}_{words}_{self.prefix}_{skip}.json"

    def narrower(self) -> list[Question]:
        """Return the ten questions that ask for the same with one more digit."""
        return [Question(self.enumeration_type, self.description, f"{self.prefix}{digit}") for digit in range(10)]


class Registry:
    """Asks the registry, or takes the page that it gave before."""

    def __init__(self, client: Client, folder: Path, base: str = ADDRESS, progress: Progress = no_progress) -> None:
        self._client = client
        self._folder = folder
        self._base = base
        self._progress = progress
        self._refusals: dict[str, str] = {}

    def providers(self, prefixes: Sequence[str], may_hold: Callable[[str], bool]) -> Iterator[Page]:
        """Yield the providers with a practice in these prefixes, some more than once.

        ``worth`` says whether a longer prefix is wanted. Raises FetchFailed.
        """
        queue = [Question(*kind, prefix) for prefix in reversed(prefixes) for kind in reversed(DESCRIPTIONS)]
        questions_done = 0
        while queue:
            question = queue.pop()
            pages = self._pages(question)
            full = all(len(page) == PAGE for page in pages)
            if full and len(question.prefix) < LONGEST_PREFIX:
                self._check_narrowing(question, pages)
                queue += [narrow for narrow in reversed(question.narrower()) if may_hold(narrow.prefix)]
            if not full or len(question.prefix) >= ZIP_DIGITS:  # some addresses have five digits and no more
                yield from chain(*pages)
            questions_done += 1
            self._progress(f"{question.prefix}*", questions_done, questions_done + len(queue))
        if len(self._refusals) == len({description for _, description in DESCRIPTIONS}):
            raise FetchFailed(self._base, "; ".join(self._refusals.values()))

    def _check_narrowing(self, question: Question, pages: list[list[Page]]) -> None:
        """Refuse an answer that narrower questions would not complete, or never end."""
        codes = [
            {code for code in practice_zips(provider) if code.startswith(question.prefix)} for provider in chain(*pages)
        ]
        if not any(codes):
            raise RegistryError(question.address(self._base, 0), f"{question.prefix}*")
        if len(question.prefix) == ZIP_DIGITS and any(
            question.prefix in provider_codes for provider_codes in codes[-PAGE:]
        ):
            # Addresses without the last four digits fill the answer, and no narrower question finds the rest of them.
            raise CrowdedZip(question.address(self._base, 0), question.prefix)

    def _pages(self, question: Question) -> list[list[Page]]:
        """Get all pages of an answer, six at most."""
        pages: list[list[Page]] = []
        for skip in range(0, LARGEST_SKIP + 1, PAGE):
            pages.append(self._page(question, skip))
            if len(pages[-1]) < PAGE:
                break
        return pages

    def _page(self, question: Question, skip: int) -> list[Page]:
        cached_page = self._folder / question.file_name(skip)
        address = question.address(self._base, skip)
        if not cached_page.exists():
            body = self._client.ask(address, lambda body: _checked(address, body), kind="json", limit=LARGEST_PAGE)
            write_atomically(cached_page, body)
        return self._results(question, json.loads(cached_page.read_bytes()))

    def _results(self, question: Question, answer: Any) -> list[Page]:
        complaint = _complaint(answer, "taxonomy_description")
        if complaint:
            self._refusals[question.description] = complaint
        return list(objects(answer.get("results")))


def practice_zips(provider: Page) -> Iterator[str]:
    """Yield the ZIP codes of a provider's practice addresses: five digits or nine."""
    main = [address for address in objects(provider.get("addresses")) if address.get("address_purpose") == "LOCATION"]
    for address in (*main, *objects(provider.get("practiceLocations"))):
        yield text(address.get("postal_code"))


def _checked(address: str, body: bytes) -> bytes:
    """Return the body of a page if it is whole. Raises CutShort or RegistryError."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CutShort(address) from error
    if not isinstance(answer, dict):
        raise CutShort(address)
    if _complaint(answer, "taxonomy_description"):  # it knows no such description: an empty answer, every time
        return body
    complaint = _complaint(answer)
    if complaint:
        raise RegistryError(address, complaint)
    results = list(objects(answer.get("results")))
    if text(answer.get("result_count")) != str(len(results)) or len(results) > PAGE:
        raise CutShort(address)
    return body


def _complaint(answer: Page, field: str | None = None) -> str:
    """Return the words of the registry's error, or of that about one field; empty if there is none."""
    errors = [error for error in objects(answer.get("Errors")) if field in (None, error.get("field"))]
    return "; ".join(text(error.get("description")) or "?" for error in errors)
