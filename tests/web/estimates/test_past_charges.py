"""What a therapist charged on average stands beside the estimate, and what is known of them need not be asked."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.coverage import Figures
from tests.web.reading import parsed, text_of

HEADER = (
    "Rndrng_NPI,Rndrng_Prvdr_Last_Org_Name,Rndrng_Prvdr_First_Name,Rndrng_Prvdr_MI,Rndrng_Prvdr_Crdntls,"
    "Rndrng_Prvdr_Ent_Cd,Rndrng_Prvdr_St1,Rndrng_Prvdr_St2,Rndrng_Prvdr_City,Rndrng_Prvdr_State_Abrvtn,"
    "Rndrng_Prvdr_Zip5,Rndrng_Prvdr_Cntry,Rndrng_Prvdr_Type,Rndrng_Prvdr_Mdcr_Prtcptg_Ind,HCPCS_Cd,Place_Of_Srvc,"
    "Tot_Benes,Tot_Srvcs,Tot_Bene_Day_Srvcs,Avg_Sbmtd_Chrg,Avg_Mdcr_Alowd_Amt"
)
NPI = "1999999992"


def row(code: str, charge: str, allowed: str) -> str:
    """Write a row of Medicare's payment records for a fictional therapist."""
    person = f"{NPI},Oakapple,Rosa,L.,PT,I,77 Pinwheel St,,Cambridge,MA,02139,US,Physical Therapist in Private Practice"
    return f"{person},Y,{code},O,20,100,90,{charge},{allowed}"


@pytest.fixture
def visitor(app: Flask, tmp_path: Path) -> FlaskClient:
    """A visitor of the pages over a release that was made of payment records of 2023."""
    return publish(app, tmp_path, row("97112", "81.5", "32.10"), row("97530", "90", "35.75"), row("97162", "210", "99"))


def publish(app: Flask, tmp_path: Path, *rows: str) -> FlaskClient:
    """Publish payment records, and return a visitor of the pages."""
    file = tmp_path / "MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv"
    file.write_text("\n".join([HEADER, *rows]))
    runner = app.test_cli_runner()
    staged = runner.invoke(args=["data", "stage", str(file), "--json"])
    assert staged.exit_code == 0, staged.output
    draft = re.search(r'"draft": "?([^",]+)', staged.output)
    assert draft, staged.output
    published = runner.invoke(args=["data", "publish", draft[1], "--by", "tester"])
    assert published.exit_code == 0, published.output
    return app.test_client()


def page(visitor: FlaskClient, address: str) -> str:
    """Return the text of a page."""
    return text_of(parsed(visitor.get(address, follow_redirects=True).text))


def test_the_form_starts_with_what_is_known_of_the_therapist(visitor: FlaskClient) -> None:
    html = visitor.get(f"/estimate?npi={NPI}").text
    assert 'value="02139"' in html
    assert re.search(r'<input checked[^>]* name="participation"[^>]* value="participating"', html)
    assert "For visits to Rosa L. Oakapple" in text_of(parsed(html))
    assert "You pay" not in text_of(parsed(html)), "nothing has been asked yet"


def test_average_charges_stand_beside_the_estimate(visitor: FlaskClient) -> None:
    text = page(visitor, f"/estimate?npi={NPI}&zip=02139&deductible=met")
    assert "What Rosa L. Oakapple charged on average in 2023" in text
    assert "balance and coordination training Code 97112 $81.50 $32.10" in text
    assert "practice of everyday movements Code 97530 $90.00 $35.75" in text
    assert "Code 97162 $210.00" not in text, "no part of a follow-up visit"
    assert "Source: Medicare’s payment records" in text
    assert "Code 97162 $210.00 $99.00" in page(
        visitor, f"/estimate/course?npi={NPI}&zip=02139&start=2026-10-05&weeks=2"
    )


def test_services_of_earlier_years_have_plain_names(app: Flask, tmp_path: Path) -> None:
    visitor = publish(app, tmp_path, row("97001", "120", "74.10"), row("29530", "60", "31.2"), row("90911", "95", "80"))
    text = page(visitor, f"/therapists/{NPI}")
    assert "first physical therapy evaluation, as it was billed until 2016 Code 97001 $120.00 $74.10" in text
    assert "taping of the knee Code 29530" in text
    assert "pelvic floor training with biofeedback, as it was billed until 2019 Code 90911" in text
    assert "Each amount is for one unit: an evaluation once, most treatments for 15 minutes." in text
    assert "One unit of first" not in text


def test_every_service_that_medicare_paid_to_a_physical_therapist_has_a_plain_name(shared_data: Path) -> None:
    codes = set()
    for file in (shared_data / "utilization").glob("Medicare_PUF_*"):
        with file.open(encoding="latin-1", newline="") as lines:
            for one in csv.DictReader((line.lower() for line in lines), delimiter="\t"):
                if "physical therap" in (one["provider_type"] or ""):
                    codes.add(one["hcpcs_code"].upper())
    assert len(codes) > 20
    assert {code for code in codes if Figures.code_name(code).arguments} == set(), "these are called by their numbers"


def test_the_page_of_the_therapist_leads_to_the_estimate_about_them(visitor: FlaskClient) -> None:
    links = re.findall(r'href="(/estimate\?[^"]+)"', visitor.get(f"/therapists/{NPI}").text)
    assert len(links) == 1
    text = page(visitor, links[0].replace("&amp;", "&"))
    assert "You pay about" in text
    assert "For visits to Rosa L. Oakapple" in text
    assert "Yes, always (they take part in Medicare)" in text.split("What you told us")[1].split("Your answers")[0]
    assert "What Rosa L. Oakapple charged on average in 2023" in text


@pytest.mark.parametrize("npi", ["1234567890", "x", "", "99999999999999999999", "'--"])
def test_an_unknown_therapist_changes_nothing(client: FlaskClient, npi: str) -> None:
    response = client.get(
        "/estimate", query_string={"npi": npi, "zip": "43210", "deductible": "met"}, follow_redirects=True
    )
    assert response.status_code == 200
    assert "You pay from" in text_of(parsed(response.text))
    assert "charged on average" not in response.text
