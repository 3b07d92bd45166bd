"""What a shop or its host says when it is not the bridge that answers."""

_HTML = "text/html; charset=utf-8"
_JSON = "application/json; charset=utf-8"


def _page(title: str, text: str) -> bytes:
    return (
        f'<!DOCTYPE html>\n<html dir="ltr" lang="en">\n<head><meta charset="UTF-8"><title>{title}</title></head>\n'
        f'<body><div id="container"><h1>{title}</h1><p>{text}</p></div></body>\n</html>\n'
    ).encode()


NOT_FOUND = _page("The page you requested cannot be found!", "The page you requested cannot be found.")
MAINTENANCE = _page(
    "Maintenance", "We are currently performing some scheduled maintenance. We will be back as soon as possible."
)
FRONT = _page("Your Store", "Welcome to our shop.")
FORBIDDEN = _page("403 Forbidden", "Your request was blocked by a security rule of this host.")
WARNING = (
    b"<b>Warning</b>: Undefined array key &quot;zone&quot; in "
    b"<b>/var/www/html/catalog/model/checkout/order.php</b> on line <b>42</b>"
)
TROUBLE: dict[str, tuple[int, str, bytes]] = {
    "html": (200, _HTML, FRONT),
    "forbidden": (403, _HTML, FORBIDDEN),
    "notfound": (404, _HTML, NOT_FOUND),
    "maintenance": (503, _HTML, MAINTENANCE),
    "shape": (200, _JSON, b'{"data":{"unexpected":[1,2,{"a":null}]},"meta":[]}'),
    "empty": (200, _JSON, b""),
}
