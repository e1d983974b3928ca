"""Minutes to units."""

from __future__ import annotations

from typing import Any

from tests.coverage.independent.figures import timed_codes

Service = dict[str, Any]


def units_of(services: list[Service], per_code: bool = False) -> list[int]:
    """Return the units of each service of a visit; an untimed code is 1 unit, whatever its minutes.

    The minutes of timed codes are added up over the visit; ``per_code`` counts each code alone, as some commercial
    payers do.
    """
    units = [service.get("units") or 1 for service in services]
    by_code: dict[str, list[int]] = {}
    for place, service in enumerate(services):
        if service.get("minutes") and service["code"] in timed_codes():
            by_code.setdefault(service["code"], []).append(place)
    minutes = {code: [services[place]["minutes"] for place in places] for code, places in by_code.items()}
    spent = [sum(parts) for parts in minutes.values()]
    shares = [_quarters(part) for part in spent] if per_code else _share_out(_quarters(sum(spent)), spent)
    for (code, places), share in zip(by_code.items(), shares, strict=True):
        for place, number in zip(places, _share_out(share, minutes[code]), strict=True):
            units[place] = number
    return units


def _share_out(units: int, minutes: list[int]) -> list[int]:
    """Give whole quarters of an hour first, then the rest to the largest remainders, in a tie to the first listed."""
    shares = [spent // 15 for spent in minutes]
    by_remainder = sorted(range(len(minutes)), key=lambda place: -(minutes[place] % 15))
    for place in by_remainder[: units - sum(shares)]:
        shares[place] += 1
    return shares


def _quarters(minutes: int) -> int:
    """8 to 22 minutes are 1 unit, 23 to 37 are 2, and so on."""
    return (minutes + 7) // 15
