"""Keys of practice locations that are spelled differently and mean the same place of one provider.

``location_key`` already treats abbreviations as equal. What is left is the suite that one source has and another
leaves out: "99 ELM ST" and "99 ELM ST STE 4" are one place of a person, "STE 4" and "STE 200" are two.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from finder.directory.release.row_masks import Mask, is_in, place_keys

UNIT = r" (?:STE|UNIT|APT|FL|RM|BLDG)\b.*$"
"""The part of a location key that names a unit inside a building."""


def canonical_keys(locations: pd.DataFrame) -> pd.DataFrame:
    """Return the keys that are spellings of another: rows of ``npi``, ``location_key`` and ``canonical_key``.

    A key without a unit becomes the alphabetically first key with a unit at the same address of the same provider.
    Only keys that change are returned.
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
    """Replace keys by their canonical keys in a table with ``npi`` and ``location_key``."""
    if changed.empty or rows.empty:
        return rows
    canonical = place_keys(rows).map(dict(zip(place_keys(changed), changed["canonical_key"], strict=True)))
    return rows.assign(location_key=canonical.where(canonical.notna(), rows["location_key"]).astype("str"))


def is_at(rows: pd.DataFrame, places: pd.DataFrame) -> Mask:
    """Return a mask of the rows that are at one of the given places, with or without their unit.

    A row is at a place if both have the same key, or if one of them has no unit and the rest is the same.
    """
    if places.empty:
        return np.zeros(len(rows), dtype=np.bool_)
    row_keys, keys = place_keys(rows), place_keys(places)
    return is_in(row_keys, keys) | is_in(place_keys(_sites(rows)), keys) | is_in(row_keys, place_keys(_sites(places)))


def _sites(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(location_key=rows["location_key"].str.replace(UNIT, "", regex=True))
