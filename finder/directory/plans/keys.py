"""Keys of plans, networks and issuers: short, readable, and made from identifiers, never from a name alone.

``ma:H2406-013-0``            Medicare Advantage: contract, plan, segment
``hios:11111MA0010001``       marketplace: the standard component; also the product (10 characters)
``ein:121212121.gold-ppo.bluestone``   an identifier of a sponsor, or five digits of HIOS, with plan and issuer
``plan:gold-ppo.bluestone``   a plan of an issuer that publishes no identifier
``network:bluestone.ppo``     a network, by the payer's own name for it
``hios:11111MA001/ppo``       a network that one plan's file names: it is that plan's alone
``issuer:bluestone``          an issuer by its name; ``issuer:11111`` by its HIOS number
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST_PART = 48
"""Characters of one part of a key. A longer name is cut and told apart by four characters of its hash."""

_CARD = re.compile(r"(?:ma:)?([HRSE]\d{4})[\s_/-]*(\d{1,3})(?:[\s_/-]+(\d{1,3}))?", re.IGNORECASE)
_COMPONENT = re.compile(r"(\d{5}[A-Z]{2}\d{7})(?:-?\d{2})?")
_PRODUCT = re.compile(r"\d{5}[A-Z]{2}\d{3}")
_ISSUER = re.compile(r"\d{5}")
_TELLING = re.compile(r"[+*#%@$=<>!?~^|]|[^\W_a-z0-9]")
"""Signs that tell two names apart, and letters and digits that ASCII does not have."""

_SPONSOR = re.compile(r"(\d{2})-?(\d{7})")


def slug(name: str, longest: int | None = LONGEST_PART) -> str:
    """Return a name as a part of a key: ``"Bluestone Narrow HMO"`` → ``"bluestone-narrow-hmo"``.

    A longer one is cut and told apart by a hash, as is one with other letters or telling signs (``Choice+``). Case,
    accents and punctuation make no difference. With ``longest`` None a name stays whole.
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold()).replace("&", " and ")
    part = re.sub(r"[^a-z0-9]+", "-", decomposed.encode("ascii", "ignore").decode()).strip("-")
    if not _TELLING.search(decomposed) and (longest is None or len(part) <= longest):
        return part
    same = " ".join(re.sub(r"[.,;:]", " ", decomposed).split())
    digest = hashlib.sha256(same.encode()).hexdigest()[:4]
    return f"{part[: LONGEST_PART - 5].rstrip('-')}-{digest}".lstrip("-")


def medicare_advantage_key(text: str) -> str | None:
    """Return the key of a Medicare Advantage plan from any spelling of a card; None for other text.

    ``"h2406 013 000"`` → ``"ma:H2406-013-0"``. Without a segment: ``"ma:H2406-013"``, which stands for all segments.
    """
    found = _CARD.fullmatch(text.strip())
    if not found:
        return None
    contract, plan, segment = found.groups()
    key = f"ma:{contract.upper()}-{int(plan):03}"
    return key if segment is None else f"{key}-{int(segment)}"


def hios_key(identifier: str) -> str | None:
    """Return the key of a marketplace plan or product; a variant (``-01``) belongs to its plan. None for other text."""
    written = identifier.strip().upper().removeprefix("HIOS:")
    if component := _COMPONENT.fullmatch(written):
        return f"hios:{component[1]}"
    return f"hios:{written}" if _PRODUCT.fullmatch(written) else None


def published_plan_key(system: str, identifier: str, name: str, issuer: str) -> str | None:
    """Return the key of a plan as a payer's file identifies it; None if the file names no plan.

    An identifier that names only an issuer (five digits of HIOS) or a sponsor (EIN) counts together with plan and
    issuer; so does a name without an identifier.
    """
    written = identifier.strip()
    if found := hios_key(written) or (medicare_advantage_key(written) if not written.isdigit() else None):
        return found
    product = ".".join(filter(None, (slug(name), slug(issuer))))
    if not product:
        return None
    if _ISSUER.fullmatch(written) and "ein" not in system.lower():
        return f"hios:{written}.{product}"
    if sponsor := _SPONSOR.fullmatch(written):
        return f"ein:{sponsor[1]}{sponsor[2]}.{product}"
    return f"plan:{product}" if slug(name) else None


def network_key(owner: str, name: str) -> str:
    """Return the key of a network; ``owner`` is the payer's name, or the key of the plan whose file names it."""
    return f"{owner}/{slug(name)}" if ":" in owner else f"network:{slug(owner)}.{slug(name)}"


def issuer_key(name: str, plan: str = "") -> str:
    """Return the key of an issuer: by the HIOS number in a plan's key, else by its name; empty if neither is known."""
    number = plan.removeprefix("hios:")[:5] if plan.startswith("hios:") else ""
    part = number or slug(name)
    return f"issuer:{part}" if part else ""


def product_of(plan: str) -> str | None:
    """Return the key of the product that a marketplace plan belongs to, None for other keys."""
    number = plan.removeprefix("hios:")
    return f"hios:{number[:10]}" if plan.startswith("hios:") and _COMPONENT.fullmatch(number) else None
