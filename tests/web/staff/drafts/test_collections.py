"""Collections on the staff pages: one payer after the other, what a payer's next file takes away, and withdrawal."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from finder.records.tables.data import ReleaseRecord
from finder.web.staff import layout
from finder.web.staff.dashboard import freshness
from finder.web.staff.drafts import collections
from finder.web.staff.drafts.collections import Age
from finder.web.staff.records.edit_formats import changed_field, field_words
from tests.conftest import make_app
from tests.web.reading import parsed, text_of
from tests.web.staff import files
from tests.web.staff.office import Office, StaffMember, publish_files

BLUE, GREEN = "11111", "22222"
"""The numbers of two issuers."""


def publish_lists(office: Office) -> tuple[StaffMember, StaffMember]:
    """Publish the lists of two issuers; return an editor and a publisher.

    The table of the office names therapists 0 to 9. Blue lists 0 to 3, and 20, whom nobody else knows; green lists 0.
    """
    editor, publisher = office.add_logged_in("editor"), office.add_logged_in("publisher")
    lists = {
        "blue-providers.json": files.provider_list(BLUE, (0, 1, 2, 3, 20)),
        "green-providers.json": files.provider_list(GREEN, (0,)),
        "plans.json": files.plan_list(BLUE, "Bluestone Gold"),
    }
    publish_files(office, editor, publisher, lists)
    return editor, publisher


def lines_of(page: str) -> list[list[str]]:
    """Return the text of the cells of all lines of a page's tables, those with a header cell first."""
    return [[text_of(cell) for cell in line] for line in parsed(page).iter("tr")][1:]


def test_collections_are_listed_and_one_is_withdrawn_and_comes_back(
    published_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = published_office
    editor, publisher = publish_lists(office)
    listed = lines_of(editor.get("/staff/collections").text)
    assert [(line[0].partition("the insurer")[0], line[4]) for line in listed] == [
        (f"Marketplace issuer {BLUE}", "5"), (f"Marketplace issuer {GREEN}", "1"), ("our staff: tablesstaff", "10"),
    ]  # fmt: skip
    with monkeypatch.context() as patch:
        for module in (layout, collections):
            patch.setattr(module, "PER_PAGE", 2)
        assert len(lines_of(editor.get("/staff/collections?page=2").text)) == 1
    assert len(lines_of(editor.get("/staff/collections?q=issuer+222").text)) == 1
    assert "Withdraw" not in office.add_logged_in("viewer").get("/staff/collections").text

    draft = editor.send("/staff/collections/withdraw", {"collection": f"marketplace:{BLUE}"}).location
    page = unescape(publisher.get(draft).text)
    assert "more than 5% of the public list" in page, "therapist 20 goes"
    assert "more than 20% of the answers of a list" in page
    for removals, losses in (("", ""), ("1", ""), ("1", "4"), ("x", "5")):
        answer = publisher.send(f"{draft}/publish", {"confirm_removals": removals, "confirm_losses": losses})
        assert answer.status_code == 409
        errors = [f'id="confirm_{kind}-error"' in answer.text for kind in ("removals", "losses")]
        assert errors == [removals != "1", losses != "5"]
    lost = unescape(publisher.get(f"{draft}?field=lost").text)
    assert [line[1:] for line in lines_of(lost) if line[0].startswith("Ida")] == [
        ["changed", "Insurance: Bluestone Gold", "yes", ""]
    ] * 4, "the fifth is of somebody who goes"

    assert publisher.send(f"{draft}/publish", {"confirm_removals": "1", "confirm_losses": "5"}).status_code == 303
    assert f"marketplace:{BLUE}" not in editor.get("/staff/collections").text
    assert publisher.send("/staff/releases/roll-back").status_code == 303
    assert f"marketplace:{BLUE}" in editor.get("/staff/collections").text


def test_what_is_no_collection_to_withdraw_makes_no_draft(office: Office) -> None:
    editor = office.add_logged_in("editor")
    for collection in ("marketplace:99999", "sample", "edits", "", "x" * 5000, "<b>"):
        answer = editor.send("/staff/collections/withdraw", {"collection": collection})
        assert (answer.status_code, answer.location) == (303, "/staff/collections")
        page = editor.get("/staff/collections").text
        assert "There is no such collection" in page
        assert "Withdraw" not in page, "the sample goes by itself"
    assert editor.get("/staff/drafts/2").status_code == 404


def test_before_the_first_publication_the_page_says_so(tmp_path: Path) -> None:
    office = Office(make_app(tmp_path / "empty"))
    editor = office.add_logged_in("editor")
    assert "Nothing is published yet" in editor.get("/staff/collections").text
    answer = editor.send("/staff/collections/withdraw", {"collection": "staff"})
    assert answer.location == "/staff/collections"


def test_a_list_that_does_not_say_whose_it_is_takes_the_name_that_is_typed(published_office: Office) -> None:
    editor = published_office.add_logged_in("editor")
    nameless = json.dumps([{**json.loads(files.provider_list(BLUE, (0,)))[0], "plans": []}])
    refused = editor.upload(nameless, "providers.json")
    assert refused.status_code == 422
    assert 'id="collection-error"' in refused.text
    answer = editor.upload(nameless, "providers.json", collection="x" * 101)
    assert answer.status_code == 422
    assert 'id="collection-error"' in answer.text
    assert editor.upload(nameless, "providers.json", collection="Blue, east", part="y").status_code == 303


def test_the_overview_shows_one_line_for_each_source() -> None:
    layers = [
        {"source": f"marketplace:{number}", "as_of": f"2026-11-{number % 28 + 1:02}", "providers": number}
        for number in range(300)
    ]
    manifest = {"providers": 600, "layers": [*layers, {"source": "nppes", "as_of": "2026-09-01", "providers": 700}]}
    registry, market = freshness(ReleaseRecord(manifest=manifest), date(2026, 11, 30))
    assert (registry.source, registry.collections, registry.of_all) == ("nppes", 1, 100)
    assert registry.oldest == Age(date(2026, 9, 1), 90, old=True)
    assert (market.source, market.collections, market.of_all) == ("marketplace", 300, 50)
    assert (market.oldest, market.newest) == (Age(date(2026, 11, 1), 29, old=False), date(2026, 11, 28))


def test_keys_of_plans_and_networks_are_shown_as_people_know_them(sample_app: Flask) -> None:
    with sample_app.test_request_context():
        assert changed_field("insurance hios:11111MA001/ppo") == "Insurance: Plan 11111MA001/ppo"
        assert field_words("plan:hios:11111MA0010001") == "Plan 11111MA0010001"
        assert changed_field("insurance medicare") == "Insurance: Medicare"
