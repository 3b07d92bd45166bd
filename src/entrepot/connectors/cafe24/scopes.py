"""Which permission a call needs, and which ones Entrepot asks a mall's owner for."""

PERMISSIONS = (
    "mall.read_product",
    "mall.write_product",
    "mall.read_order",
    "mall.write_order",
    "mall.read_category",
    "mall.read_collection",
    "mall.read_store",
    "mall.read_shipping",
    "mall.read_application",
)
"""What an order desk needs. The app must declare the same ones in the Developer Center."""
MAKE_BRANDS = "mall.write_collection"
"""Used where it is granted; not asked for."""

_AREAS = {
    "apps": "application",
    "webhooks": "application",
    "store": "store",
    "shops": "store",
    "paymentmethods": "store",
    "products": "product",
    "categories": "category",
    "mains": "category",
    "brands": "collection",
    "manufacturers": "collection",
    "classifications": "collection",
    "trends": "collection",
    "origin": "collection",
    "suppliers": "supply",
    "carriers": "shipping",
    "shipping": "shipping",
    "shippingorigins": "shipping",
}
_SETTINGS = frozenset({"orders/setting", "orders/status", "products/setting"})


def missing(granted: frozenset[str]) -> list[str]:
    """The permissions of `PERMISSIONS` that were not granted; none where nothing is known."""
    return [name for name in PERMISSIONS if granted and name not in granted]


def scope_for(method: str, path: str) -> str:
    """The permission for a call, `mall.read_product`: what the owner has to add when it is missing."""
    parts = path.strip("/").split("/")
    area = _AREAS.get(parts[0], "order")
    if "/".join(parts[:2]) in _SETTINGS:
        area = "store"
    if parts[0] == "categories" and "products" in parts[2:]:
        area = "product"
    return f"mall.{'read' if method == 'GET' else 'write'}_{area}"
