"""Seal small secrets so that they open only in the place they were sealed for. AES-256-GCM under a ring of keys.

A sealed secret is `version (1) · key mark (4) · nonce (12) · ciphertext and tag`. The first key of the ring seals;
every key of it opens, found by its mark. The context (`seller:1:store:7:secret_key`) is authenticated, never stored:
the same bytes moved to another row, or changed in one bit, do not open.
"""

import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from entrepot.kernel.errors import EntrepotError

VERSION = b"\x01"
MARK_BYTES = 4
NONCE_BYTES = 12
HEAD_BYTES = len(VERSION) + MARK_BYTES + NONCE_BYTES


class KeyMissing(EntrepotError):
    """The key this was sealed with is not in the ring."""

    code = "key_missing"
    message = (
        "A stored secret was encrypted with a key that is no longer there. Put the old key back behind the new one in "
        "ENTREPOT_SECRET_KEYS (or in the file `secret_keys`), or enter the secret again."
    )


class SealBroken(EntrepotError):
    """The bytes were changed, cut, or belong to another row."""

    code = "seal_broken"
    message = "A stored secret does not open: it was changed or belongs to another record. Enter the secret again."


def seal(plain: bytes, *, keys: Sequence[str], context: str) -> bytes:
    """Encrypt `plain` with the first key, bound to `context`. Two calls never give the same bytes."""
    nonce = os.urandom(NONCE_BYTES)
    head = VERSION + _mark(keys[0]) + nonce
    return head + AESGCM(_derive(keys[0])).encrypt(nonce, plain, _bound(head, context))


def open_sealed(sealed: bytes, *, keys: Sequence[str], context: str) -> bytes:
    """Decrypt what `seal` made for this `context`.

    Raises:
        KeyMissing: No key of the ring has its mark.
        SealBroken: Changed, cut off, or made for another context.
    """
    sealed = bytes(sealed)
    head, body = sealed[:HEAD_BYTES], sealed[HEAD_BYTES:]
    if len(head) < HEAD_BYTES or head[:1] != VERSION:
        raise SealBroken
    fitting = [key for key in keys if _mark(key) == head[1 : 1 + MARK_BYTES]]
    if not fitting:
        raise KeyMissing
    for key in fitting:
        try:
            return AESGCM(_derive(key)).decrypt(head[-NONCE_BYTES:], body, _bound(head, context))
        except InvalidTag:
            continue
    raise SealBroken


def reseal(sealed: bytes, *, keys: Sequence[str], context: str) -> bytes:
    """The same secret under the ring's first key; after this for every row the old key may go.

    Raises:
        KeyMissing: No key of the ring has its mark.
        SealBroken: It does not open.
    """
    return seal(open_sealed(sealed, keys=keys, context=context), keys=keys, context=context)


def key_mark(key: str) -> str:
    """What tells a key from others and says nothing about it: for backups and reports."""
    return _mark(key).hex()


def _mark(key: str) -> bytes:
    """What tells the keys of a ring apart, and says nothing about them."""
    return hashlib.sha256(b"entrepot key mark:" + key.encode()).digest()[:MARK_BYTES]


def _derive(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"entrepot seal v1").derive(key.encode())


def _bound(head: bytes, context: str) -> bytes:
    return head + context.encode()
