"""The form that every value of a release must have, as pandera schemas; each check is named by its notice's code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from finder.intake.cleaning.fields import is_npi
from finder.places.gazetteer import Gazetteer

Failure = tuple[str, str, str, str]
"""Notice code, table, column, value."""


def failures(tables: Mapping[str, pd.DataFrame], gazetteer: Gazetteer, today: date) -> Iterator[Failure]:
    """Give every value of a release's tables that does not have its form."""
    from pandera.errors import SchemaErrors  # loaded when data are staged, as it takes long

    for name, schema in _schemas(gazetteer, today).items():
        try:
            schema.validate(tables[name], lazy=True)
        except SchemaErrors as error:
            cases = error.failure_cases
            for code, column, value in zip(cases["check"], cases["column"], cases["failure_case"], strict=True):
                yield str(code), name, str(column), str(value)
    location = tables["location"]
    for zip_code in location.loc[_elsewhere(location, gazetteer), "zip"]:
        yield "zip_not_in_state", "location", "zip", str(zip_code)


def _schemas(gazetteer: Gazetteer, today: date) -> dict[str, Any]:
    import pandera.pandas as pandera

    def column(code: str, holds: Any, *, empty: bool = True) -> Any:
        """Describe a column of text by what its distinct values must fulfil."""

        def fits(values: pd.Series[str]) -> pd.Series[bool]:
            verdict = {value: (empty and value == "") or bool(holds(value)) for value in values.unique()}
            return values.map(verdict).astype("bool")

        return pandera.Column(checks=pandera.Check(fits, name=code))

    def dated(text: str) -> bool:
        return text <= today.isoformat()

    return {
        "provider": pandera.DataFrameSchema(
            {
                "npi": column("npi_invalid", is_npi, empty=False),
                "name_as_of": column("date_in_future", dated),
                "credentials_as_of": column("date_in_future", dated),
            }
        ),
        "location": pandera.DataFrameSchema(
            {
                "zip": column("zip_unknown", lambda text: gazetteer.state_of(text[:5]) is not None),
                "phone": column("phone_invalid", lambda text: len(text) == 10 and text.isdigit()),
                "address_as_of": column("date_in_future", dated),
                "phone_as_of": column("date_in_future", dated),
                "latitude": pandera.Column(
                    nullable=True, checks=pandera.Check.between(-15, 72, name="coordinates_invalid")
                ),
                "longitude": pandera.Column(
                    nullable=True, checks=pandera.Check.between(-180, 180, name="coordinates_invalid")
                ),
            }
        ),
        "insurance": pandera.DataFrameSchema({"as_of": column("date_in_future", dated)}),
        "specialty": pandera.DataFrameSchema({"as_of": column("date_in_future", dated)}),
    }


def _elsewhere(location: pd.DataFrame, gazetteer: Gazetteer) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say which places have a ZIP code of another state than they name."""
    state_of = {code: gazetteer.state_of(code[:5]) or "" for code in location["zip"].unique()}
    states = location["zip"].map(state_of).astype("str")
    return np.asarray((states != "") & (location["state"] != "") & (states != location["state"]), dtype=np.bool_)
