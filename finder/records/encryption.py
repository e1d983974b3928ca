"""Encryption of secrets and keyed hashes of addresses, with keys derived from the secret key of the site.

The database or a backup without that key reveals neither. Another secret key cannot decrypt what was encrypted with
the one before.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re

from finder.errors import FinderError

FORM = "1:"
"""The prefix of encrypted text: AES-256-GCM after a nonce of 12 bytes, in base64."""

_NONCE = 12
_SEALED = re.compile(re.escape(FORM) + r"[A-Za-z0-9_-]+={0,2}")


class SealBroken(FinderError):
    """The secret key of this site is not the one with which this was sealed, so it cannot be read any more."""


class Seal:
    """Encrypts and decrypts short texts; each is bound to its ``about`` (associated data)."""

    def __init__(self, secret_key: str) -> None:
        self._encryption_key = _derive_key(secret_key, "finder: secrets in the records")
        self._hash_key = _derive_key(secret_key, "finder: marks of addresses")

    def close(self, text: str, about: str) -> str:
        """Encrypt a text, differently each time."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # imported here: public pages start without it

        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self._encryption_key).encrypt(nonce, text.encode(), about.encode())
        return FORM + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, about: str) -> str:
        """Decrypt a text. Raises SealBroken."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if not is_sealed(sealed):
            raise SealBroken
        try:
            raw = base64.urlsafe_b64decode(sealed.removeprefix(FORM))
            return AESGCM(self._encryption_key).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    def mark(self, text: str) -> str:
        """Return a keyed hash (32 hexadecimal digits), which cannot be guessed without the key."""
        return hmac.new(self._hash_key, text.encode(), hashlib.sha256).hexdigest()[:32]


def is_sealed(text: str) -> bool:
    """Return whether a text has the form of encrypted text."""
    return _SEALED.fullmatch(text) is not None


def _derive_key(secret_key: str, purpose: str) -> bytes:
    """Derive a key of 32 bytes for one purpose (HKDF with SHA-256, RFC 5869, one block, no salt)."""
    extracted = hmac.new(bytes(32), secret_key.encode(), hashlib.sha256).digest()
    return hmac.new(extracted, purpose.encode() + b"\x01", hashlib.sha256).digest()
