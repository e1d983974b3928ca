"""One practice location, one name: spellings of an address that mean the same door for the same provider.

``location_key`` already takes abbreviations as equal. What is left is the suite that one source gives and another
leaves out: "99 ELM ST" and "99 ELM ST STE 4" are one place of a person, "STE 4" and "STE 200" are two.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from finder.directory.release.row_masks import Mask, among, places

UNIT = r" (?:STE|UNIT|APT|FL|RM|BLDG)\b.*$"
"""The part of a location key that names a door inside a building."""


def canonical_keys(locations: pd.DataFrame) -> pd.DataFrame:
    """Say which keys are spellings of another: rows of ``npi``, ``location_key`` and ``canonical_key``.

    A key without a unit becomes the first key (in order of the alphabet) of the same provider that has the same
    address with one. Only the keys that change are given.
    """
    pairs = locations[["npi", "location_key"]].drop_duplicates()
    several = pairs[pairs.duplicated("npi", keep=False)]
    several = several.assign(site=several["location_key"].str.replace(UNIT, "", regex=True))
    has_unit = several["site"] != several["location_key"]
    target = several[has_unit].groupby(["npi", "site"])["location_key"].min().rename("canonical_key")
    plain = several.loc[~has_unit, ["npi", "location_key"]]
    return plain.merge(target, left_on=["npi", "location_key"], right_on=["npi", "site"])[
        ["npi", "location_key", "canonical_key"]
    ]


def rename_keys(rows: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    """Write the canonical keys in a table that has ``npi`` and ``location_key``."""
    if changed.empty or rows.empty:
        return rows
    canonical = places(rows).map(dict(zip(places(changed), changed["canonical_key"], strict=True)))
    return rows.assign(location_key=canonical.where(canonical.notna(), rows["location_key"]).astype("str"))


def is_at(rows: pd.DataFrame, wanted: pd.DataFrame) -> Mask:
    """Say which rows are at one of the places, which a source may spell with its unit one month and without the next.

    A row is at a place if both have the same key, or if one of them has no unit and the rest is the same.
    """
    if wanted.empty:
        return np.zeros(len(rows), dtype=np.bool_)
    names, doors = places(rows), places(wanted)
    return among(names, doors) | among(places(_sites(rows)), doors) | among(names, places(_sites(wanted)))


def _sites(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(location_key=rows["location_key"].str.replace(UNIT, "", regex=True))
