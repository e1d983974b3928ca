"""The questions about insurance: what a person may have, what each kind must be asked, and what was answered.

A new kind is a row of ``KINDS`` and, if it asks anything, a group, rows of ``QUESTIONS``, and fields of the form; the
page, its style sheet, the errors, the request and the ``cover`` argument follow from them. What may pay after another
coverage follows from the pairs that ``finder.coverage`` knows, and is asked the same questions under a prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from wtforms import Form, SelectMultipleField, widgets
from wtforms.fields.core import UnboundField

from finder.coverage.other_coverage import UNKNOWN_INSURANCE
from finder.coverage.other_coverage.two_coverages import PAIRS
from finder.i18n import N_
from finder.pricing.insurance import OWN_PRICE
from finder.web.estimates.questions.fields import choices, dollars, is_yes, per_language, percents, radio, select, share
from finder.web.estimates.questions.question import OF_A_SERVICE, EitherGroup, Group, Question
from finder.web.estimates.questions.situations import NO_FIGURE, SITUATIONS, WHO_PAYS_FIRST, Situation
from finder.web.http.language import lazy_gettext

SOME_SECOND_PAYER = "employer_secondary"
"""A plan that pays something after Medicare, where no more is known: from nothing to all of the share."""

ASK_THE_PLAN = N_("Only your plan can say what you pay for a visit.")


@dataclass(frozen=True, slots=True)
class InsuranceKind:
    """What a person may have."""

    words: str
    """In the words of the cards in their wallet (a catalogue id)."""
    whom_to_ask: str = ASK_THE_PLAN
    """Who knows what a visit costs, where we cannot (a catalogue id)."""


KINDS: dict[str, InsuranceKind] = {
    "medicare": InsuranceKind(N_("Original Medicare and nothing else")),
    "medigap": InsuranceKind(
        N_("Original Medicare and a Medigap policy"),
    ),
    "medicare_advantage": InsuranceKind(N_("A Medicare Advantage plan")),
    "assistance": InsuranceKind(
        N_("Medicare, and Medicaid or help from my state"),
    ),
    "work": InsuranceKind(
        N_("Medicare, and a plan from a job or a union"),
    ),
    "tricare_for_life": InsuranceKind(N_("Medicare and TRICARE for Life")),
    "va_community_care": InsuranceKind(
        N_("The VA sends me there (VA Community Care)"),
        whom_to_ask=N_("Ask VA: it says what you pay for a visit."),
    ),
    "commercial": InsuranceKind(N_("Other insurance, and no Medicare")),
    "self_pay": InsuranceKind(
        N_("I pay all of it myself"),
        whom_to_ask=N_("You pay their own price. Ask them for it in writing before you go."),
    ),
    "situation": InsuranceKind(
        N_("My situation is not here (work injury, car accident, no Part B, railroad, kidney failure, hospice)"),
        whom_to_ask=N_("It depends on who pays first in your situation. Ask before you go."),
    ),
    "unknown": InsuranceKind(
        N_("I do not know"),
        whom_to_ask=N_("It depends on your insurance. Look at your card, or call 1-800-MEDICARE."),
    ),
}

ASSISTANCE = {
    "qmb": N_("QMB: the state pays my share"),
    "slmb": N_("SLMB: the state pays my premium"),
    "qi": N_("QI: the state pays my premium"),
    "medicaid": N_("Full Medicaid, without QMB"),
    "unknown": N_("I do not know"),
}

WORK = {
    "first": N_("The plan pays first, then Medicare"),
    "second": N_("Medicare pays first, then the plan"),
    "unknown": N_("I do not know"),
}

NO_SECOND = "no"

SECOND_KINDS = {
    NO_SECOND: N_("Nothing else"),
    "medigap": N_("A Medigap policy"),
    "qmb": N_("My state, by QMB"),
    "slmb": N_("My state, by SLMB (the premium only)"),
    "qi": N_("My state, by QI (the premium only)"),
    "medicaid": N_("My state, by full Medicaid"),
    "employer_secondary": N_("A plan from a job or a union"),
    "tricare_for_life": N_("TRICARE for Life"),
}
"""What may pay after another coverage, by the kinds of ``finder.coverage``."""

_IN_SITUATION = Group("coverage", ("situation",))


def _situations(fits: Callable[[Situation], bool]) -> tuple[str, ...]:
    return tuple(name for name, situation in SITUATIONS.items() if fits(situation))


_GROUPS: dict[str, Group | EitherGroup] = {
    "part-b": EitherGroup(
        (
            (Group("coverage", (*OWN_PRICE, "situation"), unless=True),),
            (_IN_SITUATION, Group("situation", _situations(lambda it: it.kind not in OWN_PRICE))),
        )
    ),
    "situation": Group("coverage", ("situation",), N_("Only if your situation is not in the list above:")),
    "medigap": Group("coverage", ("medigap",), N_("Only if you have a Medigap policy:")),
    "medigap-limit": Group(
        "medigap_plan", ("K", "L", "minnesota_extended", "wisconsin_50_percent", "wisconsin_25_percent")
    ),
    "medigap-high": Group("medigap_plan", ("high_deductible_f", "high_deductible_g", "wisconsin_high_deductible")),
    "medigap-riders": Group("medigap_plan", ("minnesota_basic", "wisconsin_basic", "wisconsin_high_deductible")),
    "medigap-excess-rider": Group("medigap_plan", ("minnesota_basic", "wisconsin_basic")),
    "medigap-copay-rider": Group("medigap_plan", ("wisconsin_basic",)),
    "medigap-n": Group("medigap_plan", ("N", "wisconsin_basic")),
    "assistance": Group("coverage", ("assistance",), N_("Only if your state helps you:")),
    "work": Group("coverage", ("work",), N_("Only if you have a plan from a job or a union:")),
    "work-first": Group("work", ("first",)),
    "work-second": Group("work", ("second",)),
    "plan": Group("coverage", ("medicare_advantage", "commercial"), N_("Only if a plan sets the price:")),
    "copay": Group("plan_cost", ("copay",)),
    "rate": Group("plan_cost", ("rate",)),
    "commercial": Group("coverage", ("commercial",)),
    "self-pay": EitherGroup(
        (
            (Group("coverage", ("self_pay",)),),
            (
                _IN_SITUATION,
                Group("situation", _situations(lambda it: it.kind == "self_pay" and it.has_figure)),
            ),
        ),
        N_("Only if you pay yourself:"),
    ),
}

_FIRST_QUESTIONS = (
    Question(name="coverage", path="other_coverage.kind", short="c", usual="medicare", must_be_offered=True,
             kinds={"medicare": "none", "situation": NO_FIGURE, "unknown": UNKNOWN_INSURANCE}),
    Question(name="situation", groups=("situation",), path="other_coverage.kind", short="si", must_be_offered=True,
             kinds={name: situation.kind for name, situation in SITUATIONS.items()}, kinds_are_complete=True),
    Question(name="medigap_plan", groups=("medigap",), path="other_coverage.plan", short="m", usual="unknown",
             must_be_offered=True),
    Question(name="medigap_limit_left", groups=("medigap", "medigap-limit"), path="other_coverage.limit_remaining",
             short="ml"),
    Question(name="medigap_deductible_left", groups=("medigap", "medigap-high"),
             path="other_coverage.high_deductible_remaining", short="mh"),
    Question(name="riders", groups=("medigap", "medigap-riders"), path="other_coverage.riders", short="mr",
             is_multiple=True, choice_groups={"part_b_excess": "medigap-excess-rider",
                                              "part_b_copayment": "medigap-copay-rider"}),
    Question(name="medigap_copay", groups=("medigap", "medigap-n"), path="other_coverage.office_visit_copay",
             short="mn"),
    Question(name="assistance", groups=("assistance",), path="other_coverage.kind", short="a", usual="unknown",
             must_be_offered=True, kinds={"unknown": "medicaid"}),
    Question(name="work", groups=("work",), path="other_coverage.kind", short="w", usual="unknown",
             must_be_offered=True, help=WHO_PAYS_FIRST,
             kinds={"first": "employer_primary", "second": "employer_secondary", "unknown": SOME_SECOND_PAYER}),
    Question(name="work_charge", groups=("work", "work-first"), path="other_coverage.charge", short="wc"),
    Question(name="work_price", groups=("work", "work-first"), path="other_coverage.allowed_amount", short="wp",
             beside=True),
    Question(name="work_paid_first", groups=("work", "work-first"), path="other_coverage.paid", short="wf"),
    Question(name="work_medicare", groups=("work", "work-first"), path="other_coverage.medicare_allowed_amount",
             short="wm", beside=True),
    Question(name="work_accepted", groups=("work", "work-first"), path="other_coverage.accepted_in_full", short="wa"),
    Question(name="work_paid_second", groups=("work", "work-second"), path="other_coverage.paid", short="ws"),
    Question(name="plan_cost", groups=("plan",), short="p", usual="unknown", must_be_offered=True),
    Question(name="copay", groups=("plan", "copay"), path="other_coverage.copay", short="k", is_needed=True),
    Question(name="copay_after_deductible", groups=("plan", "copay", "commercial"),
             path="other_coverage.deductible_applies_to_copay", short="ka", usual="no", read=is_yes),
    Question(name="rate", groups=("plan", "rate"), path="other_coverage.coinsurance_rate", short="r",
             read=share),
    Question(name="plan_price", groups=("plan",), path="other_coverage.allowed_amount", short="pp"),
    Question(name="plan_deductible_left", groups=("plan", "commercial"), path="other_coverage.deductible_remaining",
             short="pd"),
    Question(name="plan_deductible_year", groups=("plan", "commercial"), path="other_coverage.deductible_annual",
             short="py", beside=True),
    Question(name="most_left", groups=("plan",), path="other_coverage.out_of_pocket_remaining", short="ol"),
    Question(name="most_year", groups=("plan",), path="other_coverage.out_of_pocket_annual", short="oy", beside=True),
    Question(name="self_charge", groups=("self-pay",), path=OF_A_SERVICE, short="s"),
)  # fmt: skip
"""What is asked of a coverage that stands alone, or pays first."""

_ANSWERS: Mapping[str, Mapping[str, object]] = {
    "coverage": KINDS, "situation": SITUATIONS, "assistance": ASSISTANCE, "work": WORK,
}  # fmt: skip
"""The answers to the questions that make a kind of coverage."""


def _before(kind: str) -> Iterator[tuple[Group, ...]]:
    """Return the ways to answer that make a coverage which another of a kind may follow."""
    for question in _FIRST_QUESTIONS:
        offered = _ANSWERS.get(question.name, ())
        answers = tuple(it for it in offered if (question.kinds.get(it, it), kind) in PAIRS)
        if answers and question.name != "situation":
            outer = (group for group in map(_GROUPS.__getitem__, question.groups) if isinstance(group, Group))
            yield (*outer, Group(question.name, answers))


_BEFORE = {kind: tuple(_before(kind)) for kind in SECOND_KINDS if kind != NO_SECOND}
_OFFERED = {kind: f"offer-{kind.replace('_', '-')}" for kind in _BEFORE}
"""The group of each second coverage, by its kind."""

PREFIX = "second_"
"""The beginning of the names of the questions about a second coverage."""

_SECOND_OUTER = {"medigap": "medigap", "work": "employer_secondary"}
"""The outer groups of questions that a second coverage is asked too, each with its kind."""
_SECOND_NAMES = {
    "medigap_plan": lazy_gettext("Which Medigap plan pays after it?"),
    "medigap_limit_left": lazy_gettext("What is left of the yearly limit of that plan?"),
    "medigap_deductible_left": lazy_gettext("What is left of the high deductible of that plan?"),
    "riders": lazy_gettext("What does that policy pay on top (riders)?"),
    "medigap_copay": lazy_gettext("What copay does that policy leave you for a therapy visit?"),
    "work_paid_second": lazy_gettext("What does the second plan pay for the visit?"),
}
"""The questions that a second coverage is asked too, with the words in which."""


def _second(question: Question) -> Question:
    """Return a question about a coverage as it is asked of a second one."""
    _outer, *inner = question.groups
    groups = ("second", f"second-{question.groups[0]}", *(f"second-{group}" for group in inner if group in _MEDIGAP))
    return replace(
        question,
        name=f"{PREFIX}{question.name}",
        groups=groups,
        path=question.path.replace("other_coverage.", "other_coverage[1]."),
        short=f"2{question.short}",
        choice_groups={answer: f"second-{group}" for answer, group in question.choice_groups.items()},
    )


_MEDIGAP = {name: group for name, group in _GROUPS.items() if group.ways[0][0].question == "medigap_plan"}
"""The groups of questions that hang on the plan of a Medigap policy."""

GROUPS: dict[str, Group | EitherGroup] = {
    **_GROUPS,
    "second": EitherGroup(
        tuple(dict.fromkeys(way for ways in _BEFORE.values() for way in ways)),
        N_("Only if you have Medigap, Medicare Advantage or a plan from a job:"),
    ),
    **{group: EitherGroup(_BEFORE[kind]) for kind, group in _OFFERED.items()},
    **{f"second-{group}": Group("second", (kind,)) for group, kind in _SECOND_OUTER.items()},
    **{
        f"second-{name}": Group(f"{PREFIX}{group.question}", group.answers)
        for name, group in _MEDIGAP.items()
        if isinstance(group, Group)
    },
}

QUESTIONS = (
    *_FIRST_QUESTIONS,
    Question(name="second", groups=("second",), path="other_coverage[1].kind", short="2c", usual=NO_SECOND,
             must_be_offered=True, choice_groups=_OFFERED),
    *(_second(question) for question in _FIRST_QUESTIONS if question.name in _SECOND_NAMES),
)  # fmt: skip
"""What is asked of the insurance, in the order of the page; the page lays the questions out by their groups."""

MEDIGAP = {
    "unknown": N_("I do not know"),
    "A": "A", "B": "B", "C": "C", "D": "D", "F": "F", "G": "G", "K": "K", "L": "L", "M": "M", "N": "N",
    "high_deductible_f": N_("F with a high deductible"),
    "high_deductible_g": N_("G with a high deductible"),
    "massachusetts_core": N_("Massachusetts: Core"),
    "massachusetts_supplement_1": N_("Massachusetts: Supplement 1"),
    "massachusetts_supplement_1a": N_("Massachusetts: Supplement 1A"),
    "minnesota_basic": N_("Minnesota: Basic"),
    "minnesota_extended": N_("Minnesota: Extended Basic"),
    "wisconsin_basic": N_("Wisconsin: Basic"),
    "wisconsin_50_percent": N_("Wisconsin: 50% cost-sharing"),
    "wisconsin_25_percent": N_("Wisconsin: 25% cost-sharing"),
    "wisconsin_high_deductible": N_("Wisconsin: high deductible"),
}  # fmt: skip

RIDERS = {
    "part_b_deductible": N_("the Part B deductible"),
    "part_b_excess": N_("charges above Medicare’s amount (usual and customary charges)"),
    "part_b_copayment": N_("the coinsurance, but for a copay of up to $20 (copayment rider)"),
}

COSTS = {
    "copay": N_("A set amount for each visit (copay)"),
    "rate": N_("A share of the price (coinsurance)"),
    "unknown": N_("I do not know"),
}


class InsuranceQuestions(Form):
    """What insurance a person has. The later questions each belong to some of the answers (see ``GROUPS``)."""

    coverage = radio(
        lazy_gettext("What insurance do you have?"),
        {name: kind.words for name, kind in KINDS.items()},
        lazy_gettext(
            "Look at your cards. The Medicare card is red, white and blue. A plan’s card has the plan’s name."
        ),
    )
    situation = radio(
        lazy_gettext("Which situation is yours?"),
        {name: situation.name for name, situation in SITUATIONS.items()},
        lazy_gettext("You then see who pays first, and whom to ask."),
    )
    medigap_plan = select(
        lazy_gettext("Which Medigap plan?"),
        MEDIGAP,
        lazy_gettext(
            "The letter is on your Medigap card. Massachusetts, Minnesota and Wisconsin also have plans of their own. "
            "Minnesota sells K, L, M, N and a high deductible too, under the same letters."
        ),
    )
    medigap_limit_left = dollars(
        lazy_gettext("What is left of the plan’s yearly limit?"),
        lazy_gettext("The plan’s last statement shows it. Leave it empty if you have paid nothing yet."),
    )
    medigap_deductible_left = dollars(
        lazy_gettext("What is left of the plan’s high deductible?"),
        lazy_gettext("The plan’s last statement shows it. Leave it empty if you have paid nothing yet."),
    )
    medigap_copay = dollars(
        lazy_gettext("What copay does the policy leave you for a therapy visit?"),
        lazy_gettext("With plan N or a copayment rider only. Ask the plan. Leave it empty if you do not know."),
    )
    riders = SelectMultipleField(
        lazy_gettext("What does your policy pay on top (riders)?"),
        description=lazy_gettext("The first page of the policy lists them."),
        choices=per_language(lambda: choices(RIDERS)),
        option_widget=widgets.CheckboxInput(),
        validate_choice=False,
    )
    assistance = radio(
        lazy_gettext("Which help do you get?"),
        ASSISTANCE,
        lazy_gettext("Your letter from the state names it. Your Medicaid office can tell you too."),
    )
    work = radio(
        lazy_gettext("Which one pays first?"),
        WORK,
        lazy_gettext("While you or your spouse still work, the plan often pays first. Its helpline can tell you."),
    )
    work_charge = dollars(
        lazy_gettext("What does the clinic charge for the visit?"), lazy_gettext("The plan’s statement shows it.")
    )
    work_price = dollars(
        lazy_gettext("What price does the plan allow for the visit?"),
        lazy_gettext("Its statement calls it the allowed amount. Leave it empty if you do not know."),
    )
    work_paid_first = dollars(
        lazy_gettext("What does the plan pay first for the visit?"),
        lazy_gettext("Its statement shows it. Leave it empty if you do not know."),
    )
    work_medicare = dollars(
        lazy_gettext("What does Medicare approve for the visit?"),
        lazy_gettext("Only if a Medicare notice shows it. If you leave it empty, we work it out."),
    )
    work_accepted = dollars(
        lazy_gettext("Must the therapist accept the plan’s amount as full payment? How much?"),
        lazy_gettext("A therapist in the plan’s network often must. Leave it empty if not, or if you do not know."),
    )
    work_paid_second = dollars(
        lazy_gettext("What does the plan pay after Medicare?"),
        lazy_gettext("Its statement shows it. Leave it empty if you do not know."),
    )
    plan_cost = radio(
        lazy_gettext("What does the plan ask of you for a therapy visit?"),
        COSTS,
        lazy_gettext("Look for “outpatient physical therapy” in your plan’s booklet, or call the number on the card."),
    )
    copay = dollars(
        lazy_gettext("Your copay for a therapy visit"),
        lazy_gettext("Look for “outpatient physical therapy” in your plan’s booklet, or call the number on the card."),
    )
    rate = percents(lazy_gettext("Your share, in percent"), lazy_gettext("Like 30 for 30 percent."))
    plan_price = dollars(
        lazy_gettext("What price has the plan agreed with the clinic?"),
        lazy_gettext("Statements call it the allowed amount. Leave it empty if you do not know."),
    )
    plan_deductible_left = dollars(
        lazy_gettext("What is left of the plan’s deductible this year?"),
        lazy_gettext("The plan’s website or helpline shows it. Leave it empty if you do not know."),
    )
    plan_deductible_year = dollars(
        lazy_gettext("The plan’s deductible for a whole year"),
        lazy_gettext("Counts for visits after New Year, and when you do not know what is left."),
    )
    copay_after_deductible = radio(
        lazy_gettext("Must you pay the deductible before the copay counts?"),
        {"no": N_("No"), "yes": N_("Yes")},
        lazy_gettext("The booklet says “after deductible” if so."),
    )
    most_left = dollars(
        lazy_gettext("What is left of the most that you can pay this year?"),
        lazy_gettext("Plans call it the out-of-pocket maximum. Leave it empty if you do not know."),
    )
    most_year = dollars(
        lazy_gettext("The most that you can pay in a whole year"), lazy_gettext("Counts for visits after New Year.")
    )

    self_charge = dollars(
        lazy_gettext("What do they charge you for the visit?"),
        lazy_gettext("Ask for the price in writing. Leave it empty if you do not know."),
    )
    second = radio(
        lazy_gettext("And what pays after that?"),
        SECOND_KINDS,
        lazy_gettext("Choose what you have besides. Some plans for people with Medicaid (D-SNP) are two in one."),
    )


def _asked_again(name: str) -> UnboundField[Any]:
    """Return the field of a question as it is asked of a second coverage, under words of its own."""
    field: UnboundField[Any] = getattr(InsuranceQuestions, name)
    return UnboundField(field.field_class, _SECOND_NAMES[name], *field.args[1:], **field.kwargs)


for _name in _SECOND_NAMES:
    setattr(InsuranceQuestions, f"{PREFIX}{_name}", _asked_again(_name))
