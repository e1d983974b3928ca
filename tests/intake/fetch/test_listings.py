"""The current files are found on the publishers' pages, whatever else is on them."""

from __future__ import annotations

import pytest

from finder.intake.fetch.client import Client, RequestPolicy
from finder.intake.fetch.errors import FileNotListed, IncompleteResponse, UnexpectedContentType
from finder.intake.fetch.listings import (
    UTILIZATION_TITLE,
    PublishedFile,
    clinicians_file,
    nppes_files,
    utilization_file,
)
from tests.intake.fetch.server import Publisher, json_page, text_page

INDEX = """<!DOCTYPE html><html><body><h1>NPI Files</h1>
<p>Full <a class="x" href="./NPPES_Data_Dissemination_October_2026_V2.zip">October</a>
<A HREF='./NPPES_Data_Dissemination_November_2026.zip'>old layout</A>
<a href="./NPPES_Data_Dissemination_November_2026_V2.zip">November &amp; new layout</a>
<a href="NPPES_Deactivated_NPI_Report_101226_V2.zip">October</a>
<a href="NPPES_Deactivated_NPI_Report_110926_V2.zip">November</a>
<a href="./NPPES_Data_Dissemination_101926_102526_Weekly_V2.zip">before the month</a>
<a href="./NPPES_Data_Dissemination_110926_111526_Weekly.zip">old layout</a>
<a href="./NPPES_Data_Dissemination_110926_111526_Weekly_V2.zip">week</a>
<a href="./NPPES_Data_Dissemination_110226_110826_Weekly_V2.zip">week</a>
<a href="./NPPES_Data_Dissemination_Nevember_2027_V2.zip">no month</a>
<a href="readme.html">readme</a><a>nowhere</a></body></html>"""


def names(files: list[PublishedFile]) -> list[str]:
    return [listed.name for listed in files]


def client(publisher: Publisher, policy: RequestPolicy) -> Client:
    return Client(publisher.url("/"), policy)


def test_nppes_lists_the_newest_month_its_weeks_and_deactivations(publisher: Publisher, policy: RequestPolicy) -> None:
    publisher.pages["/nppes/NPI_Files.html"] = text_page(INDEX)
    files = nppes_files(client(publisher, policy), publisher.url("/nppes/NPI_Files.html"))
    assert names(files) == [
        "NPPES_Data_Dissemination_November_2026_V2.zip",
        "NPPES_Data_Dissemination_110226_110826_Weekly_V2.zip",
        "NPPES_Data_Dissemination_110926_111526_Weekly_V2.zip",
        "NPPES_Deactivated_NPI_Report_110926_V2.zip",
    ]
    assert files[0].url == publisher.url("/nppes/NPPES_Data_Dissemination_November_2026_V2.zip")


@pytest.mark.parametrize("missing", ["November_2026", "Deactivated"])
def test_an_nppes_page_without_the_files_is_an_error(publisher: Publisher, policy: RequestPolicy, missing: str) -> None:
    index = "\n".join(line for line in INDEX.splitlines() if missing not in line and "October" not in line)
    publisher.pages["/"] = text_page(index)
    with pytest.raises(FileNotListed):
        nppes_files(client(publisher, policy), publisher.url("/"))


@pytest.mark.parametrize("nested", [True, False])
def test_the_clinicians_file_is_named_by_its_day_of_change(
    publisher: Publisher, policy: RequestPolicy, nested: bool
) -> None:
    file_entry = {"downloadURL": "https://data.example.org/DAC_NationalDownloadableFile.csv", "mediaType": "text/csv"}
    entry = {"title": "National Downloadable File", "modified": "2026-11-05", "distribution": [
        {"downloadURL": "https://data.example.org/dictionary.pdf", "mediaType": "application/pdf"},
        {"identifier": "x", "data": file_entry} if nested else file_entry,
    ]}  # fmt: skip
    publisher.pages["/item"] = json_page(entry)
    listed = clinicians_file(client(publisher, policy), publisher.url("/item"))
    assert listed.name == "DAC_NationalDownloadableFile_2026-11-05.csv"
    assert listed.url == "https://data.example.org/DAC_NationalDownloadableFile.csv"


def test_the_utilization_file_of_the_newest_year_is_listed(publisher: Publisher, policy: RequestPolicy) -> None:
    def year(number: int) -> dict[str, str]:
        url = f"https://data.example.org/MUP_PHY_D{number - 2000}_Prov_Svc.csv"
        return {"downloadURL": url, "mediaType": "text/csv", "temporal": f"{number}-01-01/{number}-12-31"}

    api = {"accessURL": "https://data.example.org/api", "format": "API", "temporal": "2025-01-01/2025-12-31"}
    publisher.pages["/data.json"] = json_page(
        {"dataset": [
            {"title": "Another data set", "distribution": [year(2026)]},
            {"title": UTILIZATION_TITLE, "distribution": [year(2022), api, year(2024), year(2023)]},
            "no data set",
        ]}
    )  # fmt: skip
    listed = utilization_file(client(publisher, policy), publisher.url("/data.json"))
    assert listed.name == "MUP_PHY_D24_Prov_Svc.csv"


@pytest.mark.parametrize("entry", [{}, {"distribution": None}, {"distribution": [1, {"downloadURL": 5}]}])
def test_a_data_set_without_a_file_is_an_error(
    publisher: Publisher, policy: RequestPolicy, entry: dict[str, object]
) -> None:
    publisher.pages |= {"/item": json_page(entry), "/data.json": json_page({"dataset": [entry]})}
    with pytest.raises(FileNotListed):
        clinicians_file(client(publisher, policy), publisher.url("/item"))
    with pytest.raises(FileNotListed):
        utilization_file(client(publisher, policy), publisher.url("/data.json"))


def test_a_response_that_is_no_data_set_is_retried_then_an_error(publisher: Publisher, policy: RequestPolicy) -> None:
    publisher.pages |= {"/list": json_page([1]), "/page": text_page("<h1>Maintenance</h1>")}
    with pytest.raises(IncompleteResponse):
        clinicians_file(client(publisher, policy), publisher.url("/list"))
    with pytest.raises(UnexpectedContentType):
        clinicians_file(client(publisher, policy), publisher.url("/page"))
    assert len(publisher.requested) == 2 * policy.max_attempts
