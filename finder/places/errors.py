"""What can be wrong with a place that a person typed. The docstring of each class is its message."""

from __future__ import annotations

from finder.errors import FinderError


class PlaceError(FinderError):
    """We could not use that place. Type a ZIP code, or a city and state."""

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, field="near")


class EmptyPlace(PlaceError):
    """Type a place: a ZIP code, or a city and state."""


class UnknownZip(PlaceError):
    """We do not know that ZIP code. Check the five digits, or type a city and state."""

    def __init__(self, zip_code: str) -> None:
        super().__init__()
        self.zip_code = zip_code


class UnknownPlace(PlaceError):
    """We do not know that place. Check the spelling, or type a ZIP code."""

    def __init__(self, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(_offer(self.message(), "Did you mean", suggestions))
        self.suggestions = suggestions
        """Places of a similar name, best first; each can be looked up as it is."""


class AmbiguousPlace(PlaceError):
    """There is more than one place of that name. Choose one."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        super().__init__(_offer(self.message(), "Which one", choices))
        self.choices = choices
        """The places meant, largest first; each can be looked up as it is."""


class NoCoordinates(PlaceError):
    """We know that ZIP code, but not where it lies. Type a city and state, or a ZIP code near you."""

    def __init__(self, zip_code: str = "") -> None:
        super().__init__()
        self.zip_code = zip_code


class MilitaryAddress(NoCoordinates):
    """A military address (APO, FPO or DPO) is not on the map. Type the ZIP code, or the city and state,
    where you want care."""


class PointOutOfRange(PlaceError):
    """That is not a point on the map. A latitude lies between -90 and 90, a longitude between -180 and 180."""


class OutsideUnitedStates(PlaceError):
    """That point is too far from any place in the United States. Type a ZIP code, or a city and state."""


def _offer(message: str, question: str, places: tuple[str, ...]) -> str | None:
    """Add the places to the message, for those who see the error as one line; pages word them themselves."""
    return f"{message} {question}: {' · '.join(places)}?" if places else None
