"""The questions about the place: where it is, what kind it is, what it has agreed with Medicare, what it charges."""

from __future__ import annotations

from wtforms import Form, StringField

from finder.i18n import N_
from finder.web.estimates.questions.fields import dollars, radio
from finder.web.estimates.questions.question import OF_A_SERVICE, Group, Question
from finder.web.http.language import lazy_gettext

BY_CHARGE, FREE = "critical_access_hospital", "home_health_benefit"
"""Settings in which the services change nothing."""

GROUPS = {
    "private": Group("setting", ("private_practice", "unknown"), N_("Only for a private practice or clinic:")),
    "by-charge": Group("setting", (BY_CHARGE,), N_("Only for a critical access hospital:")),
    "services": Group("setting", (BY_CHARGE, FREE), unless=True),
    "year": Group("setting", (FREE,), unless=True),
}

QUESTIONS = (
    Question(name="zip", groups=("part-b",), stays_if_empty=True),
    Question(name="setting", groups=("part-b",), usual="private_practice"),
    Question(name="participation", groups=("part-b", "private"), usual="unknown"),
    Question(name="charge", groups=("part-b", "by-charge"), path=OF_A_SERVICE),
    Question(name="apm", groups=("part-b",), path="qualifying_apm", usual="no"),
)

SETTINGS = {
    "private_practice": N_("A private practice or clinic"),
    "hospital_outpatient": N_("A hospital’s outpatient department"),
    "critical_access_hospital": N_("A critical access hospital (a small country hospital)"),
    "rehabilitation_agency": N_("A rehabilitation agency"),
    "comprehensive_outpatient_rehabilitation": N_("A full outpatient rehab center (CORF)"),
    "skilled_nursing_part_b": N_("A nursing home, with the therapy billed to Part B"),
    "home_health_part_b": N_("At home, and I can leave the house (billed to Part B)"),
    "home_health_benefit": N_("At home, and I cannot leave the house (home health)"),
    "unknown": N_("I do not know what kind of place it is"),
}

PARTICIPATIONS = {
    "participating": N_("Yes, always (they take part in Medicare)"),
    "nonparticipating_assigned": N_("Not always, but they will for my visits"),
    "nonparticipating_unassigned": N_("No, they charge more"),
    "unknown": N_("I do not know"),
}


class PlaceQuestions(Form):
    """Where the therapy is given, and by whom."""

    zip = StringField(
        lazy_gettext("ZIP code of the therapist"),
        description=lazy_gettext("Medicare pays a little more in some places than in others."),
        render_kw={"inputmode": "numeric", "autocomplete": "postal-code", "maxlength": 10},
    )
    setting = radio(
        lazy_gettext("What kind of place?"),
        SETTINGS,
        lazy_gettext("Ask when you call: a clinic can belong to a hospital."),
    )
    participation = radio(
        lazy_gettext("Do they take Medicare’s amount as full payment?"),
        PARTICIPATIONS,
        lazy_gettext("Ask: “Do you take Medicare assignment?”"),
    )
    charge = dollars(
        lazy_gettext("What does the hospital charge for the visit?"),
        lazy_gettext("Ask its billing office. Leave it empty if you do not know."),
    )
    apm = radio(
        lazy_gettext("Is the therapist in a special payment program (a qualifying APM)?"),
        {"no": N_("No, or I do not know"), "yes": N_("Yes")},
        lazy_gettext("Only the clinic’s billing office knows. It changes the amount only a little."),
    )
