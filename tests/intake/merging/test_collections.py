"""Collections: each payer's next file replaces its own answers alone, in whatever order payers and months come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from finder.intake.layers.layer import Layer, plan_tables
from finder.intake.layers.stack import Stack
from finder.intake.merging.answers import one_answer_a_day
from finder.intake.merging.losses import losses
from finder.intake.merging.merge import merge
from finder.intake.merging.plan_checks import check_plans
from finder.intake.merging.precedence import Precedence
from finder.notices.notices import Findings
from tests.intake.rows import NPIS, answer, make_layer, place, provider

COLLECTIONS = ("marketplace:11111", "marketplace:22222", "plan_net:x.alder", "in_network_rates:alder.a")
PLANS = ("hios:11111MA0010001", "network:alder.a", "medicare")
PERIODS = (("", ""), ("2026-01-01", "2026-12-31"), ("2027-01-01", ""), ("", "2026-06-30"))

TODAY = date(2026, 11, 20)

PRECEDENCE = Precedence.load()

PEOPLE = make_layer("nppes", provider=[provider(npi) for npi in NPIS[:3]], location=[place(npi) for npi in NPIS[:3]])


@st.composite
def collections(draw: st.DrawFn) -> list[Layer]:
    """Files of some payers, one after another; a later one of a payer is the whole of what it says."""
    files = []
    for month in range(draw(st.integers(1, 6))):
        answered = draw(
            st.dictionaries(
                st.tuples(st.sampled_from(NPIS[:3]), st.sampled_from(PLANS)),
                st.tuples(st.sampled_from(("yes", "no")), st.sampled_from(PERIODS)),
                max_size=4,
            )
        )
        rows = [
            answer(npi, plan, status, valid_from=first, valid_until=last)
            for (npi, plan), (status, (first, last)) in answered.items()
        ]
        source = draw(st.sampled_from(COLLECTIONS))
        files.append(make_layer(source, f"2026-{month + 1:02}-01", complete=True, insurance=rows))
    return files


def answers(layers: Sequence[Layer]) -> list[dict[str, str]]:
    """Return the answers that these layers give together, sorted; whole merges of them are tested below."""
    frame = one_answer_a_day(pd.concat([layer.tables["insurance"] for layer in layers]), PRECEDENCE)
    frame = frame.sort_values(["npi", "location_key", "plan", "valid_from"])
    return [{str(name): str(value) for name, value in row.items()} for row in frame.to_dict("records")]


@settings(max_examples=12, deadline=None)
@given(collections(), st.randoms(use_true_random=False))
def test_one_after_another_is_as_the_latest_of_each_together(files: list[Layer], order: object) -> None:
    staged = Stack({"nppes": PEOPLE})
    for file in files:
        staged = staged.updated([file])
    latest = Stack({"nppes": PEOPLE}).updated({file.source: file for file in files}.values())
    together = answers(list(latest.layers.values()))
    assert answers(list(staged.layers.values())) == together
    shuffled = list(latest.layers.values())
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert answers(shuffled) == together
    for source in COLLECTIONS:
        left = answers(list(staged.without(source).layers.values()))
        assert source not in {one["source"] for one in left}, "no answer survives its collection"


@settings(max_examples=12, deadline=None)
@given(collections())
def test_of_one_question_one_answer_counts_on_a_day(files: list[Layer]) -> None:
    stack = Stack({"nppes": PEOPLE}).updated(files)
    found = answers(list(stack.layers.values()))
    for one, after in pairwise(found):
        if (one["npi"], one["plan"]) == (after["npi"], after["plan"]):
            assert (one["valid_until"] or "9999") < after["valid_from"]
    rows = pd.concat([layer.tables["insurance"] for layer in stack.layers.values()])
    questions = set(zip(rows["npi"], rows["plan"], strict=True))
    assert {(one["npi"], one["plan"]) for one in found} == questions, "no question has lost its answer"


def test_a_whole_merge_is_the_same_for_every_order_of_collections() -> None:
    answered = [make_layer(source, insurance=[answer(NPIS[0], PLANS[0])]) for source in COLLECTIONS]
    one, other = merge([PEOPLE, *answered]).tables, merge([*reversed(answered), PEOPLE]).tables
    assert all(one[name].equals(other[name]) for name in one)
    assert one["insurance"]["source"].tolist() == ["plan_net:x.alder"]


def test_of_two_answers_the_more_believed_counts_for_its_time_and_the_other_before_and_after() -> None:
    stack = Stack({"nppes": PEOPLE}).updated(
        [
            make_layer("marketplace:11111", insurance=[answer(NPIS[0], "medicare", "yes")]),
            make_layer(
                "plan_net:x.alder",
                insurance=[answer(NPIS[0], "medicare", "no", valid_from="2026-03-01", valid_until="2026-05-31")],
            ),
        ]
    )
    found = [(one["status"], one["valid_from"], one["valid_until"]) for one in answers(list(stack.layers.values()))]
    assert found == [
        ("yes", "", "2026-02-28"),
        ("no", "2026-03-01", "2026-05-31"),
        ("yes", "2026-06-01", ""),
    ]


def test_a_part_adds_to_what_its_collection_holds() -> None:
    whole = make_layer("marketplace:11111", complete=True, insurance=[answer(NPIS[0], PLANS[0])])
    part = make_layer("marketplace:11111", insurance=[answer(NPIS[1], PLANS[0]), answer(NPIS[0], PLANS[1])])
    stack = Stack({"nppes": PEOPLE}).updated([whole]).updated([part])
    answered = {(one["npi"], one["plan"]) for one in answers(list(stack.layers.values()))}
    assert answered == {(NPIS[0], PLANS[0]), (NPIS[1], PLANS[0]), (NPIS[0], PLANS[1])}


def test_who_is_in_another_collection_for_the_same_plan_has_lost_nothing() -> None:
    def of(source: str, *npis: str) -> Layer:
        return make_layer(source, complete=True, insurance=[answer(npi, PLANS[0]) for npi in npis])

    before = Stack({"nppes": PEOPLE}).updated([of(COLLECTIONS[0], *NPIS[:10]), of(COLLECTIONS[2], NPIS[0])])
    after = before.updated([of(COLLECTIONS[0], *NPIS[2:10])])
    (loss,) = losses(before, after, TODAY)
    assert (loss.collection, loss.answers, loss.lost, loss.is_large) == (COLLECTIONS[0], 10, 1, False)
    (large,) = losses(before, before.updated([of(COLLECTIONS[0], *NPIS[3:10])]), TODAY)
    assert (large.lost, large.is_large) == (2, False), "20% is not more than 20%"
    (all_gone,) = losses(before, before.without(COLLECTIONS[0]), TODAY)
    assert (all_gone.lost, all_gone.is_large) == (9, True)


def test_an_empty_table_has_no_answers() -> None:
    assert merge([PEOPLE]).tables["insurance"].empty
    assert isinstance(merge([PEOPLE]).tables["plan"], pd.DataFrame)


def test_an_answer_that_ends_is_lost_and_an_older_file_is_asked_about() -> None:
    def of(as_of: str, *until: str) -> Layer:
        rows = [answer(npi, PLANS[0], valid_until=end) for npi, end in zip(NPIS, until, strict=False)]
        return make_layer(COLLECTIONS[0], as_of, complete=True, insurance=rows)

    before = Stack({"nppes": PEOPLE}).updated([of("2026-11-01", *["2026-12-31"] * 10)])
    (ended,) = losses(before, before.updated([of("2026-11-02", *["2025-12-31"] * 10)]), TODAY)
    assert (ended.answers, ended.lost, ended.is_large) == (10, 10, True)
    assert losses(before, before.updated([of("2026-11-02", *["2027-12-31"] * 10)]), TODAY) == []
    (older,) = losses(before, before.updated([of("2026-10-01", *["2026-12-31"] * 9)]), TODAY)
    assert (older.lost, older.is_large) == (1, True)


def test_a_list_of_the_same_insurer_that_is_not_renewed_is_named() -> None:
    def of(network: str) -> Layer:
        rows = [answer(NPIS[0], PLANS[1])]
        return make_layer(f"in_network_rates:alder-health.{network}", complete=True, insurance=rows)

    base = Stack({"nppes": PEOPLE}).updated([of("old-ppo"), make_layer("in_network_rates:birch.a", complete=True)])
    found = Findings("candidate")
    check_plans(found, base, base.updated([of("new-ppo")]), [of("new-ppo")])
    assert [(notice.code, notice.value) for notice in found.notices()] == [
        ("collection_left_out", "in_network_rates:alder-health.old-ppo (in_network_rates:alder-health.old-ppo)")
    ]
    found = Findings("candidate")
    check_plans(found, base, base, [of("old-ppo")])
    assert found.notices() == []


def test_an_answer_of_staff_on_a_name_of_two_plans_is_reported() -> None:
    aliases = [("gold-ppo", plan, COLLECTIONS[3], "2026-11-01") for plan in ("plan:gold.a", "plan:gold.b")]
    rates = replace(make_layer(COLLECTIONS[3], complete=True), plans=plan_tables({"plan_alias": aliases}))
    staff = make_layer("staff", insurance=[answer(NPIS[0], "gold-ppo"), answer(NPIS[1], "medicare")])
    stack = Stack({"nppes": PEOPLE}).updated([rates, staff])
    found = Findings("candidate")
    check_plans(found, stack, stack, [staff])
    assert [(notice.code, notice.value) for notice in found.notices()] == [("plan_ambiguous", "gold-ppo")]
