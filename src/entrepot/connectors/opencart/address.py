"""The shop's address, out of whatever a merchant pastes as Domain URL. Pure."""

import ipaddress
import re
from urllib.parse import SplitResult, parse_qs, quote, urlencode, urlsplit, urlunsplit

from entrepot.connectors.opencart.errors import BadDomainUrl

ROUTE = "extension/oms_bridge/api"

_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff\"'<>“”]+")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):/{1,2}")
_PORT_FIRST = re.compile(r"[^/:]+:\d+(/|$)")
_HOST = re.compile(r"[\w.-]+\Z")


def shop_address(pasted: str) -> str:
    """The address of the shop's front page with a trailing slash: `https://shop.example.com/store/`.

    Spaces, quotes, `index.php`, queries, fragments and the admin's folder are cut away; a subfolder stays. Without a
    scheme it is https, and never http in secret: orders are personal. Only this very computer (`localhost`,
    `127.…`) is taken as http, since nobody has a certificate for it.

    Raises:
        BadDomainUrl: It is empty, has a user name, another scheme, or no host.
    """
    text = _INVISIBLE.sub("", pasted)
    scheme, rest = _scheme_and_rest(text)
    try:
        parts = urlsplit(f"{scheme or 'https'}://{rest}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise BadDomainUrl(address=pasted.strip()) from None
    if scheme not in {"", "http", "https"} or parts.username is not None or not _is_host(host):
        raise BadDomainUrl(address=pasted.strip())
    wanted = scheme or ("http" if _is_this_computer(host) else "https")
    usual = {"http": 80, "https": 443}[wanted]
    bracketed = f"[{host}]" if ":" in host else host
    place = bracketed if port in {None, usual} else f"{bracketed}:{port}"
    return urlunsplit(SplitResult(wanted, place, _folder(parts), "", ""))


def resource_url(address: str, resource: str, parameters: dict[str, str]) -> str:
    """The URL of a bridge resource, in the one spelling that is signed and sent."""
    query = urlencode({"route": ROUTE, "resource": resource, **parameters}, quote_via=quote, safe="/,")
    return f"{address}index.php?{query}"


def _scheme_and_rest(text: str) -> tuple[str, str]:
    if _PORT_FIRST.match(text):
        return "", text
    if found := _SCHEME.match(text):
        return found[1].lower(), text[found.end() :]
    return "", text.lstrip("/")


def _folder(parts: SplitResult) -> str:
    names = [name for name in parts.path.split("/") if name]
    query = parse_qs(parts.query)
    route = (query.get("route") or [""])[0]
    in_admin = "user_token" in query or route in {"common/login", "common/dashboard"}
    if names and names[-1].lower() == "index.php":
        names.pop()
    if names and (names[-1].lower() == "admin" or in_admin):
        names.pop()
    return "".join(f"/{quote(name, safe='%~@+')}" for name in names) + "/"


def _is_host(host: str) -> bool:
    if not host:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _HOST.match(host) is not None and ("." in host or host == "localhost" or not host.isdigit())
    return True


def _is_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
