"""What is not kept for ever: the payload journal, nonces of pushed requests, ended jobs, plans that nobody applied."""

from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from entrepot.channels import engine, journal
from entrepot.channels.models import PushedEvent
from entrepot.channels.services.consent import forget_consents
from entrepot.channels.services.plans import forget_drafts

log = structlog.get_logger(__name__)

JOURNAL_DAYS = 30
NONCE_HOURS = 24
"""Far longer than the ±5 minutes in which a pushed request is believed."""
JOB_HOURS = 24
PLAN_DAYS = 30
"""A plan that lay so long shows stores as they were: it would have to be looked at anew."""


def prune(*, now: datetime | None = None) -> dict[str, int]:  # house: verb-signature the clock does it
    """Delete what is past its time, the journal in small bites; how many rows of each."""
    now = now or timezone.now()
    entries = 0
    while gone := journal.prune(before=now - timedelta(days=JOURNAL_DAYS)):
        entries += gone
    nonces, _ = PushedEvent.objects.filter(at__lt=now - timedelta(hours=NONCE_HOURS)).delete()
    pruned = {
        "journal": entries,
        "nonces": nonces,
        "consents": forget_consents(now=now),
        "plans": forget_drafts(before=now - timedelta(days=PLAN_DAYS)),
        "jobs": engine.prune_jobs(hours=JOB_HOURS),
    }
    log.info("pruned", **pruned)
    return pruned
