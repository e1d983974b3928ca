"""The vocabulary of requests and responses: settings, participation, disciplines, line status."""

from __future__ import annotations

from enum import StrEnum


class Setting(StrEnum):
    """Where the therapy is given, which decides how Part B pays for it."""

    PRIVATE_PRACTICE = "private_practice"
    HOSPITAL_OUTPATIENT = "hospital_outpatient"
    REHABILITATION_AGENCY = "rehabilitation_agency"
    COMPREHENSIVE_OUTPATIENT_REHABILITATION = "comprehensive_outpatient_rehabilitation"
    SKILLED_NURSING_PART_B = "skilled_nursing_part_b"
    HOME_HEALTH_PART_B = "home_health_part_b"
    CRITICAL_ACCESS_HOSPITAL = "critical_access_hospital"
    HOME_HEALTH_BENEFIT = "home_health_benefit"
    UNKNOWN = "unknown"
    """Only in a request: no rule is ever asked about it."""

    @property
    def is_institution(self) -> bool:
        """Return whether the setting is known to be an institution, which must take assignment.

        Source: Medicare Benefit Policy Manual, chapter 15, section 230.4.
        """
        return self not in (Setting.PRIVATE_PRACTICE, Setting.UNKNOWN)


class Participation(StrEnum):
    """The therapist's agreement with Medicare: for the year (participating), or claim by claim (assignment)."""

    PARTICIPATING = "participating"
    NONPARTICIPATING_ASSIGNED = "nonparticipating_assigned"
    NONPARTICIPATING_UNASSIGNED = "nonparticipating_unassigned"
    UNKNOWN = "unknown"


class Discipline(StrEnum):
    """Physical therapy, occupational therapy, speech-language pathology."""

    PT = "PT"
    OT = "OT"
    SLP = "SLP"


class LineStatus(StrEnum):
    """What Medicare does with a line of a claim: by a coverage decision, or the status code of the fee schedule."""

    PAYABLE = "payable"
    BUNDLED = "bundled"
    NOT_VALID_FOR_MEDICARE = "not_valid_for_medicare"
    PRICED_BY_CONTRACTOR = "priced_by_contractor"
    NOT_COVERED = "not_covered"
    """By a national coverage decision, whatever the fee schedule says."""

    @classmethod
    def of_code(cls, status_code: str) -> LineStatus:
        """Translate a status code of the relative-value file.

        A, R, T are paid; B, P are part of other services; C has no national price.
        """
        match status_code:
            case "A" | "R" | "T":
                return cls.PAYABLE
            case "B" | "P":
                return cls.BUNDLED
            case "C":
                return cls.PRICED_BY_CONTRACTOR
            case _:
                return cls.NOT_VALID_FOR_MEDICARE


class MinutesRule(StrEnum):
    """Two ways to count units from minutes."""

    MEDICARE = "medicare"
    """Over the visit: the minutes of all timed services are added up first."""
    PER_CODE = "per_code"
    """Each service by itself (the AMA's midpoint rule, used by some commercial plans)."""
