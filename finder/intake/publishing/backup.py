"""Backup of an installation in one file: the records, and the stored files of the releases and open drafts.

The file is a zip: ``backup.json``, ``records/<table>.jsonl``, ``store/<folder>/<sha256>``. It holds the hashes of
passwords and the encrypted secrets of second factors, so only its owner may read it (mode 0600). The secret key
that encrypts those is not in it and must be kept separately.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from glob import escape
from pathlib import Path
from typing import IO, Any

from finder.directory.release.file_format import file_sha256
from finder.disk import UNFINISHED, remove_unfinished
from finder.errors import FinderError
from finder.intake.publishing.publish import KEPT_RELEASES, needed_files
from finder.intake.unpacking.budget import Allowance, backup_budget
from finder.intake.unpacking.errors import BrokenArchive
from finder.intake.unpacking.zips import READING_ERRORS, open_zip
from finder.records.database import Records
from finder.records.dump import Dump, load
from finder.records.people.second_factor import lost_second_factors
from finder.releases.installation import Installation
from finder.releases.store import SUFFIXES, ReleaseFileDamaged, Store, scratch
from finder.settings import Settings

FORMAT = 1

LARGEST_HEADER = 64 * 1024
LONGEST_LINE = 16 * 1024 * 1024
"""Characters of one record: the longest, of a draft with its manifest, have some hundred thousand."""

_STORED_FILE = re.compile(r"store/([a-z]+)/([0-9a-f]{64})")


class NoBackup(FinderError):
    """This file is not a backup of this program, or it is damaged. Nothing was changed."""


def write_backup(installation: Installation, path: Path) -> None:
    """Write a backup; the file gets its name once it is complete.

    Raises RecordsUnavailable, StoreUnavailable, ReleaseFileDamaged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_unfinished(path.parent, f"*-{escape(path.name)}")
    unfinished = path.with_name(f"{UNFINISHED}{os.getpid()}-{path.name}")
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, Dump(installation.records) as dump:
                header = {"format": FORMAT, "revision": dump.revision()}
                archive.writestr("backup.json", json.dumps(header))
                for name, lines in dump.tables():
                    with archive.open(f"records/{name}.jsonl", "w") as member:
                        member.writelines(line.encode() for line in lines)
                for folder, sha256 in _needed_files(installation):
                    archive.write(installation.store.verify(folder, sha256), f"store/{folder or 'releases'}/{sha256}")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def restore_backup(settings: Settings, path: Path) -> list[str]:
    """Restore a backup into an installation without records.

    Raises NoBackup, RecordsNotEmpty, NewerBackup, and ArchiveTooLarge for what unpacks to more than the settings allow.
    Files go to the store first, where they do no harm; then the records, in one transaction. Returns the accounts
    whose second factor this installation cannot decrypt, because its secret key differs.
    """
    allowance = Allowance(backup_budget(settings.unpack_limit_gb))
    try:
        with open_zip(path, path.name, allowance, path) as archive:
            header = _read_header(archive)
            stored = _stored_files(archive)
            _restore_files(Store.of(settings), archive, stored, settings.home / "cache")
            url, secret_key = settings.records_url(), settings.signing_key()
            load(url, header["revision"], _tables(archive), secret_key=secret_key)
    except (BrokenArchive, FileNotFoundError, IsADirectoryError, *READING_ERRORS, KeyError, ValueError) as error:
        raise NoBackup from error
    with closing(Records(url, secret_key)) as records, records.reading() as session:
        return lost_second_factors(session, records.seal)


def _needed_files(installation: Installation) -> Iterable[tuple[str, str]]:
    with installation.records.reading() as session:
        return sorted(set(needed_files(session, KEPT_RELEASES)))


def _read_header(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Return what a backup says of itself. Raises NoBackup, KeyError."""
    with archive.open("backup.json") as file:
        header = json.loads(file.read(LARGEST_HEADER))
    if not isinstance(header, dict) or header["format"] != FORMAT:
        raise NoBackup
    return header


def _stored_files(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """Return the folder and SHA-256 of each stored file, by the name of its entry. Raises NoBackup."""
    stored = {}
    for member in archive.namelist():
        if member.startswith("store/"):
            match = _STORED_FILE.fullmatch(member)
            folder = match[1].replace("releases", "") if match else None
            if match is None or folder not in SUFFIXES:
                raise NoBackup
            stored[member] = (folder, match[2])
    return stored


def _restore_files(store: Store, archive: zipfile.ZipFile, stored: Mapping[str, tuple[str, str]], work: Path) -> None:
    with scratch(work) as scratch_folder:
        for member, (folder, sha256) in stored.items():
            unpacked = scratch_folder / "unpacked"
            with archive.open(member) as packed, unpacked.open("wb") as file:
                shutil.copyfileobj(packed, file, 2**20)
            if file_sha256(unpacked) != sha256:
                raise ReleaseFileDamaged
            store.put(folder, unpacked)


def _tables(archive: zipfile.ZipFile) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the tables in the order in which they were written: referenced tables come first."""
    for member in archive.namelist():
        if member.startswith("records/"):
            with archive.open(member) as file:
                yield Path(member).stem, _lines(file)


def _lines(file: IO[bytes]) -> Iterator[str]:
    """Yield the records of a table. Raises NoBackup for one that is too long to be true."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise NoBackup
        yield line.decode("utf-8")
