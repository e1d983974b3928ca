"""Where the large public files lie today, by the pages and catalogues of those who publish them.

NPPES lists its zips on a web page; CMS describes its data sets in JSON (the provider data's metastore, ``data.json``).
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from finder.intake.fetch.client import Client
from finder.intake.fetch.download import safe_name
from finder.intake.fetch.errors import CutShort, NotListed
from finder.intake.sources.formats.json_files import objects

NPPES = "https://download.cms.gov/nppes/NPI_Files.html"
CLINICIANS = (
    "https://data.cms.gov/provider-data/api/1/metastore/schemas/dataset/items/mj5m-pzi6?show-reference-ids=false"
)
UTILIZATION = "https://data.cms.gov/data.json"

UTILIZATION_TITLE = "Medicare Physician & Other Practitioners - by Provider and Service"

LARGEST_PAGE = 4 * 1024 * 1024
LARGEST_CATALOGUE = 128 * 1024 * 1024
"""Bytes. The catalogue of all of CMS's data has some ten megabytes."""

_MONTHLY = re.compile(r"NPPES_Data_Dissemination_([A-Z][a-z]+)_(\d{4})(?:_V(\d))?\.zip")
_WEEKLY = re.compile(r"NPPES_Data_Dissemination_\d{6}_(\d{6})_Weekly(?:_V(\d))?\.zip")
_DEACTIVATED = re.compile(r"NPPES_Deactivated_NPI_Report_(\d{6})(?:_V(\d))?\.zip")
_MONTHS = list(calendar.month_name)


@dataclass(frozen=True)
class PublishedFile:
    """A file that is published: its address, and the name under which it is kept."""

    address: str
    name: str


@dataclass(frozen=True, order=True)
class _Zip:
    """A zip on NPPES's page, in the order of date and layout version."""

    day: date
    version: int
    address: str


def nppes_files(client: Client, page: str = NPPES) -> list[PublishedFile]:
    """Return the newest monthly file, the weekly files since its month began, and the newest deactivation report."""
    links = client.ask(page, lambda body: _links(page, body), kind="html", limit=LARGEST_PAGE)
    monthly = _newest(page, links, _MONTHLY)
    weekly = {zip_file.day: zip_file for zip_file in sorted(_zips(links, _WEEKLY)) if zip_file.day >= monthly.day}
    chosen = [monthly, *weekly.values(), _newest(page, links, _DEACTIVATED)]
    return [PublishedFile(zip_file.address, safe_name(zip_file.address)) for zip_file in chosen]


def clinicians_file(client: Client, item: str = CLINICIANS) -> PublishedFile:
    """Return the Doctors & Clinicians file, with the day of its last change in its name, as its rows have no date."""
    dataset = client.ask(item, lambda body: _object(item, body), kind="json", limit=LARGEST_PAGE)
    day = str(dataset.get("modified", ""))[:10]
    for address, _ in _csv_files(item, dataset):
        name = safe_name(address).removesuffix(".csv")
        return PublishedFile(address, f"{name}_{day}.csv" if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else f"{name}.csv")
    raise NotListed(item)


def utilization_file(client: Client, catalogue: str = UTILIZATION) -> PublishedFile:
    """Return the newest year of the utilization file."""
    found = client.ask(catalogue, lambda body: _object(catalogue, body), kind="json", limit=LARGEST_CATALOGUE)
    datasets = [dataset for dataset in objects(found.get("dataset")) if dataset.get("title") == UTILIZATION_TITLE]
    years = [(period, address) for dataset in datasets for address, period in _csv_files(catalogue, dataset)]
    if not years:
        raise NotListed(catalogue)
    address = max(years)[1]
    return PublishedFile(address, safe_name(address))


def _newest(page: str, links: list[str], pattern: re.Pattern[str]) -> _Zip:
    newest = max(_zips(links, pattern), default=None)
    if newest is None:
        raise NotListed(page)
    return newest


def _zips(links: list[str], pattern: re.Pattern[str]) -> Iterator[_Zip]:
    """Yield the links whose file name has a form, with the date that it says."""
    for link in links:
        match = pattern.fullmatch(link.rsplit("/", 1)[-1])
        day = _day(*match.groups()[:-1]) if match else None
        if match and day:
            yield _Zip(day, int(match[match.lastindex or 0]) if match.groups()[-1] else 1, link)


def _day(first: str, year: str = "") -> date | None:
    """Read ``November``, ``2026`` as its first day; ``110826`` as the month, day and year that it is."""
    try:
        return date(int(year), _MONTHS.index(first), 1) if year else datetime.strptime(first, "%m%d%y").date()  # noqa: DTZ007
    except ValueError:
        return None


def _csv_files(base: str, dataset: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the address of each CSV file of a data set, and the period that it covers."""
    for entry in objects(dataset.get("distribution")):
        inner = entry.get("data")
        described = inner if isinstance(inner, dict) else entry
        address = described.get("downloadURL")
        if isinstance(address, str) and (described.get("mediaType") == "text/csv" or address.lower().endswith(".csv")):
            yield urljoin(base, address), str(described.get("temporal", "")).rsplit("/", 1)[-1]


def _links(page: str, body: bytes) -> list[str]:
    parser = _Links()
    parser.feed(body.decode("utf-8", errors="replace"))
    return [urljoin(page, link) for link in parser.found]


class _Links(HTMLParser):
    """Collects where the links of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _object(address: str, body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CutShort(address) from error
    if not isinstance(found, dict):
        raise CutShort(address)
    return found
