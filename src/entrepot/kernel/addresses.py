"""Which addresses of machines lie in the open internet."""

import ipaddress
import socket
from typing import Final

_NEVER_PUBLIC: Final = (ipaddress.ip_network("::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""Old and local ways to write an address of the other kind, which not every version of Python knows."""


def addresses_of(host: str, port: int) -> list[str]:
    """Every address a name has.

    Raises:
        OSError, UnicodeError: It has none, or is no name.
    """
    return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """A unicast address of the open internet, also where it is written as the other kind."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is not None and not is_public(str(inner)):
            return False
        if parsed in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
        if parsed.is_site_local or any(parsed in network for network in _NEVER_PUBLIC):
            return False
    return parsed.is_global and not parsed.is_multicast
