"""The public pages that the browser tests visit."""

from __future__ import annotations

from playwright.sync_api import Page

PAGES = {
    "home": "/",
    "results": "/therapists?near=02139&miles=50&specialty=neurologic",
    "insured": "/therapists?near=02139&miles=50&insurance=medicare",
    "need": "/therapists?q=after+chemo+sudden+weakness&near=98101&miles=25",
    "for me": "/therapists?near=43210&miles=25&cover=c-medigap~m-G~d-full",
    "insurance": "/my-insurance",
    "wrong insurance": "/my-insurance?coverage=medicare&deductible=part&deductible_left=x",
    "display": "/display",
    "nobody": "/therapists?near=99723&miles=5&specialty=neurologic",
    "wrong place": "/therapists?near=Springfield",
    "estimate": "/estimate",
    "answer": "/estimate?zip=43210&date=2026-10-05&visit=follow_up&setting=private_practice&deductible=met",
    "a range": "/estimate?zip=43210&coverage=medigap&medigap_plan=N",
    "wrong answers": "/estimate?zip=1&date=2027-01-01&visit=by_hand&deductible=part",
    "course": "/estimate/course",
    "a course": "/estimate/course?zip=43210&start=2025-12-15&weeks=4&later=new_year&deductible=full",
    "wrong course": "/estimate/course?zip=1&plan=dates&dates=x&visit=by_hand&coverage=work&work=first&work_charge=x",
    "batch": "/estimate/batch?example=1",
    "fees": "/fees?zip=43210&year=2026",
    "wrong fees": "/fees?zip=1&code=y",
    "settings": "/fees/settings?zip=43210&date=2026-10-05&charge=100",
    "bill": "/bill",
    "letter": "/bill/qmb-letter",
    "not found": "/no-such-page",
}
"""A name for each kind of page, and an address."""


def all_pages(page: Page) -> dict[str, str]:
    """Return every public page that an address alone leads to, those of a few listings of the sample among them."""
    page.goto(PAGES["results"])
    found = [link.get_attribute("href") or "" for link in page.locator("article.listing h3 a").all()]
    listings = list(dict.fromkeys(address.partition("?")[0] for address in found))[:5]
    npis = "&".join(f"npis={address.rpartition('/')[2]}" for address in listings)
    return PAGES | {
        "therapist": found[0],
        "call sheet": f"{listings[0]}/call-sheet?plan=medicare",
        "doctor sheet": f"{listings[0]}/doctor-sheet",
        "report": f"{listings[0]}/report",
        "listing request": "/listing-request",
        "map": "/therapists/map?near=98101&miles=25",
        "list": f"/shortlist?{npis}",
        "empty list": "/shortlist",
        "comparison": f"/compare?{npis}",
        "nothing to compare": "/compare",
        "guide": "/guide",
        "guide on one page": "/guide/all",
        "topic": "/guide/medicare",
        "about": "/about",
        "privacy": "/privacy",
        "accessibility": "/accessibility",
    }
