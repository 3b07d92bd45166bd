"""A small storefront for people: see the stock, buy one, cancel it."""

from entrepot.connectors.opencart.simulator.shop import Shop


def page(shop: Shop) -> bytes:
    """The whole storefront as one page."""
    return shop.name.encode()


def act(shop: Shop, path: str, body: bytes) -> None:
    """A form was sent."""


def picture(path: str) -> bytes:
    """A drawn stand-in for a product's photograph."""
    return b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"></svg>'
