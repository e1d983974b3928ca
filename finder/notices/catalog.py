"""The message and remedy of every notice, by code. Used by ``finder.notices.notices``."""

from __future__ import annotations

from typing import NamedTuple

from finder.i18n import N_


class NoticeText(NamedTuple):
    """What was found and what to do about it; with placeholders as in ``finder.i18n.Message``."""

    message: str
    remedy: str


ERRORS = {
    "fields_missing": NoticeText(
        N_("This entry leaves out what its format requires."),
        N_("Get the file again from its publisher; if it stays, report it to them."),
    ),
    "not_an_object": NoticeText(
        N_("This entry does not have the form that its format asks for."),
        N_("Get the file again from its publisher; if it stays, report it to them."),
    ),
    "registry_error": NoticeText(
        N_("The NPI Registry answered with an error in place of providers."),
        N_("Ask the registry again with a narrower search."),
    ),
    "npi_invalid": NoticeText(
        N_("This NPI is not valid: an NPI has ten digits, begins with 1 or 2, and its last digit is a check digit."),
        N_("Compare it with the provider's card or the NPI Registry and correct the digits."),
    ),
    "npi_missing": NoticeText(
        N_("This row has no NPI."),
        N_("Look the provider up in the NPI Registry and add the NPI."),
    ),
    "row_broken": NoticeText(
        N_("This row does not have as many values as the header has columns."),
        N_("Look for a missing or extra comma or quotation mark in the row, or save the file again as CSV."),
    ),
    "quotes_unbalanced": NoticeText(
        N_("A quotation mark is opened in this row and not closed."),
        N_("Close the quotation mark, or get the file again: it may have been cut short."),
    ),
    "entity_unknown": NoticeText(
        N_("The row does not say whether this is a person or an organization."),
        N_("Say 1 or individual for a person, 2 or organization for a clinic."),
    ),
    "year_unreadable": NoticeText(
        N_("This is not a year, so what the entry says for it was left out."),
        N_("Get the file again from its publisher; if it stays, report it to them."),
    ),
    "plan_unnamed": NoticeText(
        N_("This plan or network has neither a name nor an identifier that we know, so it was left out."),
        N_("Get the file again from its publisher; if it stays, report it to them."),
    ),
    "plan_id_of_nobody": NoticeText(
        N_("This id of a plan is not of the marketplace (HIOS), and nothing says whose plan it is; it was left out."),
        N_("Name the collection that it belongs to, and stage the files again."),
    ),
    "without_collection": NoticeText(
        N_("Providers were left out, as nothing says whose network they are in: {count:number}."),
        N_("Name the collection that they belong to, and stage the files again."),
    ),
    "name_missing": NoticeText(
        N_("This provider has no name."),
        N_("Add the name of the person or of the clinic."),
    ),
}
"""The row, or a part of it, was left out."""

