"""Rows of Medicare utilization in its layouts."""

from __future__ import annotations

from tests.intake.sources.nppes.nppes_files import npi

OLD = (
    "npi\tnppes_provider_last_org_name\tnppes_provider_first_name\tnppes_provider_mi\tnppes_credentials\t"
    "nppes_provider_gender\tnppes_entity_code\tnppes_provider_street1\tnppes_provider_street2\tnppes_provider_city\t"
    "nppes_provider_zip\tnppes_provider_state\tnppes_provider_country\tprovider_type\tmedicare_participation_indicator\t"
    "place_of_service\thcpcs_code\thcpcs_description\tline_srvc_cnt\tbene_unique_cnt\tbene_day_srvc_cnt\t"
    "average_Medicare_allowed_amt\tstdev_Medicare_allowed_amt\taverage_submitted_chrg_amt\tstdev_submitted_chrg_amt\t"
    "average_Medicare_payment_amt\tstdev_Medicare_payment_amt"
)
NEW = (
    "Rndrng_NPI,Rndrng_Prvdr_Last_Org_Name,Rndrng_Prvdr_First_Name,Rndrng_Prvdr_MI,Rndrng_Prvdr_Crdntls,Rndrng_Prvdr_Gndr,"
    "Rndrng_Prvdr_Ent_Cd,Rndrng_Prvdr_St1,Rndrng_Prvdr_St2,Rndrng_Prvdr_City,Rndrng_Prvdr_State_Abrvtn,"
    "Rndrng_Prvdr_State_FIPS,Rndrng_Prvdr_Zip5,Rndrng_Prvdr_RUCA,Rndrng_Prvdr_RUCA_Desc,Rndrng_Prvdr_Cntry,"
    "Rndrng_Prvdr_Type,Rndrng_Prvdr_Mdcr_Prtcptg_Ind,HCPCS_Cd,HCPCS_Desc,HCPCS_Drug_Ind,Place_Of_Srvc,Tot_Benes,Tot_Srvcs,"
    "Tot_Bene_Day_Srvcs,Avg_Sbmtd_Chrg,Avg_Mdcr_Alowd_Amt,Avg_Mdcr_Pymt_Amt,Avg_Mdcr_Stdzd_Amt"
)
NAME = "MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv"


def new_row(
    number: int, code: str = "97110", services: str = "100", charge: str = "80", allowed: str = "30.5",
    kind: str = "Physical Therapist in Private Practice", place: str = "O", participation: str = "Y", entity: str = "I",
) -> str:  # fmt: skip
    values = [
        npi(number), "Oakapple", "Rosa", "L.", "PT", "F", entity, "77 Pinwheel St", "", "Cambridge", "MA", "25",
        "02139", "1", "Metropolitan", "US", kind, participation, code, "described", "N", place, "20", services, "90",
        charge, allowed, "24", "24",
    ]  # fmt: skip
    return "\n" + ",".join(values)
