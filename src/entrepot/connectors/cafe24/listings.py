"""Making, changing, showing, hiding and removing products in the mall."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

import msgspec

from entrepot.connectors.cafe24 import mapping_drafts, wire
from entrepot.connectors.cafe24.errors import GoneFromMall, RefusedByMall, SameAlready
from entrepot.connectors.cafe24.images import Cafe24Images
from entrepot.connectors.cafe24.mapping_drafts import Body, Combination
from entrepot.connectors.cafe24.mapping_products import choices, is_active, stock_of
from entrepot.connectors.cafe24.products import PAGE, PRODUCT, Cafe24Products
from entrepot.connectors.cafe24.rows import decoded_rows
from entrepot.connectors.cafe24.scopes import MAKE_BRANDS
from entrepot.connectors.cafe24.session import AT_ONCE, MallSession, batches
from entrepot.connectors.cafe24.values import each, money, switch, text
from entrepot.connectors.contract import ChannelProduct, Created, LevelAnswer, ListingDraft, Making
from entrepot.kernel.errors import ChannelRejected
from entrepot.kernel.reasons import marked, quoted

NOT_THERE = marked("It is not among the mall's products.")
BRAND_UNKNOWN = "brand_unknown"
ATTRIBUTE_UNKNOWN = "attribute_unknown"
FIRST_VARIANT = "000A"
"""What stands behind the product's code in the code of its one variant, when it has no options."""