WARNINGS = {
    "plan_id_other": NoticeText(
        N_("This id of a plan is not of the marketplace (HIOS), so the plan is kept under the id as it is written."),
        N_("Compare it with the plan's card; if it is wrong, report it to the publisher."),
    ),
    "reference_ambiguous": NoticeText(
        N_("This entry points to an id that stands for several entries in these files, so none of them was taken."),
        N_("Stage the files of each publisher in a folder or zip of their own."),
    ),
    "roles_missing": NoticeText(
        N_("Nothing here says who is in which network: there is no PractitionerRole and no OrganizationAffiliation."),
        N_("Stage all files of the export together."),
    ),
    "excluded_without_npi": NoticeText(
        N_("The exclusion list names a physical therapist without an NPI, so nobody could be taken off by number."),
        N_("Look for the name in the directory, and suppress the listing if it is the same person."),
    ),
    "assignment_unknown": NoticeText(
        N_("This is not one of the answers on Medicare assignment (Y or M), so it counts as unknown."),
        N_("Check the file's data dictionary: the answer may be new."),
    ),
    "not_a_therapist_code": NoticeText(
        N_("The row names a specialty that is not physical therapy, for someone we list. It was not taken."),
        N_("Check whether the person still works as a physical therapist."),
    ),
    "number_invalid": NoticeText(
        N_("This is not a number that the column can have, so it was not taken."),
        N_("Check the value in the source."),
    ),
    "providers_elsewhere": NoticeText(
        N_("The providers of this rate stand in another file that the payer keeps, so they are not known here."),
        N_("Get that file from the address shown and stage it together with this one."),
    ),
    "providers_missing": NoticeText(
        N_("This rate names a group of providers that the file does not hold."),
        N_("Get the file again; if it stays, report it to the payer."),
    ),
    "rate_expired": NoticeText(
        N_("This rate had expired on the date of the file, so it was not taken."),
        N_("Get the payer's current file."),
    ),
    "rate_implausible": NoticeText(
        N_("This rate cannot be what a therapy service costs, so it was not taken."),
        N_("Ask the payer."),
    ),
    "rate_is_percentage": NoticeText(
        N_("This rate is a percentage of charges, not an amount, so no amount is shown for it."),
        N_("Nothing to do."),
    ),
    "reference_missing": NoticeText(
        N_("This entry points to another one that the bundle does not hold."),
        N_("Get the bundle again with the entries that it points to."),
    ),
    "results_cut_short": NoticeText(
        N_("The answer says that it holds {claimed:number} providers but holds {held:number}."),
        N_("Ask the registry again."),
    ),
    "results_full": NoticeText(
        N_("The answer holds as many providers as one page can. There may be more."),
        N_("Ask for the next page, or search by a longer ZIP prefix."),
    ),
    "npi_repeated": NoticeText(
        N_("This NPI stands in the file more than once, with different values. The latest was taken."),
        N_("Keep one row for each NPI."),
    ),
    "location_repeated": NoticeText(
        N_("This practice location of this NPI stands in the file already, with other values. The first was taken."),
        N_("Keep one row for each practice location."),
    ),
    "column_repeated": NoticeText(
        N_("Several columns have this name. Of each row the first of them that is filled was read."),
        N_("Give each column a name of its own, or delete those that are not meant."),
    ),
    "column_unknown": NoticeText(
        N_("We do not know this column, so it was not read."),
        N_("Compare its name with the template."),
    ),
    "row_count_differs": NoticeText(
        N_("The lines of the file and a strict reading of it do not agree on the number of rows."),
        N_("Get the file again; if it stays, look for quotation marks inside values."),
    ),
    "file_cut_short": NoticeText(
        N_("The file ends before it should. What was whole has been read."),
        N_("Get the file again."),
    ),
    "address_missing": NoticeText(
        N_("There is no practice address, so the provider cannot be found by place."),
        N_("Add the practice address, never the mailing address."),
    ),
    "street_missing": NoticeText(
        N_("The practice address has no street: only the town is known."),
        N_("Ask the provider for the street and number."),
    ),
    "address_foreign": NoticeText(
        N_("The practice address is outside the United States, so it is not listed."),
        N_("If the address is wrong, correct it in the source."),
    ),
    "address_military": NoticeText(
        N_("This is a military post office: it has no place on the map."),
        N_("Add the street address if patients are seen there."),
    ),
    "address_is_po_box": NoticeText(
        N_("The practice address is a post office box: patients are not seen there."),
        N_("Ask the provider for the street address."),
    ),
    "state_unknown": NoticeText(
        N_("This is not a state or territory of the United States."),
        N_("Use the two letters of the state."),
    ),
    "zip_missing": NoticeText(
        N_("This practice address has no ZIP code, so it has no place on the map."),
        N_("Add the five digits of the ZIP code."),
    ),
    "zip_invalid": NoticeText(
        N_("This is not a ZIP code, so the address has no place on the map."),
        N_("Use five digits, or five and four; keep the zeros in front."),
    ),
    "zip_unknown": NoticeText(
        N_("We do not know this ZIP code, so the address has no place on the map."),
        N_("Check the five digits."),
    ),
    "zip_not_in_state": NoticeText(
        N_(
            "This ZIP code is in another state than the address says, so it is not used: the address stands at the "
            "center of its city, or has no place on the map, and no cost is shown."
        ),
        N_("Check the state and the five digits."),
    ),
    "phone_invalid": NoticeText(
        N_("This is not a telephone number, so none is shown."),
        N_("Use ten digits with the area code. A spreadsheet may have spoiled the column: get the file again."),
    ),
    "date_invalid": NoticeText(
        N_("This is not a date that can be read without guessing."),
        N_("Write it with the year, like 2026-10-05 or 10/05/2026."),
    ),
    "date_in_future": NoticeText(
        N_("This date lies after the date of the file, so the date of the file is used."),
        N_("Check the date."),
    ),
    "taxonomy_unknown": NoticeText(
        N_("This is not a taxonomy code that we know."),
        N_("Check it against the list of the NUCC."),
    ),
    "plan_unknown": NoticeText(
        N_("We do not know this insurance plan, so the answer was not taken."),
        N_("Use a plan id from the list of payers, or have the plan added there."),
    ),
    "plan_ambiguous": NoticeText(
        N_("This name stands for several plans: the answer is kept under it, and counts for none of them."),
        N_("Write the key of one of these plans in its place."),
    ),
    "collection_left_out": NoticeText(
        N_("This list of the same insurer was not in the files, so it stays as it was on {day}."),
        N_("Nothing to do if the insurer still uses the network. If not, withdraw the collection."),
    ),
    "plan_conflict": NoticeText(
        N_("This plan is named as accepted and as not accepted, so the answer was not taken."),
        N_("Take it out of one of the two."),
    ),
    "answer_unknown": NoticeText(
        N_("This is not one of the answers that the column can have, so it was not taken."),
        N_("Write yes or no; for a type, a word of the list of columns. Where nobody has said, leave the cell empty."),
    ),
    "coordinates_invalid": NoticeText(
        N_("These are not a latitude and a longitude in degrees, so the center of the ZIP code is used."),
        N_("Write degrees with a decimal point, like 42.3647 and -71.1042."),
    ),
    "coordinates_outside_state": NoticeText(
        N_("These coordinates are far from the ZIP code, so the center of the ZIP code is used."),
        N_("Check that latitude and longitude are right and not swapped."),
    ),
    "address_not_found": NoticeText(
        N_("The map service does not know this address. The center of its ZIP code is used."),
        N_("Check the address, or give its latitude and longitude in a staff CSV."),
    ),
    "address_not_answered": NoticeText(
        N_("The map service did not answer for {count:number} addresses. The centers of their ZIP codes are used."),
        N_("Stage the file again later: addresses that were found are not asked for again."),
    ),
    "address_found_far_away": NoticeText(
        N_("The map service puts this address far from its ZIP code. The center of the ZIP code is used."),
        N_("Check the address, or give its latitude and longitude in a staff CSV."),
    ),
    "older_than_published": NoticeText(
        N_("This file is older than what is published of its source, which is of {published}."),
        N_(
            "Make sure that it is the file you meant. Whatever is newer stays, unless the file replaces its whole "
            "source: then it brings back what was true then."
        ),
    ),
    "newer_kept": NoticeText(
        N_("{count:number} NPIs of this source were left as they are: what is published of them is newer."),
        N_("Nothing to do, unless you mean to go back: then stage the file as a replacement of its whole source."),
    ),
    "record_undated": NoticeText(
        N_("{count:number} rows have no date of their record that can be read, and are not as new as the file."),
        N_("Nothing to do: the pages say “call first”, and such a row never replaces one with a date."),
    ),
    "no_main_file_of_period": NoticeText(
        N_("No main file of the same period was read with this one: it adds and updates, and takes nothing away."),
        N_("Stage the main file and its companions of one week or month together, with the names they were given."),
    ),
    "source_shrank": NoticeText(
        N_("This source tells of far fewer providers than before: {was:number} became {now:number}."),
        N_("Check that the file is whole before you publish."),
    ),
    "count_dropped": NoticeText(
        N_("There would be far fewer of these than now: {was:number} would become {now:number}."),
        N_("Look at the difference before you publish; the file may be cut short or its columns may have moved."),
    ),
    "edit_contradicted": NoticeText(
        N_("A source now says something else than it did when staff edited this field. The edit still stands."),
        N_("Decide on the record's page: keep the edit, or take what the source says."),
    ),
}
"""The row was read; somebody should look at it."""

