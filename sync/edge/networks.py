"""Whose address it is: what one customer of a network has in common is counted together."""

import ipaddress
from collections.abc import Iterable

from sync.edge.configured import Unfit

_NETWORK = 64
"""Bits of an IPv6 address that one customer has in common; counting single addresses would count nothing."""


def network_of(address: str) -> str:
    """An IPv4 address as it is; of an IPv6 address its /64, or the IPv4 address in it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((found, _NETWORK), strict=False))


def check_proxies(name: str, told: Iterable[str]) -> None:
    """Each is an address or a network. Another one would be believed by nobody, and each client behind that proxy would
    count as one.

    Raises:
        Unfit: of the setting with this name.
    """
    for each in told:
        try:
            ipaddress.ip_network(each)
        except ValueError:
            raise Unfit(name, f"“{each}”不是IP地址或网段", f"{each!r} is neither an address nor a network") from None
