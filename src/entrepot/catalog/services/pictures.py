"""Keeping pictures that merchants give as files."""

from hashlib import sha256

from django.db import transaction

from entrepot.accounts.services.audit import audit
from entrepot.catalog.models import Picture
from entrepot.catalog.pictures import address_of, look
from entrepot.kernel.actor import Actor


@transaction.atomic
def keep_picture(*, seller_id: int, content: bytes, actor: Actor) -> str:
    """Keep a picture as it is and answer its address. The same file twice is one picture.

    Raises:
        PictureTooLarge, PictureTooManyPixels: It has more than 10 MB, or more than 50 million pixels.
        PictureUnreadable: It is no JPEG, PNG, GIF or WebP, or cannot be decoded.
        PictureCarriesMore: It is a picture and something else besides.
    """
    digest = sha256(content).hexdigest()
    mine = Picture.objects.filter(seller_id=seller_id, sha256=digest).defer("content")
    if kept := mine.first():
        return address_of(kept)
    seen = look(content)
    made, is_new = mine.get_or_create(
        seller_id=seller_id,
        sha256=digest,
        defaults={
            "content_type": seen.content_type,
            "width": seen.width,
            "height": seen.height,
            "size": len(content),
            "content": content,
        },
    )
    if is_new:
        audit(
            seller_id=seller_id,
            actor=actor,
            verb="catalog.picture_kept",
            object_type="picture",
            object_id=made.public_id,
            facts={"content_type": made.content_type, "size": made.size, "width": made.width, "height": made.height},
        )
    return address_of(made)
