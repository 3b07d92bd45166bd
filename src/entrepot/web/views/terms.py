"""What the words on the screens mean."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from entrepot.web.desk import DeskRequest, desk, show
from entrepot.web.wording.terms import GROUPS


@desk()
@require_safe
def terms(request: DeskRequest) -> HttpResponse:
    """The glossary; each term by its key: `/help/terms/#available`."""
    return show(request, "web/help/terms.html", {"groups": GROUPS})
