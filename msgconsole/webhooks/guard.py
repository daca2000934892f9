"""Where webhooks may go: public addresses, and those that MSGCONSOLE_WEBHOOK_ALLOW names.

A host is resolved once, and the connection goes to the address that was checked: a name that resolves to something
else a moment later gains nothing.
"""

import ipaddress
import socket
from collections.abc import Iterable
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NotAllowed(Exception):
    """The host resolves to private, loopback or otherwise special addresses alone."""


class NotFound(Exception):
    """The host does not resolve."""


@lru_cache(maxsize=8)
def networks(allowed: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(entry, strict=False) for entry in allowed)


def is_allowed(address: Address, allowed: Iterable[str]) -> bool:
    """May a webhook connect to ``address``? Public ones always; others only inside one of the ``allowed`` networks."""
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None:  # an IPv4 address in IPv6 clothing is judged as what it is
        address = mapped
    if any(address.version == net.version and address in net for net in networks(tuple(allowed))):
        return True
    return address.is_global and not address.is_multicast


def resolve(host: str, port: int, allowed: Iterable[str]) -> str:
    """The first permitted address of ``host``, as text. NotFound or NotAllowed otherwise."""
    permitted = tuple(allowed)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFound(host) from None
    for *_, address in found:
        text = str(address[0]).partition("%")[0]  # without the zone of a link-local address
        if is_allowed(ipaddress.ip_address(text), permitted):
            return text
    raise NotAllowed(host)
