"""Which server an entry comes from, and the names by which references find it.

An id means something on its own server only. The address of an entry (``fullUrl``) names the server: all files of one
server refer to each other, files of different servers never do. An entry without such an address belongs to its bundle,
and a line of a bulk export to the files of its folder or zip, which are one directory: the bundle or directory is of
the server that its other entries name, else its search address, else its absolute references, if that is one server.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from finder.intake.sources.formats.fhir import npi_of
from finder.intake.sources.formats.files import SourceFile
from finder.intake.sources.formats.json_files import objects, text
from finder.intake.sources.payers.plan_net.entries import Entry
from finder.intake.sources.payers.plan_net.links import references_of

_ADDRESS = re.compile(r"https?://(.+)", re.IGNORECASE)
_RESOURCE_ADDRESS = re.compile(r"(.+)/([A-Z][A-Za-z]+/[^/]+)")
_SELF_LINKS = (
    re.compile(rb'"relation"\s*:\s*"self"\s*,\s*"url"\s*:\s*"([^"]+)"'),
    re.compile(rb'"url"\s*:\s*"([^"]+)"\s*,\s*"relation"\s*:\s*"self"'),
)


class Servers:
    """The servers of the files that are read together; complete once all entries are observed."""

    def __init__(self, files: Sequence[SourceFile]) -> None:
        self._scopes = [_scope(file, number) for number, file in enumerate(files)]
        self._stated: dict[str, set[str]] = defaultdict(set)
        self._hosts: dict[str, set[str]] = defaultdict(set)
        self._referred: dict[str, set[str]] = defaultdict(set)
        self._searched = {scope: _searched_base(file) for scope, file in zip(self._scopes, files, strict=True)}

    def learn_from(self, entry: Entry) -> None:
        """Learn from an entry which server its file is of."""
        scope = self._scopes[entry.file]
        address = _without_scheme(entry.full_url)
        if base := _split(address)[0]:
            self._stated[scope].add(base)
        elif "/" in address:
            self._hosts[scope].add(address.rpartition("/")[0])
        if not self._stated[scope]:
            bases = (_split(_without_scheme(_target(reference)))[0] for reference in references_of(entry.resource))
            self._referred[scope].update(filter(None, bases))

    def server(self, entry: Entry) -> str:
        """Return the address of an entry's server without its scheme, empty if nothing says it."""
        outermost = entry.outermost()
        scope = self._scopes[entry.file]
        base = _split(_without_scheme(outermost.full_url))[0]
        return base or self._home(scope) or _only(self._hosts[scope])

    def only_server(self) -> str:
        """Return the server of all files, empty if they are of several or nothing says it."""
        return _only({self._home(scope) or _only(self._hosts[scope]) for scope in self._scopes})

    def scope(self, entry: Entry) -> str:
        """Return what an entry without a server belongs to: its bundle, or the directory of its export."""
        return self._scopes[entry.file]

    def names(self, entry: Entry) -> Iterator[str]:
        """Yield the names of an entry."""
        scope = self._scopes[entry.file]
        address = _without_scheme(entry.full_url)
        base, local = _split(address)
        if base:
            yield f"{base}|{local}"
        elif address:
            yield f"|{address}"
        elif entry.full_url:
            yield f"{scope}|{_unversioned(entry.full_url)}"
        spaces = [base] if base else [scope, *(() if entry.full_url else filter(None, [self._home(scope)]))]
        npi = npi_of(entry.resource)
        for space in spaces:
            if identity := text(entry.resource.get("id")):
                yield f"{space}|{entry.kind}/{identity}"
            if npi:
                yield f"{space}|npi/{npi}"

    def targets(self, reference: Any, entry: Entry) -> Iterator[str]:
        """Yield the names that a reference in an entry may mean, the most reliable first."""
        scope = self._scopes[entry.file]
        home = self._home(scope)
        own = _split(_without_scheme(entry.outermost().full_url))[0]
        spaces = list(dict.fromkeys(filter(None, (own, scope, home))))
        target = _target(reference)
        address = _without_scheme(target)
        base, local = _split(address)
        if base:
            yield f"{base}|{local}"
            if base == home:
                yield f"{scope}|{local}"
        elif address:
            yield f"|{address}"
        elif target and not target.startswith("#"):
            yield from (f"{space}|{target}" for space in spaces)
        if npi := npi_of({"identifier": [reference.get("identifier")]} if isinstance(reference, dict) else {}):
            yield from (f"{space}|npi/{npi}" for space in spaces)

    def _home(self, scope: str) -> str:
        return _only(self._stated[scope] or {self._searched[scope]} - {""} or self._referred[scope])


def contained_name(reference: Any) -> str:
    """Return the id of a reference to a contained resource (``#p1``), empty for other references."""
    target = _target(reference)
    return target[1:] if target.startswith("#") else ""


def contained(entry: Entry) -> Iterator[Entry]:
    """Yield the resources that an entry contains."""
    for item in objects(entry.resource.get("contained")):
        yield Entry(item, entry.file, container=entry)


def contained_in(entry: Entry, name: str) -> Entry | None:
    """Return the resource of an id among those that the outermost resource contains."""
    return next((inner for inner in contained(entry.outermost()) if text(inner.resource.get("id")) == name), None)


def written(reference: Any) -> str:
    """Return a reference as a notice shows it: its target, else the NPI in it."""
    if not isinstance(reference, dict):
        return ""
    return _target(reference) or npi_of({"identifier": [reference.get("identifier")]})


def _scope(file: SourceFile, number: int) -> str:
    is_bundle = b'"Bundle"' in file.start or b'"entry"' in file.start
    folder = file.path if file.member else file.path.parent
    return f"bundle {number}" if is_bundle else f"folder {folder}"


def _searched_base(file: SourceFile) -> str:
    """Return the server of a bundle of search results by the address that was asked."""
    beginning = file.start.split(b'"entry"')[0]
    link = next((found for pattern in _SELF_LINKS if (found := pattern.search(beginning))), None)
    address = _without_scheme(link[1].decode("utf-8", errors="replace").replace("\\/", "/")) if link else ""
    return re.sub(r"/[A-Z][A-Za-z]+(/_search)?$", "", address.partition("?")[0].rstrip("/"))


def _target(reference: Any) -> str:
    return _unversioned(text(reference.get("reference"))) if isinstance(reference, dict) else ""


def _unversioned(target: str) -> str:
    return target.split("/_history/")[0].rstrip("/")


def _without_scheme(address: str) -> str:
    """Return a web address without its scheme, the host in lower case; empty for other text."""
    found = _ADDRESS.fullmatch(_unversioned(address))
    if not found:
        return ""
    host, slash, path = found[1].partition("/")
    return host.lower() + slash + path


def _split(address: str) -> tuple[str, str]:
    """Split the address of a resource into its server and ``Kind/id``; both are empty for other addresses."""
    found = _RESOURCE_ADDRESS.fullmatch(address)
    return (found[1], found[2]) if found else ("", "")


def _only(found: set[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""
