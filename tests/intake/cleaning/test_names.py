"""Names, streets and credentials in the case that people write them in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.intake.cleaning import names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MCALDERLY", "McAlderly"),
        ("MC", "Mc"),
        ("MACHADO", "Machado"),
        ("O'FENNIMORE", "O'Fennimore"),
        ("D'ALBA", "D'Alba"),
        ("DE LA FUENTEALTA", "de la Fuentealta"),
        ("DEL ALMENDRO JR", "del Almendro Jr."),
        ("LA", "La"),
        ("VAN DYKEWOOD", "Van Dykewood"),
        ("OAKAPPLE III", "Oakapple III"),
        ("STARLING-BROOK", "Starling-Brook"),
        ("O'NEST-MCTHISTLE", "O'Nest-McThistle"),
        ("peñaclara", "Peñaclara"),
        ("deBramble", "deBramble"),
        ("  FOX   GLOVE ", "Fox Glove"),
        ("", ""),
    ],
)
def test_last_name(text: str, expected: str) -> None:
    assert names.last_name(text) == expected


def test_full_name() -> None:
    assert names.full_name("MARIA", "L", "DE LA FUENTEALTA", "III") == "Maria L. de la Fuentealta III"
    assert names.full_name("MARY ANN", "", "OAKAPPLE", "PT") == "Mary Ann Oakapple"
    assert names.full_name("rosa", "lee", "waxwing", "jr.") == "Rosa Lee Waxwing Jr."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A.J.", "A.J."), ("a.j.", "A.J."), ("AJ", "AJ"), ("TJ", "TJ"), ("J.R. LEE", "J.R. Lee"), ("(JACK)", "(Jack)"),
        ("AL", "Al"), ("ED", "Ed"), ("JO", "Jo"), ("TY", "Ty"), ("NG", "Ng"), ("VI", "Vi"), ("JOHN III", "John III"),
    ],
)  # fmt: skip
def test_first_names_and_initials(text: str, expected: str) -> None:
    assert names.person_name(text) == expected


def test_sort_name_has_no_accents_and_the_last_name_first() -> None:
    assert names.person_sort_name("José", "L", "PEÑACLARA") == "penaclara, jose l"
    assert names.person_sort_name(" Rosa ", "", " Oakapple ") == "oakapple, rosa"
    assert names.sort_name("O'Fennimore & Sons, LLC") == "ofennimore sons, llc"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ELM ST. PHYSICAL THERAPY, LLC", "Elm St. Physical Therapy, LLC"),
        ("BACK-IN-MOTION P.C.", "Back-in-Motion P.C."),
        ("THE YMCA OF ELMTOWN", "The YMCA of Elmtown"),
        ("CSP REHAB INC", "CSP Rehab Inc"),
        ("MC PHYSICAL THERAPY", "MC Physical Therapy"),
        ("ATI PHYSICAL THERAPY", "ATI Physical Therapy"),
        ("UPMC REHAB AT IU HEALTH", "UPMC Rehab at IU Health"),
        ("BIDMC", "BIDMC"),
        ("A.J. & AJ'S WORLD OF HANDS", "A.J. & AJ's World of Hands"),
        ("ED & JO HIRSCH, BERNDT IV", "Ed & Jo Hirsch, Berndt IV"),
        ("STRENGTH LENGTH ARTS SCHWARTZ", "Strength Length Arts Schwartz"),
        ("ST. MARY'S HOSPITAL", "St. Mary's Hospital"),
        ("(PT) ASSOCIATES", "(PT) Associates"),
        ("Kinetix PT", "Kinetix PT"),
        ("A - B / C", "A - B / C"),
        ("ABC PHYSICAL THERAPY LLC", "ABC Physical Therapy LLC"),
        ("HCA FLORIDA", "HCA Florida"),
        ("MIT MEDICAL", "MIT Medical"),
        ("BU PT CENTER", "BU PT Center"),
        ("NY SPORTS PT", "NY Sports PT"),
        ("JAG-ONE PHYSICAL THERAPY", "JAG-One Physical Therapy"),
        ("D/B/A REHAB CO", "d/b/a Rehab Co"),
        ("NEURO-REHAB OF MA", "Neuro-Rehab of MA"),
        ("REHAB OF LA, L.L.C.", "Rehab of LA, L.L.C."),
        ("TAKE CARE OF ME", "Take Care of Me"),
        ("HOUSE OF MA AND JO", "House of Ma and Jo"),
    ],
)
def test_organization_name(text: str, expected: str) -> None:
    assert names.organization_name(text) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("77 N MASSACHUSETTS AVE", "STE 4B", "77 N Massachusetts Ave, Ste 4B"),
        ("1 42ND STREET NW", "", "1 42nd Street NW"),
        ("5 MCALLEN RD,", " ", "5 McAllen Rd"),
        ("PO BOX 12", "", "PO Box 12"),
        ("2723 S 7TH STREET", "SUITE A", "2723 S 7th Street, Suite A"),
        ("5 ELM ST STE A 101", "UNIT A & B", "5 Elm St Ste A 101, Unit A & B"),
        ("46 MAPLE ST A", "", "46 Maple St A"),
        ("1 AVENUE A", "LEVEL A", "1 Avenue A, Level A"),
        ("5 HOUSE OF A FRIEND RD", "", "5 House of a Friend Rd"),
        ("9 MC ALLEN RD", "MC 12", "9 Mc Allen Rd, MC 12"),
        ("1 A ST", "STE 2-A,", "1 A St, Ste 2-A"),
        ("500 S A STREET", "UNIT A-2", "500 S A Street, Unit A-2"),
        ("Suite a", "", "Suite a"),
        ("", "", ""),
    ],
)
def test_street(first: str, second: str, expected: str) -> None:
    assert names.street(first, second) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT, DPT,NCS", "PT, DPT, NCS"),
        ("D.P.T., N.C.S.", "DPT, NCS"),
        ("PT DPT", "PT, DPT"),
        ("L.AC, PT", "LAc, PT"),
        ("P.T.,A.T.,C.", "PT, ATC"),
        ("PT, AT", "PT, AT"),
        ("P.T., Ph.D.", "PT, PhD"),
        ("DOCTOR OF PHYSICAL THERAPY", "Doctor of Physical Therapy"),
        ("RPT", "RPT"),
        ("PT, PT", "PT"),
        ("PT,DPT,OCS,CSCS,FAAOMPT", "PT, DPT, OCS, CSCS, FAAOMPT"),
        ("LSVTBIG, COMT, CERT. MDT", "LSVTBIG, COMT, Cert. MDT"),
        ("DOCTOR OF PHYSICAL THERAPY, OCS", "Doctor of Physical Therapy, OCS"),
        ("PT, BOARD CERTIFIED WOMEN'S HEALTH SPECIALIST", "PT, Board Certified Women's Health Specialist"),
        ("PT, FORMER NCS", "PT, former NCS"),
        ("PT, NCS (EXPIRED 2019)", "PT, NCS (expired 2019)"),
        ("PT, NCS (2014-2024)", "PT, NCS (2014-2024)"),
        ("PT, NCS 2015-2025", "PT, NCS 2015-2025"),
        ("PT, NCS EMERITUS", "PT, NCS emeritus"),
        ("", ""),
    ],
)
def test_credentials(text: str, expected: str) -> None:
    assert names.credentials(text) == expected


@given(st.text(max_size=60))
def test_no_text_breaks_a_name(text: str) -> None:
    for change in (names.last_name, names.person_name, names.organization_name, names.street_name, names.credentials):
        assert change(change(text)).split() == change(change(change(text))).split()
