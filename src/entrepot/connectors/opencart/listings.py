"""Making, changing, showing, hiding and removing products in the shop."""

from collections.abc import Mapping, Sequence

from entrepot.connectors.contract import ChannelProduct, Created, LevelAnswer, ListingDraft, Making
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.errors import GoneFromShop, RefusedByShop, ShopFailed, Throttled
from entrepot.connectors.opencart.images import OpenCartImages
from entrepot.connectors.opencart.mapping_drafts import Fields, product_fields
from entrepot.connectors.opencart.mapping_shop import Words
from entrepot.connectors.opencart.mapping_writes import Item, Refused, failed
from entrepot.connectors.opencart.session import ShopSession
from entrepot.connectors.opencart.sinks import send_items
from entrepot.connectors.opencart.sources import OpenCartProducts
from entrepot.kernel.errors import ChannelError, ChannelRejected
from entrepot.kernel.reasons import marked, quoted

NOT_REACHED = "not_reached"
NOT_THERE = marked("It is not among the shop's products.")
PRODUCT = marked("product {number}")
"""The bridge's word for what it had no time left for: to be sent again."""
AT_ONCE = 50
BUSY_SECONDS = 30


class _Answer(wire.ItemAnswer):
    product_id: wire.Number = None
    variants: list[int] = []


