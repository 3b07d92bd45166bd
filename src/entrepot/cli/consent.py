"""Consent on the command line: its address is printed, and the browser does the rest."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import click

from entrepot.channels import registry
from entrepot.channels.addresses import ANY_BROWSER, consent_url
from entrepot.channels.models import Store
from entrepot.channels.queries.consents import how_far
from entrepot.channels.services.consent import begin_consent
from entrepot.cli.shown import person, said
from entrepot.kernel.errors import Refused

LOOK_SECONDS = 1.0
SETTLING_SECONDS = 30.0
"""How long the browser's answer may take to become a store: the store is asked who it is in between."""


class ConsentCameToNothing(Refused):
    """The browser came back, or somebody said no, and no store came of it."""

    code = "consent_came_to_nothing"
    message = "Nothing came of it: permission was refused there, or it ran out. The browser says why. Start again."


def agree(
    *,
    seller_id: int,
    channel: str,
    credentials: Mapping[str, str],
    facts: Mapping[str, Any],
    store_id: int | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Store:
    """Print where the store's owner agrees, wait until the browser has come back, and answer the store.

    Raises:
        ConsentCameToNothing: No store came of it.
        EntrepotError: What was entered cannot be.
    """
    kind = registry.connector_type(channel)
    address = begin_consent(
        seller_id=seller_id,
        connector=channel,
        credentials=credentials,
        facts=facts,
        actor=person(),
        session_key=ANY_BROWSER,
        return_url=consent_url(channel),
        store_id=store_id,
    )
    said(f"1. Sign in to Entrepot in your browser: {consent_url(channel).split('/stores/', 1)[0]}")
    said(f"2. Open this there, sign in to {kind.title} as its owner, and agree (within the hour):")
    click.echo(f"\n   {address}\n")
    said("Waiting for you to come back …")
    return _wait(seller_id, parse_qs(urlsplit(address).query)["state"][0], sleep)


def _wait(seller_id: int, state: str, sleep: Callable[[float], None]) -> Store:
    settled_by = None
    while True:
        now = how_far(seller_id=seller_id, state=state)
        if now.store is not None:
            return now.store
        if now.refused:
            raise ConsentCameToNothing
        if not now.waiting:
            settled_by = settled_by or time.monotonic() + SETTLING_SECONDS
            if time.monotonic() > settled_by:
                raise ConsentCameToNothing
        sleep(LOOK_SECONDS)
