"""A line of the audit log, in words."""

from django import template

from entrepot.accounts.models import AuditEntry
from entrepot.web.wording import audit_words

register = template.Library()


@register.filter
def told(entry: AuditEntry) -> audit_words.Told:
    """What was done, to what, and its facts."""
    return audit_words.told(entry)
