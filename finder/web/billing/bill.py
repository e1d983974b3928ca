"""Is this bill right? The bill is posted, so that its amounts stand in no address; nothing of it is kept or logged."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, make_response, render_template, request
from werkzeug.datastructures import MultiDict

from finder.coverage.basics.vocabulary import Setting
from finder.coverage.billing.bill_check import BillCase, BillCheck, Notice, Verdict, check_bill
from finder.errors import FinderError, InvalidRequest, error_text
from finder.http.services import services
from finder.i18n import N_
from finder.web.billing.bill_form import MOST_LINES, BillForm, add_lines, bill_form, bill_request, put_errors
from finder.web.estimates.questions.fields import amount_of
from finder.web.http.form_token import FormExpired, make_token, read_token
from finder.web.http.language import language
from finder.web.presentation.formats import scenario

blueprint = Blueprint("bills", __name__)

BILL = "bill"
"""What the token of the form is for."""

FORM_SECONDS = 4 * 3600
"""How long a form may stay open: somebody looks for a bill and for a notice, and calls in between."""

HEADINGS = {
    Verdict.TOO_MUCH: N_("They ask you for too much"),
    Verdict.NOT_TOO_MUCH: N_("They may ask you for this"),
    Verdict.DEPENDS: N_("It depends on what we do not know"),
    Verdict.UNKNOWN: N_("We cannot say what they may ask"),
}

QUESTIONS = {
    "participation": N_("Ask the billing office: “Did you accept Medicare assignment for this claim?”"),
    "setting": N_("Ask: “Are you a critical access hospital?” Such a hospital sets its own charges."),
    "deductible": N_(
        "Find out how much of your Part B deductible was left on that day. Your Medicare Summary Notice shows it."
    ),
    "notice": N_("Ask for a copy of the notice (ABN) that you signed before the visit. Without it you owe nothing for "
                 "care that Medicare does not cover."),
}  # fmt: skip
"""What to ask, by what is not known."""

LETTER = (
    N_("I am in the Qualified Medicare Beneficiary (QMB) program. You sent me a bill for care that Medicare covers."),
    N_("Federal law does not let you bill me for the Medicare deductible, coinsurance or copay. The law is section "
       "1902(n)(3)(B) of the Social Security Act, 42 U.S.C. 1396a(n)(3)(B)."),
    N_("You must take what Medicare pays, and what Medicaid pays if it pays, as payment in full. This is so even if "
       "Medicaid pays nothing."),
    N_("Please stop billing me for these costs. Please take this bill off my account. If you sent it to a debt "
       "collector, please call it back. If I have paid it, please pay me back."),
    N_("You can see that I am in QMB in Medicare’s eligibility system, in the notice of payment (remittance advice) "
       "that Medicare sent you, or by asking my state’s Medicaid office."),
    N_("Please write to me that this is done. If you have questions, you can call Medicare at 1-800-MEDICARE."),
)  # fmt: skip
"""The letter to a provider who has billed somebody in QMB. It goes out in English."""


def register(app: Flask) -> None:
    """Add the pages, exempt from the general form token, which needs a cookie: they have their own."""
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)


@blueprint.get("/bill")
def bill() -> Response:
    """Ask what stands on the bill. Nothing is read from the address."""
    return _page(bill_form(MultiDict()))


@blueprint.post("/bill")
def check() -> Response:
    """Judge the bill, or offer more lines for it."""
    form = bill_form(request.form)
    if "more" in request.form:
        add_lines(form)
        return _page(form)
    try:
        read_token(BILL, max_age=FORM_SECONDS)
        figures = services().figures
        notice = Notice(form.notice.data) if form.notice.data in list(Notice) else Notice.UNKNOWN
        found = check_bill(bill_request(form, figures), amount_of(form.requested), figures, notice=notice)
    except InvalidRequest as error:
        return _page(form, errors=put_errors(form, error.errors), status=400)
    except FormExpired as error:
        return _page(form, refusal=error, status=400)
    return _page(form, found)


@blueprint.get("/bill/qmb-letter")
def qmb_letter() -> str:
    """Show a letter to print and fill in by hand. It asks for nothing and knows nothing."""
    return render_template("billing/qmb_letter.html", letter=LETTER)


def case_words(case: BillCase, check: BillCheck) -> str:
    """Return in words what a case takes for granted."""
    several_places = len({it.setting for it in check.cases}) > 1
    if case.setting is Setting.CRITICAL_ACCESS_HOSPITAL and several_places:
        return scenario("critical_access_hospital")
    return scenario(case.participation.value)


def _page(
    form: BillForm,
    found: BillCheck | None = None,
    *,
    errors: list[tuple[str, str]] | None = None,
    refusal: FinderError | None = None,
    status: int = 200,
) -> Response:
    """Show the form, with the judgement or with what is wrong. No browser and no cache keeps it."""
    response = make_response(
        render_template(
            "billing/bill.html",
            form=form,
            check=found,
            errors=errors or [],
            refusal=error_text(refusal, language()) if refusal else "",
            token=make_token(BILL),
            has_more_lines=len(form.lines) < MOST_LINES,
            headings=HEADINGS,
            questions=QUESTIONS,
            case_words=case_words,
        ),
        status,
    )
    response.cache_control.no_store = True
    return response
