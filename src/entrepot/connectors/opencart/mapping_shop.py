"""Who the shop is, its statuses, and its lists beside the products: rows → contract. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from entrepot.connectors.contract import (
    BadItem,
    ChannelAttribute,
    ChannelBrand,
    ChannelCategory,
    RemoteStatus,
    ShopInfo,
)
from entrepot.connectors.opencart import wire
from entrepot.connectors.opencart.mapping_values import ShopClock, plain, shop_clock, truth

SUGGESTED = {
    1: "new",
    2: "new",
    3: "in_transit",
    5: "complete",
    7: "canceled",
    8: "canceled",
    9: "problem",
    10: "canceled",
    11: "problem",
    12: "problem",
    13: "problem",
    14: "canceled",
    15: "new",
    16: "canceled",
}
"""What the ids of a fresh OpenCart mean to an order desk (case 39: ids, never names)."""

VOIDED = 16
DEFAULT_CUSTOMER_GROUP = 1


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What reading rows needs to know of the shop.

    0 of `order_writes_at_once` or `products_at_once`: its bridge takes these one by one only.
    """

    url: str
    image_base: str
    currency: str
    language_id: int
    customer_group_id: int
    void_status: int
    status_ids: frozenset[int]
    has_variants: bool
    language: str = ""
    order_writes_at_once: int = 0
    products_at_once: int = 0
    max_body: int = 4_194_304
    version: str = ""

    @property
    def sells_variants(self) -> bool:
        """Whether the storefront sells a variant itself; before 4.1.0.4 it sells the master in its place."""
        parts = tuple(int(part) if part.isdigit() else 0 for part in self.version.split("."))
        return self.has_variants and parts >= (4, 1, 0, 4)


@dataclass(frozen=True, slots=True)
class OptionValue:
    name: str
    image: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Names of options, values and attributes in the shop's default language, by id."""

    option_names: Mapping[int, str] = field(default_factory=dict)
    option_types: Mapping[int, str] = field(default_factory=dict)
    values: Mapping[int, OptionValue] = field(default_factory=dict)
    attributes: Mapping[int, str] = field(default_factory=dict)


def in_language(names: Sequence[wire.Name], language_id: int) -> str:
    """The name in a language; where that is empty, the first there is, so that nothing goes nameless."""
    fallback = ""
    for row in names:
        name = plain(row.name)
        if name and row.language_id == language_id:
            return name
        fallback = fallback or name
    return fallback


def shop_facts(info: wire.Info) -> ShopFacts:
    """The facts out of `info`."""
    shop = info.shop
    url = (shop.url or "").rstrip("/") + "/"
    return ShopFacts(
        url=url,
        image_base=shop.image_base or f"{url}image/",
        currency=(shop.currency or "").upper(),
        language_id=shop.language_id,
        customer_group_id=shop.customer_group_id or DEFAULT_CUSTOMER_GROUP,
        void_status=info.void_status or VOIDED,
        status_ids=frozenset(row.order_status_id for row in info.order_statuses),
        has_variants="master_id" in info.schema.get("product", ()),
        language=shop.language or "",
        order_writes_at_once=info.limits.get("max_order_writes") or 0,
        products_at_once=info.limits.get("max_products") or 0,
        max_body=info.limits.get("max_body") or 4_194_304,
        version=info.shop.version or "",
    )


def shop_info(info: wire.Info, *, notes: Sequence[str] = ()) -> ShopInfo:
    """What a connection test shows.

    Raises:
        ValueError: The clocks cannot be read.
    """
    clock = shop_clock(info.clock)
    return ShopInfo(
        identity=info.shop.identity,
        name=plain(info.shop.name),
        url=shop_facts(info).url,
        version=info.shop.version or "",
        currency=(info.shop.currency or "").upper(),
        timezone=clock.name,
        clock_offset_seconds=clock.offset_seconds,
        language=info.shop.language or "",
        statuses=statuses(info),
        counts={name: count for name, count in info.counts.items() if count is not None},
        notes=(*_notes(info, clock), *notes),
    )


