"""Encryption: round trips, refusals, and keyed hashes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.records.encryption import Seal, SealBroken, is_sealed

SEAL = Seal("a key for the tests alone")


@given(st.text(max_size=60))
def test_encrypted_text_is_decrypted_with_the_same_key_only(text: str) -> None:
    sealed = SEAL.close(text, "x")
    assert is_sealed(sealed)
    assert Seal("a key for the tests alone").open(sealed, "x") == text
    for other, about in ((Seal("another key"), "x"), (SEAL, "y")):
        with pytest.raises(SealBroken):
            other.open(sealed, about)


def test_equal_texts_are_encrypted_differently_each_time() -> None:
    assert SEAL.close("secret", "x") != SEAL.close("secret", "x")


@pytest.mark.parametrize("stored", ["", "1:", "1:AAAA", "JBSWY3DPEHPK3PXP", "2:abcd", "1:\u00e9", "1:" + "A" * 60])
def test_plain_or_damaged_text_is_refused(stored: str) -> None:
    with pytest.raises(SealBroken):
        SEAL.open(stored, "x")


def test_a_keyed_hash_is_stable_for_one_key_and_differs_for_another() -> None:
    assert SEAL.mark("192.0.2.1") == Seal("a key for the tests alone").mark("192.0.2.1")
    assert len({SEAL.mark("192.0.2.1"), SEAL.mark("192.0.2.2"), Seal("another key").mark("192.0.2.1")}) == 3
