"""Whose address it is: what one customer of a network has in common is counted together."""

import ipaddress

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