def statuses(info: wire.Info) -> tuple[RemoteStatus, ...]:
    """The shop's order statuses by id, with their names by language code."""
    codes = {language.language_id: language.code for language in info.languages}
    names: dict[int, dict[str, str]] = {}
    for row in info.order_statuses:
        code = codes.get(row.language_id, str(row.language_id))
        names.setdefault(row.order_status_id, {})[code] = plain(row.name)
    taking = frozenset(info.processing_status) | frozenset(info.complete_status)
    return tuple(
        RemoteStatus(
            remote_id=str(status_id),
            names=names[status_id],
            takes_stock=status_id in taking,
            suggested=SUGGESTED.get(status_id),
        )
        for status_id in sorted(names)
    )


def _notes(info: wire.Info, clock: ShopClock) -> Iterator[str]:
    if truth(info.shop.maintenance):
        yield "The shop is in maintenance mode."
    if truth(info.shop.stock_checkout):
        yield "The shop sells below zero (System › Settings › Option › Stock Checkout)."
    if not clock.agrees:
        yield "The shop's clock does not agree with its time zone; its clock is followed."
    if len(info.stores) > 1:
        yield "The shop has several store fronts. Price and stock are the same in all of them."


# --------------------------------------------------------------------------- lists


def words(options: Sequence[wire.OptionNames], attributes: Sequence[wire.AttributeRow], language_id: int) -> Words:
    """The names products refer to by id."""
    return Words(
        option_names={row.option_id: in_language(row.descriptions, language_id) for row in options},
        option_types={row.option_id: row.type or "" for row in options},
        values={
            value.option_value_id: OptionValue(in_language(value.descriptions, language_id), value.image or "")
            for row in options
            for value in row.values
        },
        attributes={row.attribute_id: in_language(row.descriptions, language_id) for row in attributes},
    )


def categories(rows: Sequence[wire.CategoryRow], language_id: int) -> Iterator[ChannelCategory | BadItem]:
    """Parents before children; a parent that does not exist, or that lies below its own child, counts as none."""
    by_id = {row.category_id: row for row in rows}
    done: set[int] = set()
    for row in rows:
        for step in _path_to(row, by_id, done):
            done.add(step.category_id)
            yield _category(step, by_id, done, language_id)


def _path_to(row: wire.CategoryRow, by_id: Mapping[int, wire.CategoryRow], done: set[int]) -> list[wire.CategoryRow]:
    path: list[wire.CategoryRow] = []
    current: wire.CategoryRow | None = row
    while current is not None and current.category_id not in done and current not in path:
        path.append(current)
        current = by_id.get(current.parent_id or 0)
    return path[::-1]


def _category(
    row: wire.CategoryRow, by_id: Mapping[int, wire.CategoryRow], done: set[int], language_id: int
) -> ChannelCategory | BadItem:
    name = in_language(row.descriptions, language_id)
    if not name:
        return BadItem(
            kind="category",
            remote_id=str(row.category_id),
            code="missing_name",
            detail="The category has no name in any language.",
        )
    parent = row.parent_id or 0
    known = parent in by_id and parent in done and parent != row.category_id
    return ChannelCategory(
        remote_id=str(row.category_id),
        parent_id=str(parent) if known else None,
        name=name,
        active=row.status == 1,
    )


def brand(row: wire.ManufacturerRow) -> ChannelBrand | BadItem:
    """A manufacturer."""
    name = plain(row.name)
    if name:
        return ChannelBrand(remote_id=str(row.manufacturer_id), name=name)
    return BadItem(
        kind="brand",
        remote_id=str(row.manufacturer_id),
        code="missing_name",
        detail="The manufacturer has no name.",
    )


def attribute(row: wire.AttributeRow, language_id: int) -> ChannelAttribute:
    """An attribute definition with its group's name."""
    return ChannelAttribute(
        remote_id=str(row.attribute_id),
        name=in_language(row.descriptions, language_id),
        group=in_language(row.group, language_id),
    )