INFOS = {
    "no_companions_of_period": NoticeText(
        N_(
            "{count:number} NPIs of this file have further places or other names that are published. The companion "
            "files of its period were not read with it, so these stay as they are."
        ),
        N_("Stage the main file and its companions of one period together, to bring these up to date too."),
    ),
    "header_only": NoticeText(
        N_("This file names its columns and has no rows; it was left out."),
        N_("Nothing to do, unless it should have rows: then get it again."),
    ),
    "not_needed": NoticeText(
        N_("This file is known and holds nothing that the directory keeps; it was left out."),
        N_("Nothing to do."),
    ),
    "no_text_in_row": NoticeText(
        N_("This row held bytes that are no text (NUL); they were left out."),
        N_("Nothing to do. If the row looks wrong, get the file again."),
    ),
    "name_repeated": NoticeText(
        N_("Names that stand in the file already, with another date, were taken once: {count:number}."),
        N_("Nothing to do."),
    ),
    "no_providers": NoticeText(
        N_("This file belongs to the format and names no providers."),
        N_("Stage the file of providers that it points to."),
    ),
    "role_ended": NoticeText(
        N_("Roles and affiliations that have ended or are not active were left out: {count:number}."),
        N_("Nothing to do."),
    ),
    "provider_inactive": NoticeText(
        N_("Providers that are not active, or whose time in this directory has ended, were left out: {count:number}."),
        N_("Nothing to do."),
    ),
    "network_ended": NoticeText(
        N_("Networks that are not active, or all of whose plans have ended, were left out: {count:number}."),
        N_("Nothing to do."),
    ),
    "plan_ended": NoticeText(
        N_("Plans that have ended, or are drafts or retired, were left out: {count:number}."),
        N_("Nothing to do."),
    ),
    "location_closed": NoticeText(
        N_("Places that are closed, suspended or given as a former address were left out: {count:number}."),
        N_("Nothing to do."),
    ),
    "service_ended": NoticeText(
        N_("Services that a clinic no longer offers were left out: {count:number}."),
        N_("Nothing to do."),
    ),
    "periods_apart": NoticeText(
        N_("Answers were left out, as a role, its plan and its place never hold on one day: {count:number}."),
        N_("Nothing to do."),
    ),
    "qualification_ended": NoticeText(
        N_("Qualifications that have ended or are not active were left out: {count:number}."),
        N_("Nothing to do."),
    ),
    "reinstated": NoticeText(
        N_("This provider was excluded and is reinstated."),
        N_("Nothing to do."),
    ),
    "without_npi": NoticeText(
        N_("Entries without an NPI were left out: {count:number}."),
        N_("Nothing to do."),
    ),
    "not_listed": NoticeText(
        N_("Rows of NPIs that are not in the directory were left out: {count:number}."),
        N_("Nothing to do. Stage the main file first, or together with this one, if they should be in."),
    ),
    "npis_not_listed": NoticeText(
        N_(
            "{count:number} NPIs in this file are not in the directory. What it says of them is kept, and shown once "
            "they are."
        ),
        N_("Nothing to do. Stage the main file first, or together with this one, if they should be in."),
    ),
    "other_codes": NoticeText(
        N_("Entries for other services than physical therapy were left out: {count:number}."),
        N_("Nothing to do."),
    ),
    "rates_of_no_visit": NoticeText(
        N_(
            "Amounts that are no price of a visit with a physical therapist (of a stay in hospital, by the day, by a "
            "formula, of another discipline or an assistant) were not taken as prices: {count:number}."
        ),
        N_("Nothing to do."),
    ),
    "other_specialty": NoticeText(
        N_("Rows of other specialties than physical therapy were left out: {count:number}."),
        N_("Nothing to do."),
    ),
    "encoding_respelled": NoticeText(
        N_("This row is not in UTF-8; it was read as Windows-1252."),
        N_("Nothing to do. If accents look wrong, save the file as UTF-8."),
    ),
    "header_repeated": NoticeText(
        N_("The header stands again among the rows; it was left out."),
        N_("Nothing to do."),
    ),
    "below_table": NoticeText(
        N_("This row is a total or a remark, not a provider; it was left out."),
        N_("Nothing to do."),
    ),
    "phone_first_taken": NoticeText(
        N_("There is more than one telephone number; the first was taken."),
        N_("Nothing to do, unless another number is the better one: then leave that one alone."),
    ),
    "column_without_name": NoticeText(
        N_("The file has a column without a name, as a spreadsheet adds; it was left out."),
        N_("Nothing to do."),
    ),
    "newline_in_field": NoticeText(
        N_("A value in this row goes over more than one line."),
        N_("Nothing to do: the row was read whole."),
    ),
    "duplicate_row": NoticeText(
        N_("This row stands in the file already, exactly the same; it was taken once."),
        N_("Nothing to do."),
    ),
    "superseded": NoticeText(
        N_("{count:number} rows were left out: a file that was read with this one has newer rows of the same NPIs."),
        N_("Nothing to do."),
    ),
    "deactivated": NoticeText(
        N_("This NPI is deactivated; the provider is not listed."),
        N_("Nothing to do."),
    ),
    "reactivated": NoticeText(
        N_("This NPI was deactivated and is active again."),
        N_("Nothing to do."),
    ),
    "no_longer_therapist": NoticeText(
        N_("This provider no longer says that it gives physical therapy; the listing goes."),
        N_("Nothing to do. If this is wrong, the provider must correct the NPI Registry."),
    ),
    "zip_leading_zero": NoticeText(
        N_("The zeros in front of this ZIP code were lost; they were put back."),
        N_("Nothing to do. Keep ZIP codes as text in spreadsheets."),
    ),
    "date_respelled": NoticeText(
        N_("This date was spoiled by a spreadsheet; it was read as month, day and year."),
        N_("Check one or two of these dates."),
    ),
    "country_corrected": NoticeText(
        N_("The country code UM was used here by mistake for an address in the United States."),
        N_("Nothing to do."),
    ),
    "state_corrected": NoticeText(
        N_("The state was put right from the ZIP code."),
        N_("Nothing to do."),
    ),
    "blank_rows": NoticeText(
        N_("Blank lines were left out: {count:number}."),
        N_("Nothing to do."),
    ),
    "more_of_the_same": NoticeText(
        N_("{count:number} more notices of the code {code} are not kept."),
        N_("Mend the cause and stage the file again."),
    ),
}
"""The row was read and corrected where needed."""
