"""What is past its time: sessions that ended, links that nobody can use any more."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from entrepot.accounts.models import SignInLink
from entrepot.kernel.actor import Actor

DEAD_LINKS_KEPT = timedelta(days=30)


def forget_expired(*, actor: Actor, now: datetime | None = None) -> int:  # noqa: ARG001 - every verb takes one
    """Delete ended sessions, and links a month after they expired; how many. The audit keeps what they did."""
    now = now or timezone.now()
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    links, _ = SignInLink.objects.filter(expires_at__lt=now - DEAD_LINKS_KEPT).delete()
    return sessions + links
