"""The public pages that the browser tests visit."""

from __future__ import annotations

PAGES = {
    "home": "/",
    "results": "/therapists?near=02139&miles=50&specialty=neurologic",
    "insured": "/therapists?near=02139&miles=50&insurance=medicare",
    "need": "/therapists?q=after+chemo+sudden+weakness&near=02139&miles=50",
    "for me": "/therapists?near=02139&miles=50&cover=c-medigap~m-G~d-full",
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
    "a course": "/estimate/course?zip=43210&start=2025-11-03&weeks=12&later=new_year&deductible=full",
    "wrong course": "/estimate/course?zip=1&plan=dates&dates=x&visit=by_hand&coverage=work&work=first&work_charge=x",
    "not found": "/no-such-page",
}
"""A name for each kind of page, and an address."""
