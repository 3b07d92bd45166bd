"""Addresses of this installation that are entered in a store: where its owner comes back to, and lands from there."""

from collections.abc import Mapping

from django.conf import settings

ANY_BROWSER = "any browser of the seller"
"""The session of a consent that was begun without one, on the command line or over the API."""


def consent_url(connector: str) -> str:
    """Where a store sends its owner's browser back to; entered there exactly so."""
    return f"{_public_url()}/stores/consent/{connector}/"


def launch_url(connector: str) -> str:
    """Where a store leads its owner who opens Entrepot from its admin."""
    return f"{_public_url()}/stores/launch/{connector}/"


def addresses_of(connector: str) -> Mapping[str, str]:
    """Both, by name."""
    return {"consent": consent_url(connector), "launch": launch_url(connector)}


def _public_url() -> str:
    return settings.PUBLIC_URL.rstrip("/")
