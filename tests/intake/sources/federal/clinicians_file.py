"""Rows of Doctors and Clinicians in its layouts."""

from __future__ import annotations

from tests.intake.sources.nppes.nppes_files import npi

OLD = (
    "NPI, Ind_PAC_ID, Ind_enrl_ID, lst_nm, frst_nm, mid_nm, suff, gndr, Cred, Med_sch, Grd_yr, pri_spec, sec_spec_1, "
    "sec_spec_2, sec_spec_3, sec_spec_4, sec_spec_all, org_nm, org_pac_id, num_org_mem, adr_ln_1, adr_ln_2, ln_2_sprs, "
    "cty, st, zip, phn_numbr, ind_assgn, grp_assgn, adrs_id"
)
NEW = (
    "NPI,Ind_PAC_ID,Ind_enrl_ID,Provider Last Name,Provider First Name,Provider Middle Name,suff,gndr,Cred,Med_sch,"
    "Grd_yr,pri_spec,sec_spec_1,sec_spec_2,sec_spec_3,sec_spec_4,sec_spec_all,Telehlth,Facility Name,org_pac_id,"
    "num_org_mem,adr_ln_1,adr_ln_2,ln_2_sprs,City/Town,State,ZIP Code,Telephone Number,ind_assgn,grp_assgn,adrs_id"
)
NAME = "DAC_NationalDownloadableFile_20261101.csv"


def new_row(
    number: int, individual: str = "Y", group: str = "M", specialty: str = "PHYSICAL THERAPIST IN PRIVATE PRACTICE",
    street: str = "77 PINWHEEL ST", others: str = "", telehealth: str = "",
) -> str:  # fmt: skip
    values = [
        npi(number), "1", "I1", "OAKAPPLE", "ROSA", "L", "", "F", "PT", "OTHER", "2007", specialty, "", "", "", "",
        f'"{others}"', telehealth, "PAPER CRANE REHAB LLC", "2", "9", street, "", "", "CAMBRIDGE", "MA", "021394307",
        "6175550123", individual, group, "MA1",
    ]  # fmt: skip
    return "\n" + ",".join(values)
