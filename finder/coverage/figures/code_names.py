"""Our own plain names of the services.

The descriptions of CPT codes are copyright of the American Medical Association and appear nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from finder.i18n import N_, Message

CODE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "0791T": N_("walking and thinking practice in virtual reality"),
        "20560": N_("dry needling, one or two muscles"),
        "20561": N_("dry needling, three or more muscles"),
        "90912": N_("pelvic floor training with biofeedback, first 15 minutes"),
        "90913": N_("pelvic floor training with biofeedback, each 15 minutes more"),
        "92507": N_("speech and language therapy, one person"),
        "92508": N_("speech and language therapy in a group"),
        "92521": N_("first check of smooth speech"),
        "92522": N_("first check of speech sounds"),
        "92523": N_("first check of speech sounds and language"),
        "92524": N_("first check of the voice"),
        "92526": N_("swallowing therapy"),
        "92597": N_("fitting of a voice aid"),
        "92607": N_("choosing a speech device, first hour"),
        "92609": N_("training with a speech device"),
        "92610": N_("first check of swallowing"),
        "95851": N_("measuring how far joints move, arm, leg or back"),
        "95852": N_("measuring how far joints move, hand"),
        "95992": N_("treatment of dizziness by moving the head"),
        "96000": N_("filmed study of how you walk"),
        "96001": N_("filmed study of how you walk, with foot pressure"),
        "96002": N_("muscle signals while you move, on the skin"),
        "96105": N_("testing of speech and language (aphasia), one hour"),
        "96125": N_("testing of thinking skills, one hour"),
        "97010": N_("hot or cold packs"),
        "97012": N_("traction by machine"),
        "97014": N_("electrical stimulation without a therapist beside you, not for Medicare"),
        "97016": N_("pressure sleeve against swelling"),
        "97018": N_("warm wax bath"),
        "97022": N_("whirlpool"),
        "97024": N_("deep heat by radio waves"),
        "97026": N_("infrared warmth"),
        "97028": N_("ultraviolet light"),
        "97032": N_("electrical stimulation with the therapist beside you"),
        "97033": N_("medicine through the skin by a weak current"),
        "97034": N_("hot and cold baths in turn"),
        "97035": N_("ultrasound treatment"),
        "97036": N_("whole-body water treatment"),
        "97039": N_("a warmth, water or current treatment without a code"),
        "97110": N_("strength and flexibility exercise"),
        "97112": N_("balance and coordination training"),
        "97113": N_("exercise in water"),
        "97116": N_("walking training"),
        "97124": N_("massage"),
        "97129": N_("training of thinking skills, first 15 minutes"),
        "97130": N_("training of thinking skills, each 15 minutes more"),
        "97139": N_("a therapy treatment without a code"),
        "97140": N_("hands-on treatment of joints and muscles"),
        "97150": N_("exercise in a group"),
        "97161": N_("first physical therapy evaluation, simple"),
        "97162": N_("first physical therapy evaluation, medium"),
        "97163": N_("first physical therapy evaluation, complex"),
        "97164": N_("physical therapy re-evaluation"),
        "97165": N_("first occupational therapy evaluation, simple"),
        "97166": N_("first occupational therapy evaluation, medium"),
        "97167": N_("first occupational therapy evaluation, complex"),
        "97168": N_("occupational therapy re-evaluation"),
        "97530": N_("practice of everyday movements"),
        "97533": N_("training of the senses"),
        "97535": N_("training in self-care and home tasks"),
        "97537": N_("training for work and getting about town"),
        "97542": N_("wheelchair fitting and training"),
        "97545": N_("training to return to work, first two hours"),
        "97546": N_("training to return to work, each hour more"),
        "97550": N_("training of a caregiver, first 30 minutes"),
        "97551": N_("training of a caregiver, each 15 minutes more"),
        "97552": N_("training of a group of caregivers"),
        "97597": N_("cleaning of a wound, first part"),
        "97598": N_("cleaning of a wound, each further part"),
        "97605": N_("suction dressing with a lasting pump, small wound"),
        "97606": N_("suction dressing with a lasting pump, large wound"),
        "97607": N_("suction dressing with a throw-away pump, small wound"),
        "97608": N_("suction dressing with a throw-away pump, large wound"),
        "97610": N_("wound treatment by ultrasound mist"),
        "97750": N_("test of strength, balance or movement"),
        "97755": N_("trial of an aid or device"),
        "97760": N_("first fitting of a brace or splint"),
        "97761": N_("first training with an artificial limb"),
        "97763": N_("check of a brace or an artificial limb"),
        "97799": N_("another rehabilitation service without a code"),
        "98975": N_("setting up home monitoring of therapy"),
        "98976": N_("home monitoring device for breathing, a month"),
        "98977": N_("home monitoring device for muscles and joints, a month"),
        "98979": N_("review of home monitoring, first 10 minutes of a month"),
        "98980": N_("review of home monitoring, first 20 minutes of a month"),
        "98981": N_("review of home monitoring, each 20 minutes more"),
        "98984": N_("home monitoring device for breathing, some days"),
        "98985": N_("home monitoring device for muscles and joints, some days"),
        "98986": N_("home monitoring device for behavior, some days"),
        "G0281": N_("electrical stimulation of a wound"),
        "G0283": N_("electrical stimulation without a therapist beside you"),
        "G0329": N_("treatment of a wound by a magnetic field"),
        "G0541": N_("training of a caregiver in direct care, first 30 minutes"),
        "G0542": N_("training of a caregiver in direct care, each 15 minutes more"),
        "G0543": N_("training of a group of caregivers in direct care"),
    }
)

PAST_CODE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "29200": N_("taping of the chest"),
        "29240": N_("taping of the shoulder"),
        "29260": N_("taping of the elbow or wrist"),
        "29280": N_("taping of the hand or a finger"),
        "29520": N_("taping of the hip"),
        "29530": N_("taping of the knee"),
        "29540": N_("taping of the ankle or foot"),
        "29550": N_("taping of the toes"),
        "64550": N_("mild current through the skin against pain (TENS), as it was billed until 2018"),
        "90911": N_("pelvic floor training with biofeedback, as it was billed until 2019"),
        "97001": N_("first physical therapy evaluation, as it was billed until 2016"),
        "97002": N_("physical therapy re-evaluation, as it was billed until 2016"),
        "97003": N_("first occupational therapy evaluation, as it was billed until 2016"),
        "97004": N_("occupational therapy re-evaluation, as it was billed until 2016"),
        "97532": N_("training of thinking skills, as it was billed until 2017"),
        "97762": N_("check of a brace or an artificial limb, as it was billed until 2017"),
    }
)
"""Services in payment records of earlier years that estimates do not accept."""

PRESET_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "first_visit": N_("First visit"),
        "follow_up": N_("Follow-up visit"),
        "dizziness": N_("Visit for dizziness"),
        "reevaluation": N_("Re-evaluation"),
    }
)


GROUP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "nerves": N_("Balance, walking and nerves"),
        "evaluation": N_("First visit, checks and tests"),
        "exercise": N_("Exercise and hands-on treatment"),
        "daily_life": N_("Daily life, work and aids"),
        "devices": N_("Warmth, current and other devices"),
        "speech": N_("Speech, swallowing and thinking"),
        "caregivers": N_("Training for whoever helps you"),
        "home_monitoring": N_("Home monitoring"),
        "wounds": N_("Wounds"),
        "other": N_("Other services"),
    }
)
"""The groups of the list of services."""


def code_name(code: str) -> Message:
    """Return the plain name of a service, or its code if it has no name."""
    name = CODE_NAMES.get(code) or PAST_CODE_NAMES.get(code)
    if name:
        return Message(name)
    return Message(N_("service {code}"), {"code": code})


def preset_name(name: str) -> Message:
    """Return the name of a usual visit."""
    return Message(PRESET_NAMES.get(name, name))


def group_name(name: str) -> Message:
    """Return the name of a group of services."""
    return Message(GROUP_NAMES.get(name, name))
