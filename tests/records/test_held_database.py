"""A database that another transaction holds: how long writers wait, and how many at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from finder.records.database import Records, RecordsBusy
from finder.records.people.attempts import REPORTS_BY_NETWORK, add_attempt
from finder.records.writer_gate import GateFull, Patience, WriterGate
from tests.fixtures.databases import held

KEY = "a key for the tests alone"

LONG = 600
"""Seconds of patience that no test comes to the end of."""


def write(records: Records, *, patient: bool = False) -> None:
    with records.writing(patient=patient) as session:
        add_attempt(session, REPORTS_BY_NETWORK, "a network", at=datetime.now(UTC))


@contextmanager
def opened(url: str, patience: Patience) -> Iterator[Records]:
    with closing(Records(url, KEY, patience=patience)) as records:
        yield records


def test_a_writer_waits_no_longer_than_its_patience(migrated_url: str) -> None:
    with opened(migrated_url, Patience(0.05, writers=2)) as records:
        with held(migrated_url), pytest.raises(RecordsBusy):
            write(records)
        write(records)


def test_no_more_threads_than_two_wait(migrated_url: str) -> None:
    """Of eight, six are refused while the database is still held; the two that wait write afterwards."""
    refused: list[int] = []
    written: list[int] = []

    def try_to_write() -> None:
        try:
            write(records)
            written.append(1)
        except RecordsBusy:
            refused.append(1)

    with opened(migrated_url, Patience(LONG, writers=2)) as records:
        threads = [threading.Thread(target=try_to_write) for _ in range(8)]
        with held(migrated_url):
            for thread in threads:
                thread.start()
            while sum(thread.is_alive() for thread in threads) > 2:
                time.sleep(0.01)
            assert (len(refused), len(written)) == (6, 0)
        for thread in threads:
            thread.join()
        assert (len(refused), len(written)) == (6, 2)


def test_what_ends_long_work_waits_beside_the_gate(migrated_url: str) -> None:
    with opened(migrated_url, Patience(0.05, writers=1)) as records:
        patient = threading.Thread(target=write, args=[records], kwargs={"patient": True})
        with held(migrated_url):
            patient.start()
            with pytest.raises(RecordsBusy):
                write(records)
            assert patient.is_alive()
        patient.join()
        write(records)


def test_a_statement_that_takes_too_long_is_ended(migrated_url: str) -> None:
    if migrated_url.startswith("sqlite"):
        pytest.skip("SQLite works in the thread itself: there is no server that could hang")
    with opened(migrated_url, Patience(0.05, writers=2)) as records, pytest.raises(RecordsBusy):  # noqa: SIM117
        with records.writing() as session:
            session.execute(text("SELECT pg_sleep(60)"))


def test_a_thread_passes_the_gate_when_those_inside_need_only_a_moment() -> None:
    gate, order = WriterGate(1, moment=LONG), list[str]()

    def second() -> None:
        with gate.place():
            order.append("second")

    second_thread = threading.Thread(target=second)
    with gate.place():
        second_thread.start()
        order.append("first")
    second_thread.join()
    assert order == ["first", "second"]


def test_a_thread_is_refused_at_once_when_those_inside_need_longer() -> None:
    gate = WriterGate(1, moment=0)
    with gate.place(), pytest.raises(GateFull), gate.place():
        pass
    with gate.place():
        pass
