"""Sealing: what is read back, what is refused, and that nothing shows through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.records.encryption import Seal, SealBroken, is_sealed

SEAL = Seal("a key for the tests alone")


@given(st.text(max_size=60))
def test_what_is_sealed_is_read_back_with_the_same_key_alone(text: str) -> None:
    sealed = SEAL.close(text, "x")
    assert is_sealed(sealed)
    assert Seal("a key for the tests alone").open(sealed, "x") == text
    for other, about in ((Seal("another key"), "x"), (SEAL, "y")):
        with pytest.raises(SealBroken):
            other.open(sealed, about)


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert SEAL.close("secret", "x") != SEAL.close("secret", "x")


@pytest.mark.parametrize("spoiled", ["", "1:", "1:AAAA", "JBSWY3DPEHPK3PXP", "2:abcd", "1:\u00e9", "1:" + "A" * 60])
def test_what_is_not_sealed_or_was_spoiled_is_refused(spoiled: str) -> None:
    with pytest.raises(SealBroken):
        SEAL.open(spoiled, "x")


def test_a_mark_is_the_same_for_one_key_and_tells_nothing_without_it() -> None:
    assert SEAL.mark("192.0.2.1") == Seal("a key for the tests alone").mark("192.0.2.1")
    assert len({SEAL.mark("192.0.2.1"), SEAL.mark("192.0.2.2"), Seal("another key").mark("192.0.2.1")}) == 3
