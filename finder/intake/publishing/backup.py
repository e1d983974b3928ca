"""Backup of an installation in one file: the records, and the stored files of the releases and open drafts.

The file is a zip: ``backup.json``, ``records/<table>.jsonl``, ``store/<folder>/<sha256>``. It holds the hashes of
passwords and the encrypted secrets of second factors, so only its owner may read it (mode 0600). The secret key
that encrypts those is not in it and must be kept separately.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from finder.errors import FinderError
from finder.intake.publishing.publish import KEPT_RELEASES, needed_files
from finder.records.database import Records
from finder.records.dump import Dump, load
from finder.records.people.second_factor import lost_second_factors
from finder.releases.installation import Installation
from finder.releases.store import ReleaseFileDamaged, Store, scratch
from finder.settings import Settings

FORMAT = 1


class NoBackup(FinderError):
    """This file is not a backup of this program, or it is damaged. Nothing was changed."""


def write_backup(installation: Installation, path: Path) -> None:
    """Write a backup; the file gets its name once it is complete.

    Raises RecordsUnavailable, StoreUnavailable, ReleaseFileDamaged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished-{os.getpid()}")
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
    """Restore a backup into an installation without records. Raises NoBackup, RecordsNotEmpty, NewerBackup.

    Files go to the store first, where they do no harm; then the records, in one transaction. Returns the accounts
    whose second factor this installation cannot decrypt, because its secret key differs.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            header = json.loads(archive.read("backup.json"))
            if header["format"] != FORMAT:
                raise NoBackup
            _restore_files(Store.of(settings), archive, settings.home / "cache")
            url, secret_key = settings.records_url(), settings.signing_key()
            load(url, header["revision"], _tables(archive), secret_key=secret_key)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise NoBackup from error
    with closing(Records(url, secret_key)) as records, records.reading() as session:
        return lost_second_factors(session, records.seal)


def _needed_files(installation: Installation) -> Iterable[tuple[str, str]]:
    with installation.records.reading() as session:
        return sorted(set(needed_files(session, KEPT_RELEASES)))


def _restore_files(store: Store, archive: zipfile.ZipFile, work: Path) -> None:
    with scratch(work) as folder:
        for member in archive.namelist():
            if not member.startswith("store/"):
                continue
            _, kind, sha256 = member.split("/")
            unpacked = folder / "unpacked"
            with archive.open(member) as packed, unpacked.open("wb") as file:
                while chunk := packed.read(2**20):
                    file.write(chunk)
            if store.put("" if kind == "releases" else kind, unpacked) != sha256:
                raise ReleaseFileDamaged


def _tables(archive: zipfile.ZipFile) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the tables in the order in which they were written: referenced tables come first."""
    for member in archive.namelist():
        if member.startswith("records/"):
            with archive.open(member) as file:
                yield Path(member).stem, io.TextIOWrapper(file, encoding="utf-8")
