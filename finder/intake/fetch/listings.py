"""Find the current URLs of the bulk files on the publishers' pages and catalogs.

NPPES lists its zips on a web page; CMS describes its data sets in JSON (the metastore of the provider data catalog,
``data.json``).
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
from finder.intake.fetch.errors import FileNotListed, IncompleteResponse
from finder.intake.sources.formats.json_files import objects

NPPES_URL = "https://download.cms.gov/nppes/NPI_Files.html"
CLINICIANS_URL = (
    "https://data.cms.gov/provider-data/api/1/metastore/schemas/dataset/items/mj5m-pzi6?show-reference-ids=false"
)
UTILIZATION_URL = "https://data.cms.gov/data.json"

UTILIZATION_TITLE = "Medicare Physician & Other Practitioners - by Provider and Service"

MAX_PAGE_BYTES = 4 * 1024 * 1024
MAX_CATALOG_BYTES = 128 * 1024 * 1024
"""The catalog of all of CMS's data has some ten megabytes."""

_MONTHLY = re.compile(r"NPPES_Data_Dissemination_([A-Z][a-z]+)_(\d{4})(?:_V(\d))?\.zip")
_WEEKLY = re.compile(r"NPPES_Data_Dissemination_\d{6}_(\d{6})_Weekly(?:_V(\d))?\.zip")
_DEACTIVATED = re.compile(r"NPPES_Deactivated_NPI_Report_(\d{6})(?:_V(\d))?\.zip")
_MONTHS = list(calendar.month_name)


@dataclass(frozen=True)
class PublishedFile:
    """A published file: its URL, and the name under which it is saved."""

    url: str
    name: str


@dataclass(frozen=True, order=True)
class _ListedZip:
    """A zip on the page of NPPES, ordered by date and layout version."""

    day: date
    version: int
    url: str


def nppes_files(client: Client, page_url: str = NPPES_URL) -> list[PublishedFile]:
    """Return the newest monthly file, the weekly files since its month began, and the newest deactivation report.

    Raises FetchFailed.
    """
    links = client.get(page_url, lambda body: _parse_links(page_url, body), media_type="html", max_bytes=MAX_PAGE_BYTES)
    monthly = _newest(page_url, links, _MONTHLY)
    weekly = {listed.day: listed for listed in sorted(_listed_zips(links, _WEEKLY)) if listed.day >= monthly.day}
    newest = [monthly, *weekly.values(), _newest(page_url, links, _DEACTIVATED)]
    return [PublishedFile(listed.url, safe_name(listed.url)) for listed in newest]


def clinicians_file(client: Client, item_url: str = CLINICIANS_URL) -> PublishedFile:
    """Return the Doctors & Clinicians file, with the day of its last change in its name: its rows have no date.

    Raises FetchFailed.
    """
    dataset = client.get(
        item_url, lambda body: _json_object(item_url, body), media_type="json", max_bytes=MAX_PAGE_BYTES
    )
    day = str(dataset.get("modified", ""))[:10]
    for url, _ in _csv_files(item_url, dataset):
        name = safe_name(url).removesuffix(".csv")
        return PublishedFile(url, f"{name}_{day}.csv" if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else f"{name}.csv")
    raise FileNotListed(item_url)


def utilization_file(client: Client, catalog_url: str = UTILIZATION_URL) -> PublishedFile:
    """Return the utilization file of the newest year. Raises FetchFailed."""
    catalog = client.get(
        catalog_url, lambda body: _json_object(catalog_url, body), media_type="json", max_bytes=MAX_CATALOG_BYTES
    )
    datasets = [dataset for dataset in objects(catalog.get("dataset")) if dataset.get("title") == UTILIZATION_TITLE]
    years = [(period, url) for dataset in datasets for url, period in _csv_files(catalog_url, dataset)]
    if not years:
        raise FileNotListed(catalog_url)
    url = max(years)[1]
    return PublishedFile(url, safe_name(url))


def _newest(page_url: str, links: list[str], pattern: re.Pattern[str]) -> _ListedZip:
    newest = max(_listed_zips(links, pattern), default=None)
    if newest is None:
        raise FileNotListed(page_url)
    return newest


def _listed_zips(links: list[str], pattern: re.Pattern[str]) -> Iterator[_ListedZip]:
    """Yield the links whose file name matches a pattern, with the date in the name."""
    for link in links:
        match = pattern.fullmatch(link.rsplit("/", 1)[-1])
        day = _parse_day(*match.groups()[:-1]) if match else None
        if match and day:
            yield _ListedZip(day, int(match[match.lastindex or 0]) if match.groups()[-1] else 1, link)


def _parse_day(first: str, year: str = "") -> date | None:
    """Return the first day of ``November``, ``2026``, or the day of ``110826`` (month, day, year); None for neither."""
    try:
        return date(int(year), _MONTHS.index(first), 1) if year else datetime.strptime(first, "%m%d%y").date()  # noqa: DTZ007
    except ValueError:
        return None


def _csv_files(base: str, dataset: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the URL of each CSV file of a data set, and the last day of its period as text."""
    for entry in objects(dataset.get("distribution")):
        inner = entry.get("data")
        file_entry = inner if isinstance(inner, dict) else entry
        url = file_entry.get("downloadURL")
        if isinstance(url, str) and (file_entry.get("mediaType") == "text/csv" or url.lower().endswith(".csv")):
            yield urljoin(base, url), str(file_entry.get("temporal", "")).rsplit("/", 1)[-1]


def _parse_links(page_url: str, body: bytes) -> list[str]:
    parser = _LinkParser()
    parser.feed(body.decode("utf-8", errors="replace"))
    return [urljoin(page_url, link) for link in parser.found]


class _LinkParser(HTMLParser):
    """Collects the ``href`` of every link of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _json_object(url: str, body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise IncompleteResponse(url) from error
    if not isinstance(found, dict):
        raise IncompleteResponse(url)
    return found
