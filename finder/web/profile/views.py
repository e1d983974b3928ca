"""The page of one therapist or clinic."""

from __future__ import annotations

from flask import render_template, request

from finder.http.services import services
from finder.i18n import Message
from finder.web.http.urls import RESULTS
from finder.web.presentation.plan_names import plan_name
from finder.web.profile.negotiated_rates import agreed_prices
from finder.web.profile.not_listed import not_listed
from finder.web.profile.profile import profile
from finder.web.search.search_args import search_origin, search_pairs, wanted_plans, with_search
from finder.web.search.views import blueprint


@blueprint.get("/therapists/<npi>")
def therapist(npi: str) -> str | tuple[str, int]:
    """Show all that is known of one therapist or clinic."""
    directory = services().directory()
    provider = directory.provider(npi)
    if provider is None:
        return not_listed(npi)
    plan = next(iter(wanted_plans(request.args)), None)
    return render_template(
        "therapists/therapist.html",
        profile=profile(provider, services().today(), search_origin()),
        agreed=agreed_prices(provider, plan, services().today()),
        to_list=with_search(RESULTS) if search_pairs() else "",
        plan=plan,
        plan_name=Message(plan_name(plan)) if plan else None,
    )
