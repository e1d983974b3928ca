"""What every test may ask for."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from finder import create_app
from finder.records.people import passwords
from finder.settings import Settings

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.installation"]

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"

TODAY = date(2026, 11, 20)

settings.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("unhurried")
"""A busy machine is no failure; fixtures that examples share are only read."""


gc.set_threshold(100_000, 50, 100)
"""A worker holds the gazetteer and hundreds of modules: to walk through them often costs a twentieth of the run."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start slow tests before the others, in whatever order these are: no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session", autouse=True)
def true_hasher() -> Iterator[PasswordHasher]:
    """The hasher of the program, while the tests hash their thousand passwords with Argon2id at its cheapest."""
    true = passwords._HASHER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield true


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compile each template once for all workers: a test with an application of its own waits for none."""
    folder = folder_of_all_workers(tmp_path_factory) / "templates"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": FileSystemBytecodeCache(str(folder))})
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real public files beside the checkout; the test is skipped where there is none."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real public files is not beside this checkout")
    return SHARED_DATA


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder in which the bundled sample is published. Tests only read it; ``home`` is a copy to change."""
    from finder.intake.publishing.bootstrap import ensure_ready

    return made_once(tmp_path_factory, "sample", lambda folder: ensure_ready(Settings(home=folder, today=TODAY)))


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    """A state folder of the test's own, with the bundled sample published."""
    return Path(shutil.copytree(sample_home, tmp_path / "instance"))


@pytest.fixture(scope="session")
def sample_app(sample_home: Path) -> Flask:
    """The application over the published sample, shared by the tests that only read."""
    return make_app(sample_home)


@pytest.fixture
def app(home: Path) -> Flask:
    """The application over a state folder of the test's own."""
    return make_app(home)


@pytest.fixture
def client(sample_app: Flask) -> FlaskClient:
    """A visitor of the pages over the published sample."""
    return sample_app.test_client()


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return this worker's copy of a folder that ``make`` fills: the first worker has it made, the others wait."""
    made = folder_of_all_workers(tmp_path_factory) / name
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            unfinished = made.with_suffix(".unfinished")
            make(unfinished)
            unfinished.rename(made)
        return Path(shutil.copytree(made, tmp_path_factory.mktemp(name) / "instance"))


def folder_of_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the temporary folder that the workers of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


class Reader(FlaskClient):
    """A visitor who reads each answer to its end: one that is left open would end later, inside another request."""

    def open(self, *args: Any, buffered: bool = True, **more: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **more)


def make_app(home: Path) -> Flask:
    """Make the application as a test wants it: its own state folder, a fixed day, errors raised, answers read."""
    app = create_app(Settings(home=home, today=TODAY, secret_key="a key for the tests alone"))
    app.testing = True
    app.test_client_class = Reader
    return app
