"""Kept pictures, shown to those who work for their seller."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from entrepot.catalog import pictures
from entrepot.catalog.errors import PictureNotFound
from entrepot.web.desk import DeskRequest, desk

A_YEAR = 365 * 24 * 3600


@desk("catalog.view")
@require_safe
def picture(request: DeskRequest, public_id: UUID, ending: str) -> HttpResponse:
    """A kept picture as it came: never anything but a picture to a browser. At one address it is always the same."""
    found = pictures.picture(seller_id=request.desk.seller_id, public_id=public_id)
    if pictures.ENDINGS[found.content_type] != ending:
        raise PictureNotFound
    etag = f'"{found.sha256}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(bytes(found.content), content_type=found.content_type)
        answer.headers["Content-Disposition"] = f'inline; filename="{public_id}.{ending}"'
    answer.headers["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    answer.headers["ETag"] = etag
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
