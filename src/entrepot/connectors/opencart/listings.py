"""Making, changing, showing, hiding and removing products in the shop."""

from collections.abc import Sequence

from entrepot.connectors.contract import ChannelProduct, LevelAnswer, ListingDraft
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.errors import GoneFromShop, RefusedByShop
from entrepot.connectors.opencart.mapping_writes import Item, Refused, failed, product_fields
from entrepot.connectors.opencart.session import ShopSession
from entrepot.connectors.opencart.sinks import send_items
from entrepot.connectors.opencart.sources import OpenCartProducts


class OpenCartListings:
    """Products one by one, or their visibility in bulk."""

    fetches_images = False

    def __init__(self, session: ShopSession, products: OpenCartProducts) -> None:
        self._session = session
        self._products = products

    def create(self, draft: ListingDraft) -> ChannelProduct:
        """Make a product; a repeat of `draft.key` answers the first one.

        Raises:
            RefusedByShop: The shop, or the shop's reading of the draft, refuses it.
        """
        fields = product_fields(draft, self._session.facts())
        answer = self._session.client.post("product_create", {"key": draft.key, "product": fields})
        made = self._session.decode(answer, wire.ProductMade, "product_create")
        return self._shown(str(made.product_id))

    def update(self, remote_id: str, draft: ListingDraft) -> ChannelProduct:
        """Change the given fields and answer what the shop shows now.

        Raises:
            GoneFromShop: The shop has no such product.
        """
        if not remote_id.isdigit():
            raise GoneFromShop(thing=f"product {remote_id}")
        fields = product_fields(draft, self._session.facts())
        self._session.client.post("product_update", {"product_id": int(remote_id), "product": fields})
        return self._shown(remote_id)

    def set_active(self, remote_ids: Sequence[str], *, active: bool) -> Sequence[LevelAnswer]:
        """Show or hide products."""
        return self._each("product_status", remote_ids, {"status": int(active)})

    def delete(self, remote_ids: Sequence[str]) -> Sequence[LevelAnswer]:
        """Remove products; lines of orders stay."""
        return self._each("product_delete", remote_ids, {})

    def _each(self, resource: str, remote_ids: Sequence[str], more: Item) -> list[LevelAnswer]:
        items: list[Item | Refused] = [
            {"product_id": int(remote_id)} | more
            if remote_id.isdigit()
            else Refused("opencart_bad_id", "This is not the id of an OpenCart product.")
            for remote_id in remote_ids
        ]
        answers = send_items(self._session, resource, items)
        return [_outcome(remote_id, answer) for remote_id, answer in zip(remote_ids, answers, strict=True)]

    def _shown(self, remote_id: str) -> ChannelProduct:
        page = self._products.fetch([remote_id])
        if page.products:
            return page.products[0]
        reason = page.bad[0].detail if page.bad else "It is not among the shop's products."
        raise RefusedByShop(field=f"product {remote_id}", reason=reason)


def _outcome(remote_id: str, answer: wire.ItemAnswer | Refused) -> LevelAnswer:
    if isinstance(answer, Refused):
        return LevelAnswer(
            remote_id=remote_id, variation_key="", outcome="refused", code=answer.code, reason=answer.reason
        )
    if answer.ok:
        return LevelAnswer(remote_id=remote_id, variation_key="", outcome="accepted")
    return failed(remote_id, "", answer)
