"""Reading the catalogue: products with their variants and stock, categories, brands."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from entrepot.connectors.cafe24 import mapping_shop, wire
from entrepot.connectors.cafe24.errors import GoneFromMall, RefusedByMall
from entrepot.connectors.cafe24.mapping_products import ATTRIBUTES, ProductReading, channel_product, single_variant
from entrepot.connectors.cafe24.rows import Malformed, decoded_rows
from entrepot.connectors.cafe24.session import AT_ONCE, MallSession, batches
from entrepot.connectors.cafe24.values import each
from entrepot.connectors.contract import (
    BadItem,
    ChannelAttribute,
    ChannelBrand,
    ChannelCategory,
    ChannelProduct,
    ProductPage,
)
from entrepot.kernel.reasons import marked

PAGE = 100
PRODUCT = marked("product {number}")
EMBED = "variants,inventories,options,additionalimages"
STOCK_EMBED = "variants,inventories"
MOST_EMBEDDED = 100
"""So many variants at most come with a product in a list; one with as many is asked for alone."""
FEW = 3
"""Up to so many products are read one by one, because only that way each tells its categories and its description."""
DISPLAY_GROUP = 1


class Cafe24Products:
    """Products by pages (setting `page_size`, 100), walked by `since_product_no`: edited ones are not missed."""

    def __init__(self, session: MallSession) -> None:
        self._session = session
        self._categories: list[wire.Category] | None = None
        self._members: dict[str, list[str]] | None = None

    def categories(self) -> Iterator[ChannelCategory | BadItem]:
        """All categories, parents before children."""
        bad: list[Malformed] = []
        rows: list[wire.Category] = []
        for good, malformed in self._session.pages("categories", ("categories", "category"), wire.Category):
            rows.extend(good)
            bad.extend(malformed)
        self._categories = rows
        yield from (problem.report("category") for problem in bad)
        yield from mapping_shop.categories(rows)

    def brands(self) -> Iterator[ChannelBrand | BadItem]:
        """All brands but the one that means none."""
        for good, malformed in self._session.pages("brands", ("brands", "brand"), wire.Brand):
            yield from (problem.report("brand") for problem in malformed)
            yield from (mapping_shop.brand(row) for row in good if row.brand_code != mapping_shop.NO_BRAND)

    def attributes(self) -> Iterator[ChannelAttribute]:
        """Cafe24 has no attributes to define; these are fields every product has."""
        for field, name in ATTRIBUTES.items():
            yield ChannelAttribute(remote_id=field, name=name)

    def pages(self, cursor: str | None = None) -> Iterator[ProductPage]:
        """All products in ascending number, from `cursor` on.

        Which categories a product is in costs a call for each category, once, and none for a product.
        """
        members = self._all_members()
        for rows, bad, following in self.walk(EMBED, cursor):
            products, more = self._read(rows, members)
            yield ProductPage(products=products, next=following, bad=[*bad, *more])

    def fetch(self, remote_ids: Sequence[str]) -> ProductPage:
        """These products; ids that are none or are gone are absent."""
        known = list(dict.fromkeys(number for number in remote_ids if number.isascii() and number.isdigit()))
        if len(known) <= FEW:
            rows, malformed = decoded_rows(self._details(known), wire.Product)
            bad = [problem.report("product") for problem in malformed]
        else:
            rows, bad = self.some(known, EMBED)
        products, more = self._read(rows, self._members or {})
        return ProductPage(products=products, next=None, bad=[*bad, *more])

    # ----------------------------------------------------------------- rows, also for those who only want the stock

    def walk(self, embed: str, cursor: str | None) -> Iterator[tuple[list[wire.Product], list[BadItem], str | None]]:
        """Pages of rows: the good, the bad, and the cursor of the following page (None on the last)."""
        since, limit = int(cursor or 0), self._session.setting("page_size", PAGE, at_most=PAGE)
        while True:
            answer = self._session.client.get("products", {"embed": embed, "limit": limit, "since_product_no": since})
            raws = answer.rows("products", "product")
            rows, malformed = decoded_rows(raws, wire.Product)
            rows.sort(key=lambda row: int(row.product_no))
            numbers = [int(row.product_no) for row in rows] + [problem.number("product_no") for problem in malformed]
            following = max(numbers, default=since) if len(raws) >= limit else None
            if following is not None and following <= since:
                raise self._session.client.shape_error("products", "$.products", "the numbers do not ascend")
            yield rows, [bad.report("product") for bad in malformed], None if following is None else str(following)
            if following is None:
                return
            since = following

    def some(self, remote_ids: Sequence[str], embed: str) -> tuple[list[wire.Product], list[BadItem]]:
        """The rows of these products, 100 a call, without their categories."""
        rows: list[wire.Product] = []
        bad: list[BadItem] = []
        for numbers in batches(remote_ids, AT_ONCE):
            query: dict[str, str | int] = {"product_no": ",".join(numbers), "embed": embed, "limit": PAGE}
            good, malformed = decoded_rows(self._session.client.get("products", query).rows("products"), wire.Product)
            rows.extend(row for row in good if str(row.product_no) in numbers)
            bad.extend(problem.report("product") for problem in malformed)
        return sorted(rows, key=lambda row: int(row.product_no)), bad

    def detail(self, remote_id: str) -> wire.Product | None:
        """One product with its categories and its text; None when it is gone.

        Raises:
            RefusedByMall: It is there and cannot be read.
        """
        raws = self._details([remote_id])
        rows, malformed = decoded_rows(raws, wire.Product)
        if malformed:
            detail = f"{malformed[0].path}: {malformed[0].problem}"
            why = marked("What the mall shows of it cannot be read.")
            raise RefusedByMall(detail, field=PRODUCT.format(number=remote_id), reason=why)
        return rows[0] if rows else None

    def variants(self, row: wire.Product) -> Sequence[wire.Variant]:
        """All variants of a product; asked for where the row holds none, or as many as a row can hold.

        Raises:
            GoneFromMall: The product is gone.
        """
        found = each(row.variants)
        if not 0 < len(found) < MOST_EMBEDDED:
            found = self.variants_of(str(row.product_no))
        if single := single_variant(found):
            self._session.singles.put(self._session.client.mall_id, str(row.product_no), single.variant_code)
        return found

    def variants_of(self, remote_id: str) -> Sequence[wire.Variant]:
        """All variants of a product as they are now. One without a code cannot be meant by anybody and is left out.

        Raises:
            GoneFromMall: The product is gone.
        """
        answer = self._session.client.get(f"products/{remote_id}/variants", {"embed": "inventories"})
        return decoded_rows(answer.rows("variants", "variant"), wire.Variant)[0]

    def _details(self, numbers: Sequence[str]) -> list[msgspec.Raw]:
        raws: list[msgspec.Raw] = []
        for number in numbers:
            try:
                answer = self._session.client.get(f"products/{number}", {"embed": "variants,options,additionalimages"})
            except GoneFromMall:
                continue
            raws.extend(answer.rows("product", "products"))
        return raws

    def _read(
        self, rows: Sequence[wire.Product], members: Mapping[str, Sequence[str]]
    ) -> tuple[list[ChannelProduct], list[BadItem]]:
        reading = self.reading(members)
        products: list[ChannelProduct] = []
        bad: list[BadItem] = []
        for row in rows:
            try:
                product = channel_product(row, self.variants(row), reading)
            except GoneFromMall:  # deleted between the page and its variants
                continue
            if isinstance(product, ChannelProduct):
                products.append(product)
            else:
                bad.append(product)
        return products, bad

    def reading(self, members: Mapping[str, Sequence[str]]) -> ProductReading:
        """What the mapping of products needs."""
        session = self._session
        return ProductReading(
            mall_id=session.client.mall_id,
            currency=session.currency(),
            url=session.url(),
            members=members,
            codes_stand_in=session.surroundings.settings.get("missing_sku") != "leave_unmatched",
        )

    def _all_members(self) -> dict[str, list[str]]:
        """The categories of each product, by one call for each category."""
        if self._categories is None:
            list(self.categories())
        members: dict[str, list[str]] = {}
        for category in self._categories or ():
            path = f"categories/{category.category_no}/products"
            try:
                answer = self._session.client.get(path, {"display_group": DISPLAY_GROUP})
            except GoneFromMall:
                continue
            for member in decoded_rows(answer.rows("products"), wire.CategoryMember)[0]:
                members.setdefault(str(member.product_no), []).append(str(category.category_no))
        self._members = members
        return members
