"""Pictures kept here, on their way to stores, which cannot fetch them. What is written down is their short address."""

from collections.abc import Callable, Mapping

from entrepot.catalog.errors import PictureGone
from entrepot.catalog.pictures import content_of, not_kept
from entrepot.connectors.contract import ListingDraft


def giving(seller_id: int) -> Callable[[str], bytes]:
    """What hands a connector the bytes of this seller's pictures, one at a time, when it is about to send them."""

    def give(address: str) -> bytes:
        """The bytes; b"" = this seller keeps no such picture."""
        return content_of(seller_id=seller_id, address=address)

    return give


def without_pictures(*, seller_id: int, drafts: Mapping[int, ListingDraft]) -> dict[int, PictureGone]:
    """Those of these drafts that name a picture their seller does not keep: nothing of them is told to a store."""
    named = {key: list(draft.images or ()) for key, draft in drafts.items()}
    every = {image for images in named.values() for image in images}
    gone = set(not_kept(seller_id=seller_id, addresses=sorted(every)))
    found = {key: next((image for image in images if image in gone), "") for key, images in named.items()}
    return {key: PictureGone(address=image) for key, image in found.items() if image}
