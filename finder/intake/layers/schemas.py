"""Pandera schemas for the values of a release; each check is named by the code of its notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from finder.digits import is_digits
from finder.intake.cleaning.fields import is_npi
from finder.places.gazetteer import Gazetteer

Failure = tuple[str, str, str, str]
"""Notice code, table, column, value."""


def failures(tables: Mapping[str, pd.DataFrame], gazetteer: Gazetteer, today: date) -> Iterator[Failure]:
    """Yield every value of a release's tables that fails its check."""
    from pandera.errors import SchemaErrors  # imported only for staging, as it is slow

    for name, schema in _schemas(gazetteer, today).items():
        try:
            schema.validate(tables[name], lazy=True)
        except SchemaErrors as error:
            cases = error.failure_cases
            for code, column, value in zip(cases["check"], cases["column"], cases["failure_case"], strict=True):
                yield str(code), name, str(column), str(value)
    location = tables["location"]
    for zip_code in location.loc[_zip_in_other_state(location, gazetteer), "zip"]:
        yield "zip_not_in_state", "location", "zip", str(zip_code)


def _schemas(gazetteer: Gazetteer, today: date) -> dict[str, Any]:
    import pandera.pandas as pandera

    def column(code: str, is_valid: Any, *, empty: bool = True) -> Any:
        """Return a text column whose distinct values must pass a check."""

        def check_values(values: pd.Series[str]) -> pd.Series[bool]:
            results = {value: (empty and value == "") or bool(is_valid(value)) for value in values.unique()}
            return values.map(results).astype("bool")

        return pandera.Column(checks=pandera.Check(check_values, name=code))

    def not_in_future(text: str) -> bool:
        return text <= today.isoformat()

    return {
        "provider": pandera.DataFrameSchema(
            {
                "npi": column("npi_invalid", is_npi, empty=False),
                "name_as_of": column("date_in_future", not_in_future),
                "credentials_as_of": column("date_in_future", not_in_future),
            }
        ),
        "location": pandera.DataFrameSchema(
            {
                "zip": column("zip_unknown", lambda text: gazetteer.state_of(text[:5]) is not None),
                "phone": column("phone_invalid", lambda text: is_digits(text, 10)),
                "address_as_of": column("date_in_future", not_in_future),
                "phone_as_of": column("date_in_future", not_in_future),
                "latitude": pandera.Column(
                    nullable=True, checks=pandera.Check.between(-15, 72, name="coordinates_invalid")
                ),
                "longitude": pandera.Column(
                    nullable=True, checks=pandera.Check.between(-180, 180, name="coordinates_invalid")
                ),
            }
        ),
        "insurance": pandera.DataFrameSchema({"as_of": column("date_in_future", not_in_future)}),
        "specialty": pandera.DataFrameSchema({"as_of": column("date_in_future", not_in_future)}),
    }


def _zip_in_other_state(location: pd.DataFrame, gazetteer: Gazetteer) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return a mask of the places whose ZIP code belongs to another state than the one given."""
    state_of = {code: gazetteer.state_of(code[:5]) or "" for code in location["zip"].unique()}
    states = location["zip"].map(state_of).astype("str")
    return np.asarray((states != "") & (location["state"] != "") & (states != location["state"]), dtype=np.bool_)
