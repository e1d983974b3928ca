"""Confirmed conditions, from a record or a table, are found by the public search; nothing else is."""

from __future__ import annotations

from finder.directory.query import Query
from finder.directory.search import Directory
from finder.directory.vocabulary.conditions import conditions
from finder.records.drafts import list_drafts
from tests.web.reading import parsed, text_of
from tests.web.staff import files
from tests.web.staff.office import Office, publish_corrections
from tests.web.staff.records.record_page import NPI, RECORD, form_of

ALL = conditions().values()
WITH_TYPES = [condition for condition in ALL if condition.types]


def directory_of(office: Office) -> Directory:
    office.app.extensions["finder"].current._next_check = 0
    directory = office.app.extensions["finder"].directory()
    assert isinstance(directory, Directory)
    return directory


def found(directory: Directory, facet: str) -> list[str]:
    """Return the NPIs that a search for a facet finds; its count must say the same."""
    result = directory.search(Query(specialties=(facet,)))
    npis = [listing.provider.npi for listing in result.listings]
    assert directory.search(Query()).facets["specialty"][facet] == len(npis)
    return npis


def test_a_confirmation_on_a_record_is_found_after_the_next_release_and_shown_with_its_types(
    published_office: Office,
) -> None:
    editor, publisher = published_office.add_logged_in("editor"), published_office.add_logged_in("publisher")
    assert all(NPI not in found(directory_of(published_office), one.facet) for one in ALL)
    types = {one.type_field: list(one.types)[:2] for one in WITH_TYPES}
    sent = form_of(editor) | {one.facet: "y" for one in ALL} | types
    assert editor.send(RECORD, sent).status_code == 303
    (row,) = [one for one in publish_corrections(published_office, editor, publisher) if one["npi"] == NPI]
    page = text_of(parsed(publisher.get(f"/therapists/{NPI}").text))
    for one in ALL:
        assert f"{one.facet}: confirmed" in row["specialties"]
        assert found(directory_of(published_office), one.facet) == [NPI]
        assert f"Confirmed by the clinic: {one.plain_name}" in page
    assert all(name in page for one in WITH_TYPES for name in list(one.types.values())[:2])
    assert form_of(editor)[next(iter(conditions()))] == "y"
    assert editor.send(RECORD, form_of(editor) | types).status_code == 303
    assert "Nothing was changed." in editor.get(RECORD).text


def test_a_confirmation_in_a_table_is_found_after_the_next_release(published_office: Office) -> None:
    editor, publisher = published_office.add_logged_in("editor"), published_office.add_logged_in("publisher")
    rows = [
        files.row(
            number,
            **{f"{one.facet}_on": "2026-11-08"},
            **({one.types_column: ";".join(list(one.types)[:2])} if one.types else {}),
        )
        for number, one in enumerate(ALL, start=1)
    ]
    with published_office.installation.records.reading() as session:
        number = len(list_drafts(session)) + 1
    editor.upload(files.write(rows), "calls-2026-11-12.csv")
    assert publisher.send(f"/staff/drafts/{number}/publish").status_code == 303
    directory = directory_of(published_office)
    for number, one in enumerate(ALL, start=1):
        assert found(directory, one.facet) == [files.npi(number)]
        provider = directory.provider(files.npi(number))
        assert provider
        assert [fact.value for fact in provider.facts if fact.field == one.type_field] == sorted(list(one.types)[:2])


def test_a_page_speaks_only_of_conditions_of_which_something_is_known_and_of_those_always_listed(
    published_office: Office,
) -> None:
    page = parsed(published_office.add_logged_in("viewer").get(f"/therapists/{NPI}").text)
    headings = {text_of(one) for one in page.iter("h3")}
    assert {one.label for one in ALL} & headings == {one.label for one in ALL if one.always_listed}
    assert [one.name for one in ALL if f"{one.name}: not confirmed" in text_of(page)] == [
        one.name for one in ALL if one.always_listed
    ]
