"""Values of edits: what is written is read back, in the form that the records have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.records.edit_values import (
    EditedAddress,
    EditedPhone,
    EditField,
    is_field,
    join_answers,
    location_value,
    split_answers,
)

words = st.text(max_size=30)
digits = st.from_regex(r"[0-9]{0,10}", fullmatch=True)
names = st.from_regex(r"[a-z0-9_:.-]{1,80}", fullmatch=True)


@given(st.sampled_from(["plan", "confirmed", "fact"]), names)
def test_a_field_with_a_name_is_read_as_it_was_written(kind: str, name: str) -> None:
    field = EditField(kind, name)
    assert EditField.parse(str(field)) == field
    assert is_field(str(field))


@pytest.mark.parametrize("text", ["name", "credentials", "location_name", "address", "phone", "listing"])
def test_a_field_without_a_name_is_its_kind(text: str) -> None:
    assert EditField.parse(text) == EditField(text)
    assert is_field(text)


@pytest.mark.parametrize("text", ["", "name:", "plan:", "plan", "fact: x", "gender", "plan:A b", "phone:1", "name\n"])
def test_other_fields_are_none(text: str) -> None:
    assert not is_field(text)


@given(words, words, words, words)
def test_an_address_is_read_as_it_was_written(street: str, city: str, state: str, code: str) -> None:
    address = EditedAddress(street=street, city=city, state=state, zip=code)
    assert EditedAddress.parse(str(address)) == address


@given(digits, digits)
def test_a_phone_number_is_read_as_it_was_written(number: str, extension: str) -> None:
    assert EditedPhone.parse(str(EditedPhone(number, extension))) == EditedPhone(number, extension)


@given(st.lists(st.from_regex(r"[a-z_]{1,20}", fullmatch=True), min_size=1))
def test_the_answers_of_a_fact_are_read_in_their_order(answers: list[str]) -> None:
    assert split_answers(join_answers(answers)) == tuple(sorted(answers))


def test_a_place_is_written_as_the_records_have_it() -> None:
    row = {
        "name": "Élan", "street": "1 Main St", "city": "Añasco", "state": "PR", "zip": "006101234",
        "phone": "7875550100", "phone_extension": "12", "latitude": 18.3,
    }  # fmt: skip
    assert location_value("location_name", row) == "Élan"
    assert location_value("address", row) == (
        '{"street": "1 Main St", "city": "Añasco", "state": "PR", "zip": "006101234"}'
    )
    assert location_value("phone", row) == "7875550100 x12"
    assert location_value("phone", row | {"phone_extension": ""}) == "7875550100"
