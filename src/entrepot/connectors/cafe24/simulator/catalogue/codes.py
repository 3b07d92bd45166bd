"""The codes a mall gives by itself: letters count in base 26 with A as nought (reference §4.2)."""

WIDTH = 8


def letters(number: int, width: int) -> str:
    """The number in letters, filled up with noughts in front: 101 in 7 is `00000DX`."""
    found = ""
    while number or not found:
        number, rest = divmod(number, 26)
        found = chr(ord("A") + rest) + found
    return found.rjust(width, "0")


def coded(kind: str, number: int) -> str:
    """`P00000DX` for product 101, `B000000A` for the first brand of one's own (number 0)."""
    return kind + letters(number, WIDTH - len(kind))


def variant_code(product_code: str, number: int) -> str:
    """`P00000DX000A` for a product's first variant (number 0)."""
    return product_code + letters(number, 4)
