"""A search as a value: parsed from arguments, and written back as canonical arguments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar, get_args

from finder.digits import whole_number
from finder.directory.names import LONGEST_NAME, name_words
from finder.directory.plans.plans import Plans
from finder.directory.provider import Entity
from finder.directory.vocabulary.offers import offers
from finder.directory.vocabulary.payers import payers
from finder.directory.vocabulary.specialties import specialty_values
from finder.errors import FieldError, InvalidRequest
from finder.i18n import N_
from finder.places.errors import PlaceError
from finder.places.gazetteer import Gazetteer
from finder.places.origin import Origin

InsuranceFilter = Literal["yes", "yes_or_unknown", "unknown"]
Sort = Literal["distance", "evidence", "name", "cost"]

SORTS: tuple[Sort, ...] = get_args(Sort)
ENTITIES: tuple[Entity, ...] = get_args(Entity)
INSURANCE_STATUSES: tuple[InsuranceFilter, ...] = get_args(InsuranceFilter)

RADIUS_MILES = 25.0
SMALLEST_RADIUS_MILES = 5.0
LARGEST_RADIUS_MILES = 100.0
PER_PAGE = 20
LAST_PAGE = 1_000_000

_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3}0*)?")

Choice = TypeVar("Choice", bound=str)


class AmbiguousPlan(InvalidRequest):
    """Several plans have this name or number. Choose yours."""

    def __init__(self, written: str, choices: Sequence[str]) -> None:
        super().__init__([FieldError("insurance", self.message())])
        self.written = written
        self.choices = tuple(choices)


@dataclass(frozen=True, kw_only=True)
class Query:
    """A search. ``specialties``, ``insurance``, ``offers`` match any of their values; empty ones match everything.

    ``need_specialties`` and ``need_offers`` come from the words of a need and match any of their values; they are
    separate filters, so that other choices narrow them.
    An ``origin`` with a point: within ``radius_miles`` of it; a state as origin: anywhere in it; None: anywhere.
    """

    origin: Origin | None = None
    radius_miles: float = RADIUS_MILES
    specialties: tuple[str, ...] = ()
    insurance: tuple[str, ...] = ()
    insurance_status: InsuranceFilter = "yes"
    offers: tuple[str, ...] = ()
    need_specialties: tuple[str, ...] = ()
    need_offers: tuple[str, ...] = ()
    entity: Entity | None = None
    name: str = ""
    sort: Sort = "distance"
    page: int = 1
    per_page: int = PER_PAGE

    @property
    def state(self) -> str | None:
        """The code of the state if the origin is a state, else None."""
        return self.origin.state if self.origin and self.origin.point is None else None

    @property
    def every_specialty(self) -> tuple[str, ...]:
        """The specialties of the query, chosen or from a need, without repeats."""
        return tuple(dict.fromkeys((*self.specialties, *self.need_specialties)))

    @property
    def every_offer(self) -> tuple[str, ...]:
        """The offers of the query, chosen or from a need, without repeats, in the order of the choices."""
        return tuple(value for value in offers() if value in self.offers or value in self.need_offers)

    def to_args(self) -> dict[str, list[str]]:
        """Return the query as canonical URL arguments, without defaults.

        Filters from a need are not included: the caller keeps the words of the need.
        """
        args: dict[str, list[str]] = {
            "near": [self.origin.query] if self.origin else [],
            "miles": [f"{self.radius_miles:g}"] if self.radius_miles != RADIUS_MILES and not self.state else [],
            "specialty": list(self.specialties),
            "insurance": list(self.insurance),
            "insurance_status": [self.insurance_status] if self.insurance else [],
            "offers": list(self.offers),
            "entity": [self.entity] if self.entity else [],
            "name": [self.name] if self.name else [],
            "sort": [self.sort] if self.sort != "distance" else [],
            "page": [str(self.page)] if self.page != 1 else [],
        }
        return {key: values for key, values in args.items() if values}


class Arguments(Protocol):
    """Arguments with several values per name, as of a request or a form (werkzeug's MultiDict)."""

    def getlist(self, key: str, /) -> Sequence[str]:
        """Return the values of an argument, none if it was not given."""
        ...


def parse_query(
    args: Arguments, gazetteer: Gazetteer, plans: Plans | None = None, *, insurance_status: InsuranceFilter = "yes"
) -> Query:
    """Read a query from the arguments that ``Query.to_args`` writes; empty arguments are ignored.

    ``plans`` are those of the release; ``insurance_status`` is the default of that argument. A place or a name is
    required. Raises InvalidRequest with every invalid field; if only the place is invalid, the PlaceError itself, with
    its choices, and if only a plan is ambiguous, AmbiguousPlan.
    """
    fields = _Fields(args)
    name = fields.name()
    page = fields.number("page", 1, LAST_PAGE, 1, N_("Choose a page of the results."))
    miles = fields.number(
        "miles", SMALLEST_RADIUS_MILES, LARGEST_RADIUS_MILES, RADIUS_MILES, N_("Choose a distance from 5 to 100 miles.")
    )
    specialties = fields.several("specialty", specialty_values(), N_("Choose a specialty from the list."))
    insurance = fields.insurance(plans or Plans())
    status = fields.choice(
        "insurance_status", INSURANCE_STATUSES, N_("Choose an answer about insurance from the list.")
    )
    offered = fields.several("offers", tuple(offers()), N_("Choose what they offer from the list."))
    entity = fields.choice("entity", ENTITIES, N_("Choose therapists or clinics."))
    sort = fields.choice("sort", SORTS, N_("Choose an order from the list."))
    origin = fields.origin(gazetteer, needed=not name)
    return Query(
        origin=origin,
        radius_miles=RADIUS_MILES if origin is None or origin.point is None else miles,
        specialties=specialties,
        insurance=insurance,
        insurance_status=status if insurance and status else insurance_status,
        offers=offered,
        entity=entity,
        name=name,
        sort=sort or "distance",
        page=int(page),
    )


class _Fields:
    """Reads the fields of a query and collects their errors; the place is read last."""

    def __init__(self, args: Arguments) -> None:
        self._args = args
        self._errors: list[FieldError] = []
        self._ambiguous: list[AmbiguousPlan] = []

    def several(self, field: str, choices: Sequence[str], message: str) -> tuple[str, ...]:
        given = {text.strip() for text in self._args.getlist(field)} - {""}
        if not given <= set(choices):
            self._errors.append(FieldError(field, message))
        return tuple(choice for choice in choices if choice in given)

    def insurance(self, plans: Plans) -> tuple[str, ...]:
        """Return the keys of the plans: the payers that are always offered first, then by key."""
        found: set[str] = set()
        for written in {text.strip() for text in self._args.getlist("insurance")} - {""}:
            keys = plans.resolve(written)
            if len(keys) > 1:
                self._ambiguous.append(AmbiguousPlan(written, keys))
            elif not keys:
                self._errors.append(FieldError("insurance", N_("Choose an insurance from the list.")))
            found.update(keys)
        return (*(payer for payer in payers() if payer in found), *sorted(found - set(payers())))

    def choice(self, field: str, choices: tuple[Choice, ...], message: str) -> Choice | None:
        text = self._text(field)
        for choice in choices:
            if text == choice:
                return choice
        if text:
            self._errors.append(FieldError(field, message))
        return None

    def number(self, field: str, smallest: float, largest: float, default: float, message: str) -> float:
        text = self._text(field)
        if not text:
            return default
        number = whole_number(text, 7) if isinstance(default, int) else _decimal(text)
        if number is not None and smallest <= number <= largest:
            return number
        self._errors.append(FieldError(field, message))
        return default

    def name(self) -> str:
        text = self._text("name")
        if len(text) > LONGEST_NAME:
            self._errors.append(FieldError("name", N_("Type a shorter name.")))
        return " ".join(text[:LONGEST_NAME].split()) if name_words(text) else ""

    def origin(self, gazetteer: Gazetteer, *, needed: bool) -> Origin | None:
        text = self._text("near")
        try:
            origin = gazetteer.resolve(text) if text or needed else None
        except PlaceError as error:
            if not self._errors:
                raise
            raise InvalidRequest([FieldError("near", error.message()), *self._errors]) from error
        if self._errors:
            raise InvalidRequest(self._errors)
        if self._ambiguous:
            raise self._ambiguous[0]
        return origin

    def _text(self, field: str) -> str:
        return next(iter(self._args.getlist(field)), "").strip()


def _decimal(text: str) -> float | None:
    """Read a number with a decimal point or without one; None for any other text."""
    return float(text) if _NUMBER.fullmatch(text) else None
