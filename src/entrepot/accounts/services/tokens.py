"""Secrets we hand out once and keep as a hash only. They are long and random, so a plain SHA-256 is enough."""

import hashlib
import secrets


def new_token() -> str:
    """256 bits that fit an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()
