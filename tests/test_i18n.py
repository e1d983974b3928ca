"""Messages with typed placeholders, and formats of money, shares and dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from finder.i18n import Message, day, money, percent, word


def test_each_kind_of_value_is_formatted_for_readers() -> None:
    message = Message(
        "You pay {share:percent} of {fee:money}: {amount:money} on {when:date}, {count:number} times, {who}.",
        {
            "share": Decimal("0.20"),
            "fee": Decimal("1234.5"),
            "amount": Decimal("246.90"),
            "when": date(2026, 10, 5),
            "count": 1000,
            "who": Message("that is all"),
        },
    )
    assert word(message) == "You pay 20% of $1,234.50: $246.90 on October 5, 2026, 1,000 times, that is all."


@pytest.mark.parametrize(("share", "written"), [("1.0925", "109.25%"), ("0.5", "50%"), ("0", "0%"), ("1", "100%")])
def test_a_share_keeps_its_decimals(share: str, written: str) -> None:
    assert percent(Decimal(share)) == written


def test_spanish_in_the_united_states_writes_dollars_the_same_and_dates_its_own_way() -> None:
    assert money(Decimal("1234.50"), "es") == "$1,234.50"
    assert day(date(2026, 10, 5), "es") == "5 de octubre de 2026"


def test_a_float_is_never_written_as_money() -> None:
    with pytest.raises(ValueError, match="money"):
        word(Message("{amount:money}", {"amount": 1.5}))


def test_braces_in_a_value_are_text() -> None:
    assert word(Message("We do not know {place}.", {"place": "{amount:money}"})) == "We do not know {amount:money}."