class Cafe24Listings:
    """Products one by one: Cafe24 has no bulk call for them."""

    fetches_images = True
    at_once = 1

    def __init__(self, session: MallSession, products: Cafe24Products) -> None:
        self._session = session
        self._products = products
        self._images = Cafe24Images(session)
        self._brands: dict[str, str] | None = None

    def create(self, draft: ListingDraft) -> ChannelProduct:
        """Make a product; a repeat of `draft.key` goes on where the first one stopped.

        Cafe24 knows no keys. So a product that carries the draft's own code already is the one that was made.

        Raises:
            RefusedByMall: The mall, or the reading of the draft, refuses it.
            ImageUnusable: An image cannot be used.
        """
        return self._create(draft, Making())

    def create_many(self, drafts: Sequence[ListingDraft], makings: Sequence[Making] = ()) -> Sequence[Created]:
        """Make products one after the other; each is answered for itself.

        Raises:
            ChannelError: The mall cannot be talked to; `makings` know what is there already.
        """
        answers = []
        for draft, making in zip(drafts, makings or [Making() for _ in drafts], strict=True):
            try:
                answers.append(Created(products=[self._create(draft, making)]))
            except ChannelRejected as refusal:
                answers.append(Created(error=refusal))
        return answers

    def _create(self, draft: ListingDraft, making: Making) -> ChannelProduct:
        wanted = mapping_drafts.combinations_of(draft)
        before = self._begun(draft, making)
        if before:
            return self.update(before, draft)
        fields = mapping_drafts.creation(draft, wanted)
        brand = self._brand_code(draft)
        if brand:
            fields["brand_code"] = brand
        beside = self._images.beside(draft.images[1:]) if draft.images else []
        if draft.images:
            fields |= {"detail_image": self._images.uploaded(draft.images[0]), "image_upload_type": "A"}
        answer = self._session.client.post("products", fields)
        made = answer.read(wire.Product, "product", "products")
        number = making.remote_id = str(made.product_no)
        making.keep(making)
        if wanted:
            self._carry(number, self._products.variants_of(number), wanted, Decimal(fields["price"]), is_new=True)
        else:
            self._carry_single(number, text(made.product_code) + FIRST_VARIANT, draft)
        if beside:
            self._session.client.post(f"products/{number}/additionalimages", {"additional_image": beside})
        if draft.active:
            self._put(f"products/{number}", {"display": "T", "selling": "T"})
        return self._shown(number, draft, brand)

    def update(self, remote_id: str, draft: ListingDraft) -> ChannelProduct:
        """Change what differs from what the mall shows, and answer what it shows then.

        Raises:
            GoneFromMall: The mall has no such product.
        """
        row = self._detail(remote_id)
        fields = mapping_drafts.changes(draft, row)
        brand = self._brand_code(draft)
        if brand and brand != text(row.brand_code):
            fields["brand_code"] = brand
        if draft.images and draft.images[0] != row.detail_image:
            fields |= {"detail_image": self._images.uploaded(draft.images[0]), "image_upload_type": "A"}
        if fields:
            self._put(f"products/{remote_id}", fields)
        self._leave_categories(row, draft)
        self._images_beside(row, draft)
        was_reset = self._change_variants(row, draft)
        active = draft.active
        if active is None and was_reset:
            active = is_active(row)
        if active is not None:
            now = wire.Product(product_no=row.product_no) if was_reset else row
            if switches := mapping_drafts.visibility(now, active=active):
                self._put(f"products/{remote_id}", switches)
        return self._shown(remote_id, draft, brand)

    def set_active(self, remote_ids: Sequence[str], *, active: bool) -> Sequence[LevelAnswer]:
        """Show or hide products: shown *and* sold, or neither."""
        body = {"display": switch(active), "selling": switch(active)}
        return [self._each(number, lambda path: self._put(path, body)) for number in remote_ids]

    def delete(self, remote_ids: Sequence[str]) -> Sequence[LevelAnswer]:
        """Remove products; items of orders stay."""
        return [self._each(number, self._remove) for number in remote_ids]

    # ----------------------------------------------------------------- one product

    def _each(self, remote_id: str, deed: Callable[[str], None]) -> LevelAnswer:
        missing = LevelAnswer(
            remote_id=remote_id,
            variation_key="",
            outcome="missing",
            code=GoneFromMall.code,
            reason=NOT_THERE,
        )
        if not (remote_id.isascii() and remote_id.isdigit()):
            return missing
        try:
            deed(f"products/{remote_id}")
        except GoneFromMall:
            return missing
        except ChannelRejected as error:
            reason = str(error.fields.get("reason") or quoted(error.detail))
            return LevelAnswer(remote_id=remote_id, variation_key="", outcome="refused", code=error.code, reason=reason)
        return LevelAnswer(remote_id=remote_id, variation_key="", outcome="accepted")

    def _put(self, path: str, body: object) -> None:
        """Write; what stands there already is as good as written."""
        try:
            answer = self._session.client.put(path, body)
        except SameAlready:
            return
        if answer.members:
            answer.read(msgspec.Raw, "product", "variant", "variants", "inventory", "additionalimage")

    def _remove(self, path: str) -> None:
        self._session.client.delete(path)

    def _detail(self, remote_id: str) -> wire.Product:
        row = self._products.detail(remote_id) if remote_id.isascii() and remote_id.isdigit() else None
        if row is None:
            raise GoneFromMall(thing=f"product {remote_id}")
        return row

    def _begun(self, draft: ListingDraft, making: Making) -> str:
        """The number of the product that an earlier try made, "" where there is none (any more)."""
        if making.remote_id and self._products.detail(making.remote_id) is not None:
            return making.remote_id
        row = self._made_before(mapping_drafts.own_code(draft))
        if row is None:
            return ""
        making.remote_id = str(row.product_no)
        making.keep(making)
        return making.remote_id

    def _made_before(self, code: str) -> wire.Product | None:
        query: dict[str, str | int] = {"custom_product_code": code, "limit": PAGE}
        rows, _ = decoded_rows(self._session.client.get("products", query).rows("products"), wire.Product)
        exact = [row for row in rows if text(row.custom_product_code) == code]
        return min(exact, key=lambda row: int(row.product_no), default=None)

    def _shown(self, remote_id: str, draft: ListingDraft, brand: str) -> ChannelProduct:
        page = self._products.fetch([remote_id])
        if not page.products:
            reason = quoted(page.bad[0].detail) if page.bad else NOT_THERE
            raise RefusedByMall(field=PRODUCT.format(number=remote_id), reason=reason)
        shown = page.products[0]
        notes = [BRAND_UNKNOWN] if draft.brand and not brand else []
        if mapping_drafts.unkept_attributes(draft):
            notes.append(ATTRIBUTE_UNKNOWN)
        return replace(shown, findings=(*shown.findings, *notes))

    def _brand_code(self, draft: ListingDraft) -> str:
        """The code of the draft's brand by its name, made where we may; "" where the mall has no such brand."""
        if not draft.brand:
            return ""
        if self._brands is None:
            pages = self._session.pages("brands", ("brands", "brand"), wire.Brand)
            self._brands = {text(row.brand_name).casefold(): row.brand_code for rows, _ in pages for row in rows}
        name = draft.brand.strip()
        if name.casefold() not in self._brands and MAKE_BRANDS in self._session.client.scopes():
            answer = self._session.client.post("brands", {"brand_name": name[:50]})
            self._brands[name.casefold()] = answer.read(wire.Brand, "brand", "brands").brand_code
        return self._brands.get(name.casefold(), "")

    def _leave_categories(self, row: wire.Product, draft: ListingDraft) -> None:
        if draft.category_ids is None:
            return
        for number in mapping_drafts.categories_of(row):
            if number not in draft.category_ids:
                try:
                    self._session.client.delete(f"categories/{number}/products/{row.product_no}")
                except GoneFromMall:
                    continue

    def _images_beside(self, row: wire.Product, draft: ListingDraft) -> None:
        """Replace the images beside the main one where they are others."""
        if draft.images is None:
            return
        path = f"products/{row.product_no}/additionalimages"
        shown = [text(image.big) for image in each(row.additional_image or row.additionalimages)]
        wanted = list(draft.images[1:])
        if wanted and wanted != shown:
            self._put(path, {"additional_image": self._images.beside(wanted)})
        elif shown and not wanted:
            self._session.client.delete(path)

    # ----------------------------------------------------------------- variants

    def _change_variants(self, row: wire.Product, draft: ListingDraft) -> bool:
        """Bring variants to what the draft says; True = they were made anew, and the product was hidden for it.

        Cafe24 cannot add or remove an option of a product: all go, with their variants, and new ones come (case 60).
        """
        number, wanted = str(row.product_no), mapping_drafts.combinations_of(draft)
        if wanted is None:
            if draft.sku is not None or draft.quantity is not None:
                variants = self._products.variants(row)
                if len(variants) == 1 and not choices(variants[0]):
                    self._carry_single(number, variants[0].variant_code, draft, variants[0])
            return False
        variants = self._products.variants(row)
        base = draft.price if draft.price is not None else money(row.price) or Decimal(0)
        if mapping_drafts.has_axes(variants, wanted):
            self._carry(number, variants, wanted, base)
            return False
        self._put(f"products/{number}", {"display": "F", "selling": "F"})
        if any(choices(variant) for variant in variants):
            self._session.client.delete(f"products/{number}/options")
        self._session.singles.drop(self._session.client.mall_id, number)
        self._session.client.post(f"products/{number}/options", mapping_drafts.option_body(wanted))
        self._carry(number, self._products.variants_of(number), wanted, base, is_new=True)
        return True

    def _carry(
        self,
        number: str,
        variants: Sequence[wire.Variant],
        wanted: Sequence[Combination],
        base: Decimal,
        *,
        is_new: bool = False,
    ) -> None:
        """Write codes, prices and stock of variants. New ones are sold out at 0; known ones as the merchant has it."""
        bodies = mapping_drafts.variant_bodies(variants, wanted, base)
        if is_new:
            bodies = [body | {"display_soldout": "T"} for body in bodies]
        for some in batches(bodies, AT_ONCE):
            self._put(f"products/{number}/variants", some)

    def _carry_single(self, number: str, code: str, draft: ListingDraft, shown: wire.Variant | None = None) -> None:
        """SKU and stock of a product without options; only what differs from `shown`."""
        body: Body = {}
        if draft.sku and (shown is None or text(shown.custom_variant_code) != draft.sku):
            body["custom_variant_code"] = mapping_drafts.whole_code(draft.sku)
        if draft.quantity is not None and (shown is None or stock_of(shown).quantity != draft.quantity):
            body |= {"quantity": max(draft.quantity, 0), "use_inventory": "T"}
            if shown is None:
                body["display_soldout"] = "T"
        if not body:
            return
        path = f"products/{number}/variants"
        try:
            self._put(f"{path}/{code}", body)
        except GoneFromMall:
            if shown is not None:
                raise
            self._put(f"{path}/{self._products.variants_of(number)[0].variant_code}", body)