class OpenCartListings:
    """Products, as many in a call as the shop's bridge says it takes, or their visibility in bulk.

    Pictures go first: a product is made when all of its pictures are there, so that none stands half-made in the shop.
    """

    fetches_images = True
    at_once = AT_ONCE

    def __init__(self, session: ShopSession, products: OpenCartProducts) -> None:
        self._session = session
        self._products = products
        self._images = OpenCartImages(session)

    def create(self, draft: ListingDraft) -> ChannelProduct:
        """Make a product; a repeat of `draft.key` answers the first one.

        Raises:
            RefusedByShop: The shop, or the shop's reading of the draft, refuses it.
        """
        [made] = self.create_many([draft])
        if made.error is not None:
            raise made.error
        return made.products[0]

    def create_many(self, drafts: Sequence[ListingDraft], makings: Sequence[Making] = ()) -> Sequence[Created]:
        """Make products, and answer for each with what the shop shows.

        Raises:
            ChannelError: The shop cannot be talked to, or failed at every one.
        """
        makings = makings or [Making() for _ in drafts]
        answers: dict[int, Created] = {}
        bodies: dict[int, Fields] = {}
        for number, (draft, making) in enumerate(zip(drafts, makings, strict=True)):
            try:
                bodies[number] = {"key": draft.key, "product": self._fields(draft, making)}
            except ChannelRejected as refusal:
                answers[number] = Created(error=refusal)
        made: dict[int, list[str]] = {}
        at_once = min(self._session.facts().products_at_once, AT_ONCE)
        while waiting := [number for number in bodies if number not in answers and number not in made]:
            some = {number: bodies[number] for number in waiting[: at_once or 1]}
            for number, told in (self._sent(some) if at_once else self._alone(some)).items():
                if isinstance(told, ChannelError):
                    answers[number] = Created(error=told)
                else:
                    made[number] = told
                    makings[number].remote_id = told[0]  # not kept: the key finds the product again
        failures = [answer.error for answer in answers.values() if isinstance(answer.error, ShopFailed)]
        if failures and len(failures) == len(drafts):
            raise failures[0]
        answers |= self._shown_many(made)
        return [answers[number] for number in range(len(drafts))]

    def update(self, remote_id: str, draft: ListingDraft) -> ChannelProduct:
        """Change the given fields and answer what the shop shows now.

        Raises:
            GoneFromShop: The shop has no such product.
        """
        if not remote_id.isdigit():
            raise GoneFromShop(thing=f"product {remote_id}")
        body = {"product_id": int(remote_id), "product": self._fields(draft, Making())}
        self._session.client.post("product_update", body)
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
            else Refused("opencart_bad_id", marked("This is not the number of an OpenCart product."))
            for remote_id in remote_ids
        ]
        answers = send_items(self._session, resource, items)
        return [_outcome(remote_id, answer) for remote_id, answer in zip(remote_ids, answers, strict=True)]

    # ----------------------------------------------------------------- making

    def _fields(self, draft: ListingDraft, making: Making) -> Fields:
        images = None if draft.images is None else self._images.placed(draft.images, making)
        words = self._session.words() if draft.attributes else Words()
        return product_fields(draft, self._session.facts(), words, images)

    def _sent(self, bodies: Mapping[int, Fields]) -> dict[int, list[str] | ChannelError]:
        """The ids of what the shop made of these, or its error; those it had no time for are left out."""
        items = [{"ref": str(number)} | body for number, body in bodies.items()]
        try:
            answer = self._session.client.post("products_create", {"items": items})
        except ShopFailed as failure:
            if len(bodies) == 1:
                return dict.fromkeys(bodies, failure)
            # The shop ended the whole request over one of them: each alone, so that only that one has failed.
            return {key: told for number in bodies for key, told in self._sent({number: bodies[number]}).items()}
        rows = {row.ref: row for row in self._session.decode(answer, list[_Answer], "products_create")}
        told: dict[int, list[str] | ChannelError] = {}
        for number in bodies:
            row = rows.get(str(number))
            if row is None or (row.error is not None and row.error.code == NOT_REACHED):
                continue
            told[number] = (
                [str(row.product_id), *map(str, row.variants)] if row.ok and row.product_id else self._error(row)
            )
        if not told:
            raise self._session.client.shape_error("products_create", "$.data", "no answer for any item")
        return told

    def _error(self, row: _Answer) -> ChannelError:
        """Why the shop did not make this one. Busy with the same key is no refusal: the next try finds it free."""
        if row.error is not None and row.error.code == "conflict":
            return Throttled(row.error.message, retry_after=BUSY_SECONDS)
        return self._session.client.item_error("products_create", row.error)

    def _alone(self, bodies: Mapping[int, Fields]) -> dict[int, list[str] | ChannelError]:
        """As a bridge before 1.2 takes them."""
        told: dict[int, list[str] | ChannelError] = {}
        for number, body in bodies.items():
            try:
                answer = self._session.client.post("product_create", body)
            except ChannelRejected as refusal:
                told[number] = refusal
                continue
            told[number] = [str(self._session.decode(answer, wire.ProductMade, "product_create").product_id)]
        return told

    def _shown_many(self, made: Mapping[int, Sequence[str]]) -> dict[int, Created]:
        """What the shop shows of these now, read in as few calls as can be."""
        if any(len(ids) > 1 for ids in made.values()):
            self._session.forget()  # which products are variants of which was read before these were made
        page = self._products.fetch([remote_id for ids in made.values() for remote_id in ids])
        shown = {product.remote_id: product for product in page.products}
        bad = {item.remote_id: quoted(item.detail) for item in page.bad}
        answers: dict[int, Created] = {}
        for number, ids in made.items():
            missing = next((remote_id for remote_id in ids if remote_id not in shown), None)
            if missing is None:
                answers[number] = Created(products=[shown[remote_id] for remote_id in ids])
            else:
                reason = bad.get(missing, NOT_THERE)
                answers[number] = Created(error=RefusedByShop(field=PRODUCT.format(number=missing), reason=reason))
        return answers

    def _shown(self, remote_id: str) -> ChannelProduct:
        page = self._products.fetch([remote_id])
        if page.products:
            return page.products[0]
        reason = quoted(page.bad[0].detail) if page.bad else NOT_THERE
        raise RefusedByShop(field=PRODUCT.format(number=remote_id), reason=reason)


def _outcome(remote_id: str, answer: wire.ItemAnswer | Refused) -> LevelAnswer:
    if isinstance(answer, Refused):
        return LevelAnswer(
            remote_id=remote_id, variation_key="", outcome="refused", code=answer.code, reason=answer.reason
        )
    if answer.ok:
        return LevelAnswer(remote_id=remote_id, variation_key="", outcome="accepted")
    return failed(remote_id, "", answer)
