"""What the records hold of secrets and addresses: sealed, or as a mark, with keys made from the secret key of the site.

Who has the database or a backup, but not that key, can read neither. Another secret key opens nothing that was sealed
with the one before.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re

from finder.errors import FinderError

FORM = "1:"
"""How sealed text begins: AES-256-GCM, a nonce of 12 bytes before it, in base64."""

_NONCE = 12
_SEALED = re.compile(re.escape(FORM) + r"[A-Za-z0-9_-]+={0,2}")


class SealBroken(FinderError):
    """The secret key of this site is not the one with which this was sealed, so it cannot be read any more."""


class Seal:
    """Seals short texts and opens them again; each is bound to what it is ``about`` and opens for nothing else."""

    def __init__(self, secret_key: str) -> None:
        self._sealing = _derived(secret_key, "finder: secrets in the records")
        self._marking = _derived(secret_key, "finder: marks of addresses")

    def close(self, text: str, about: str) -> str:
        """Seal a text; the same text is sealed differently each time."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # here: public pages start without it

        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self._sealing).encrypt(nonce, text.encode(), about.encode())
        return FORM + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, about: str) -> str:
        """Return the text that was sealed. Raises SealBroken."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if not is_sealed(sealed):
            raise SealBroken
        try:
            raw = base64.urlsafe_b64decode(sealed.removeprefix(FORM))
            return AESGCM(self._sealing).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    def mark(self, text: str) -> str:
        """Return a keyed hash (32 hexadecimal digits): equal for equal texts, and without the key nobody's guess."""
        return hmac.new(self._marking, text.encode(), hashlib.sha256).hexdigest()[:32]


def is_sealed(text: str) -> bool:
    """Return whether a text has the form of sealed text."""
    return _SEALED.fullmatch(text) is not None


def _derived(secret_key: str, purpose: str) -> bytes:
    """Make a key of 32 bytes for one purpose alone (HKDF with SHA-256, RFC 5869, one block, no salt)."""
    extracted = hmac.new(bytes(32), secret_key.encode(), hashlib.sha256).digest()
    return hmac.new(extracted, purpose.encode() + b"\x01", hashlib.sha256).digest()
