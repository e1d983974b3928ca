"""The shortlist: stored in the URL, carried by every link, restored by its share link."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finder.i18n import LANGUAGES
from finder.web.shortlist.url_list import MOST, ShortlistEntry, entry, place_id, read_list, write_list
from tests.web import listings
from tests.web.documents import SEARCH, argument, cards, links, npis, page
from tests.web.reading import parsed, text_of
from tests.web.validity import page_faults


def names(document: Element) -> list[str]:
    """Return the names on the cards of a page."""
    return [text_of(next(card.iter("h3"))) for card in cards(document)]


@pytest.mark.parametrize(
    ("texts", "entries"),
    [
        ([], ()),
        ([""], ()),
        (["2000000009"], (ShortlistEntry("2000000009"),)),
        (["2000000009,2000000017"], (ShortlistEntry("2000000009"), ShortlistEntry("2000000017"))),
        (["2000000009", "2000000017"], (ShortlistEntry("2000000009"), ShortlistEntry("2000000017"))),
        ([" 2000000009 2000000009,,"], (ShortlistEntry("2000000009"),)),
        (["2000000009@a1b2c3"], (ShortlistEntry("2000000009", "a1b2c3"),)),
        (["2000000009@zzzzzz", "200000000", "20000000091", "<script>", "٢٠٠٠٠٠٠٠٠٩"], ()),
        (["2000000009\n2000000017\x00"], (ShortlistEntry("2000000009"),)),
    ],
)
def test_a_list_is_read_from_the_url(texts: list[str], entries: tuple[ShortlistEntry, ...]) -> None:
    assert read_list(texts) == entries
    assert read_list([write_list(entries)]) == entries


def test_a_list_has_a_maximum_length() -> None:
    many = [f"{2_000_000_000 + number}" for number in range(5_000)]
    assert len(read_list([",".join(many)])) == MOST


def test_a_place_is_named_only_where_there_are_several() -> None:
    elm, oak = listings.location("02139 1 ELM ST"), listings.location("02139 2 OAK ST")
    assert entry(listings.provider(locations=(elm,)), elm) == ShortlistEntry("2000000009")
    assert entry(listings.provider(locations=(elm, oak)), oak) == ShortlistEntry("2000000009", place_id(oak))
    assert place_id(elm) != place_id(oak)


def test_an_entry_without_a_place_means_any_and_one_with_a_place_that_one() -> None:
    assert ShortlistEntry("2000000009").means("2000000009", "a1b2c3")
    assert ShortlistEntry("2000000009", "a1b2c3").means("2000000009", "a1b2c3")
    assert not ShortlistEntry("2000000009", "a1b2c3").means("2000000009", "ffffff")
    assert not ShortlistEntry("2000000009").means("2000000017", "a1b2c3")


def test_three_are_put_on_the_list_and_its_link_makes_the_same_list(client: FlaskClient) -> None:
    document = page(client, SEARCH)
    for _ in range(3):
        document = page(client, links(document, "Add to my list")[0].split("#")[0])
    assert text_of(next(document.iter("h1"))).startswith(text_of(next(page(client, SEARCH).iter("h1"))))
    (address,) = links(document, "My list (3)")
    mine = page(client, address)
    assert len(names(mine)) == 3
    (link,) = [text_of(one) for one in mine.iter("p") if one.get("id") == "share-link"]
    assert link.startswith("http://localhost/shortlist?npis=")
    assert names(page(client, link.removeprefix("http://localhost"))) == names(mine)


def test_the_share_link_has_nothing_but_the_list(client: FlaskClient) -> None:
    two = ",".join(npis(client, 2))
    document = page(client, f"/shortlist?npis={two}&near=02139&insurance=medicaid&lang=es&cost=secret")
    (link,) = [text_of(one) for one in document.iter("p") if one.get("id") == "share-link"]
    assert link == f"http://localhost/shortlist?npis={two}"


def test_a_listed_card_has_a_link_to_remove_it(client: FlaskClient) -> None:
    first, second = npis(client, 2)
    document = page(client, f"{SEARCH}&keep={first},{second}")
    off = next(one for one in links(document, "Take off my list") if argument(one, "keep") == [second])
    assert urlsplit(off).path == "/therapists"
    assert argument(off, "near") == ["02139"]
    assert urlsplit(off).fragment == f"keep-{first}"
    assert links(page(client, off.split("#")[0]), "My list (1)")


def test_a_link_that_changes_the_list_leads_to_itself(client: FlaskClient) -> None:
    document = page(client, SEARCH)
    ids = {one.get("id") for one in document.iter("a")}
    for choice in links(document, "Add to my list"):
        assert urlsplit(choice).fragment in ids
        after = page(client, choice.split("#")[0])
        assert urlsplit(choice).fragment in {one.get("id") for one in after.iter("a")}
        break


def test_the_list_is_kept_in_every_link_and_form(client: FlaskClient) -> None:
    (one,) = npis(client, 1)
    carried = f"keep={one}"
    for address in (SEARCH, "/", f"/therapists/{one}", "/estimate", "/guide", "/therapists?near=zzzz", "/no-such-page"):
        response = client.get(f"{address}{'&' if '?' in address else '?'}{carried}")
        document = parsed(response.text)
        pages = [
            link.get("href") or ""
            for link in document.iter("a")
            if (link.get("href") or "").startswith("/") and "keep" not in (link.get("class") or "").split()
        ]
        assert pages
        lost = [link for link in pages if carried not in link and f"npis={one}" not in link]
        assert lost == [], address
    home = page(client, f"/?{carried}")
    hidden = [(one.get("name"), one.get("value")) for one in home.iter("input") if one.get("type") == "hidden"]
    assert hidden.count(("keep", one)) == 1
    refused = page(client, f"/therapists?near=zzzz&{carried}", 400)
    hidden = [(one.get("name"), one.get("value")) for one in refused.iter("input") if one.get("type") == "hidden"]
    assert hidden.count(("keep", one)) == 1


def test_searching_again_and_paging_keep_the_list(client: FlaskClient) -> None:
    (one,) = npis(client, 1)
    document = page(client, f"/therapists?near=02139&miles=100&keep={one}")
    (following,) = links(document, "Next page")
    assert argument(following, "keep") == [one]
    form = next(form for form in document.iter("form") if form.get("id") == "search")
    assert ("keep", one) in [(field.get("name"), field.get("value")) for field in form.iter("input")]


def test_the_list_leads_back_to_its_search(client: FlaskClient) -> None:
    (one,) = npis(client, 1)
    (address,) = links(page(client, f"{SEARCH}&keep={one}"), "My list (1)")
    (back,) = links(page(client, address), "Back to the search")
    assert urlsplit(back).path == "/therapists"
    assert argument(back, "near") == ["02139"]
    assert argument(back, "specialty") == ["neurologic"]
    assert argument(back, "keep") == [one]


def test_each_of_several_places_is_an_entry_of_its_own(client: FlaskClient, sample_app: Flask) -> None:
    with sample_app.app_context():
        release = sample_app.extensions["finder"].directory().release
        tables = release.tables()["location"]
    counts = tables["npi"].value_counts()
    npi = str(counts[counts > 1].index[0])
    document = page(client, f"/therapists/{npi}")
    choices = links(document, "Add to my list")
    assert len(choices) == counts[npi]
    assert len({one for choice in choices for one in argument(choice, "keep")}) == len(choices)
    both = ",".join(one for choice in choices for one in argument(choice, "keep"))
    streets = {text_of(card) for card in cards(page(client, f"/shortlist?npis={both}"))}
    assert len(streets) == len(choices)
    assert len(cards(page(client, f"/shortlist?npis={npi}"))) == 1


def test_a_full_list_accepts_no_further_listing(client: FlaskClient) -> None:
    full = npis(client, MOST)
    assert len(full) == MOST
    document = page(client, f"{SEARCH}&keep={','.join(full)}&page=2")
    assert "Your list is full" in text_of(document)
    assert links(document, "Add to my list") == []


def test_an_entry_not_listed_any_more_has_a_message(client: FlaskClient) -> None:
    (one,) = npis(client, 1)
    document = page(client, f"/shortlist?npis={one},1234567890,1234567891")
    assert len(cards(document)) == 1
    assert "2 entries of this list are not in our data now." in text_of(document)
    assert "One entry of this list is not in our data now." in text_of(page(client, "/shortlist?npis=1234567890"))


@pytest.mark.parametrize("address", ["/shortlist", "/shortlist?npis=", "/shortlist?npis=x", "/shortlist?keep=%00"])
def test_an_empty_list_says_how_to_fill_it(client: FlaskClient, address: str) -> None:
    document = page(client, address)
    assert text_of(next(document.iter("h1"))) == "Your list is empty"
    assert links(document, "Find therapists") == ["/"]


def test_distances_are_measured_from_the_place_that_was_asked(client: FlaskClient) -> None:
    (one,) = npis(client, 1)
    assert re.search(
        r"[0-9.]+ miles from the center of 02139", text_of(page(client, f"/shortlist?npis={one}&near=02139"))
    )
    for nowhere in ("", "zzzz", "Springfield", "\x00"):
        document = page(client, f"/shortlist?npis={one}&near={nowhere}")
        assert len(cards(document)) == 1
        assert " miles from " not in text_of(document)


def test_the_paper_has_a_note_for_the_doctor_the_safety_box_and_a_script_for_each_call(client: FlaskClient) -> None:
    three = npis(client, 3)
    document = page(client, f"/shortlist?npis={','.join(three)}&insurance=medicaid")
    (paper,) = [one for one in document.iter("div") if one.get("class") == "print-only"]
    text = text_of(paper)
    assert text.count("Note for my doctor") == 1
    assert text.count("Never work through pain.") == 1
    assert text.count("Call 911 now if you have") == 1
    assert text.count("Do you treat neuropathy?") == 3
    assert text.count("Medicaid") >= 3
    for npi in three:
        assert f"National provider number (NPI): {npi}." in text


def test_the_picture_of_the_link_is_part_of_the_page(client: FlaskClient) -> None:
    (one,) = npis(client, 1)
    (picture,) = [
        image for image in page(client, f"/shortlist?npis={one}").iter("img") if "QR" in (image.get("alt") or "")
    ]
    assert (picture.get("src") or "").startswith("data:image/svg+xml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_list_are_valid_and_load_nothing_external(client: FlaskClient, language: str) -> None:
    two, six = (",".join(npis(client, count)) for count in (2, 6))
    addresses = (
        f"/shortlist?npis={two}&near=02139&insurance=medicaid",
        f"/shortlist?npis={six},1234567890",
        f"/compare?npis={six}&keep={six}&near=02139",
        f"/compare?npis={two}",
        f"/therapists/map?near=02139&keep={six}",
        f"{SEARCH}&keep={two}",
    )
    faults = {address: page_faults(client.get(f"{address}&lang={language}"), language) for address in addresses}
    assert {address: found for address, found in faults.items() if found} == {}


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "' OR 1=1 --", "{{ 7*7 }}", "%(x)s", "a" * 5000])
def test_hostile_text_adds_no_entry(client: FlaskClient, typed: str) -> None:
    for path in ("/shortlist", "/compare", "/therapists"):
        for name in ("npis", "keep", "near", "insurance"):
            response = client.get(path, query_string={name: typed})
            assert response.status_code in {200, 400}
            assert "<script>alert" not in response.text
