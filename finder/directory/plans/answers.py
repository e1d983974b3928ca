"""What is known of a plan at one practice location on one day.

Yes, no and unknown are three answers. No row means unknown; unknown is never taken for no. A plan's own answer comes
before those of its networks: a yes of any network is a yes, and only a no of every one of them is a no.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from finder.directory.plans.plans import Plans
from finder.directory.provider import Insurance


def at_location(answers: Iterable[Insurance], location_key: str, day: date) -> tuple[Insurance, ...]:
    """Return the answers that count at one practice location on a day, by plan: its own, else the provider's."""
    everywhere, here = {}, {}
    for answer in answers:
        if not answer.counts_on(day):
            continue
        if answer.location_key == "":
            everywhere[answer.plan] = answer
        elif answer.location_key == location_key:
            here[answer.plan] = answer
    found = everywhere | here
    return tuple(found[plan] for plan in sorted(found))


def answer_for(plan: str, answers: Sequence[Insurance], plans: Plans) -> Insurance | None:
    """Return the answer for a plan from those of one location on one day (``at_location``), None if it is unknown.

    The answer may speak of a network that the plan uses: ``Insurance.plan`` says which.
    """
    networks = [key for key in plans.covering(plan) if key != plan]
    by_day = sorted(answers, key=lambda answer: answer.as_of)
    known = {answer.plan: answer for answer in by_day if answer.status != "unknown"}
    if plan in known:
        return known[plan]
    found = [known[network] for network in networks if network in known]
    accepted = [answer for answer in found if answer.status == "yes"]
    if accepted or (found and len(found) == len(networks)):
        return max(accepted or found, key=lambda answer: answer.as_of)
    return next((answer for answer in answers if answer.plan == plan), None)
