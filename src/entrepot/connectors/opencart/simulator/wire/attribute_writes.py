"""The attributes of a product, by id or by name (§5)."""

from collections.abc import Sequence

from entrepot.connectors.opencart.simulator.rows import Product, Row
from entrepot.connectors.opencart.simulator.shop import Shop
from entrepot.connectors.opencart.simulator.text import escape
from entrepot.connectors.opencart.simulator.wire.answers import invalid


def put(shop: Shop, product: Product, given: Sequence[Row]) -> None:
    """These attributes instead of all before. A named one keeps its texts in other languages, or gets one in all.

    Raises:
        WireError: One has neither an id nor a name, or a language is unknown.
    """
    languages = {row["code"]: int(row["language_id"]) for row in shop.tables.languages}
    before = product.attributes
    made: list[tuple[int, int, str]] = []
    for row in given:
        texts = {languages[code]: escape(str(words)) for code, words in (row.get("texts") or {}).items()}
        if row.get("attribute_id") is not None:
            number = int(row["attribute_id"])
        elif row.get("name") and texts:
            number = _named(shop, product, escape(str(row["name"])), {key for key, _, _ in made})
            stored = {language: text for key, language, text in before if key == number}
            texts = {one: texts.get(one) or stored.get(one) or next(iter(texts.values())) for one in languages.values()}
        else:
            raise invalid("attributes", "missing", "An attribute needs a name and a text.")
        made.extend((number, language, text) for language, text in texts.items())
    product.attributes = made


def _named(shop: Shop, product: Product, name: str, taken: set[int]) -> int:
    """The attribute of that name that is the product's own, else the first, else a new one in the first group."""
    rows = shop.tables.attributes
    same = sorted(int(row["attribute_id"]) for row in rows if row["name"] == name)
    own = {key for key, _, _ in product.attributes}
    free = sorted((number for number in same if number not in taken), key=lambda number: number not in own)
    if free:
        return free[0]
    number = max((int(row["attribute_id"]) for row in rows), default=0) + 1
    group = min(rows, key=lambda row: int(row["attribute_group_id"]), default={"attribute_group_id": 1, "group": ""})
    rows.append(
        {
            "attribute_id": number,
            "attribute_group_id": group["attribute_group_id"],
            "sort_order": 0,
            "name": name,
            "group": group["group"] or "Attributes",
        }
    )
    return number
