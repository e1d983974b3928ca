"""The public pages that the browser tests visit."""

from __future__ import annotations

PAGES = {
    "home": "/",
    "results": "/therapists?near=02139&miles=50&specialty=neurologic",
    "insured": "/therapists?near=02139&miles=50&insurance=medicare",
    "nobody": "/therapists?near=99723&miles=5&specialty=neurologic",
    "wrong place": "/therapists?near=Springfield",
    "estimate": "/estimate",
    "answer": "/estimate?zip=43210&date=2026-10-05&visit=follow_up&setting=private_practice&deductible=met",
    "wrong answers": "/estimate?zip=1&date=2027-01-01&visit=by_hand&deductible=part",
    "not found": "/no-such-page",
}
"""A name for each kind of page, and an address."""
