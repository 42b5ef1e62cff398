"""Where a URL leads, decided once.

The name is looked up one time and every address that comes back is judged; the request then goes to the address that
was judged, so a name server that changes its mind in between changes nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Iterable[str]]
LONGEST_URL = 2000
_NAT64 = ip_network("64:ff9b::/96")
# Public by their numbers, and yet no place of the Internet: the virtual platform server of Azure, and a block kept
# for protocols, in which another cloud answers for metadata.
_INSIDE = (ip_network("168.63.129.16/32"), ip_network("192.0.0.0/24"))


class RefusedAddressError(ValueError):
    """`reason` is one of: url, scheme, user, host, port, unknown_name, private."""

    def __init__(self, reason: str, found: str) -> None:
        super().__init__(f"{reason}: {found}")
        self.reason = reason
        self.found = found


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an administrator lets through although it is not public: networks, and names as they stand in the URL."""

    networks: tuple[Network, ...] = ()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str) -> Allowed:
        """`10.1.0.0/16, hooks.internal`"""
        networks, names = [], set()
        for part in filter(None, (each.strip().lower() for each in text.split(","))):
            try:
                networks.append(ip_network(part, strict=False))
            except ValueError:
                names.add(part)
        return cls(tuple(networks), frozenset(names))

    def lets(self, name: str, address: Address) -> bool:
        return name in self.names or any(
            _within(each, network) for each in _all_forms(address) for network in self.networks
        )


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart; `address` is where the connection goes, `host` what is said there (Host, SNI, certificate)."""

    scheme: str
    host: str
    port: int
    path: str
    address: str = ""

    @property
    def authority(self) -> str:
        """As the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"


def parse_target(url: str) -> Target:
    """Take a URL apart, once: what is judged here is what is sent. Anything odd is refused rather than guessed."""
    if len(url) > LONGEST_URL or any(each.isspace() or each in '\\"<>^`{|}' or not each.isprintable() for each in url):
        raise RefusedAddressError("url", url[:100])
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise RefusedAddressError("url", url[:100]) from None
    if parts.scheme not in {"http", "https"}:
        raise RefusedAddressError("scheme", parts.scheme)
    if "@" in parts.netloc:
        raise RefusedAddressError("user", parts.netloc)
    if port == 0:
        raise RefusedAddressError("port", "0")
    if parts.fragment or url.endswith("#"):
        raise RefusedAddressError("url", f"#{parts.fragment}")
    host = _host(parts.hostname or "")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise RefusedAddressError("url", path[:100])
    return Target(parts.scheme, host, port or {"http": 80, "https": 443}[parts.scheme], path)


def _host(name: str) -> str:
    try:
        return str(ip_address(name))
    except ValueError:
        pass
    try:
        plain = name.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        raise RefusedAddressError("host", name[:100]) from None
    if not plain or not all(each.isalnum() or each in "-._" for each in plain):
        raise RefusedAddressError("host", name[:100])
    return plain


def system_resolver(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def resolve(target: Target, allowed: Allowed, resolver: Resolver = system_resolver) -> Target:
    """The target with the one address to use. If any of its addresses is not public, none of them is used."""
    try:
        listed = [ip_address(each.split("%")[0]) for each in resolver(target.host, target.port)]
    except (OSError, ValueError, UnicodeError):
        raise RefusedAddressError("unknown_name", target.host) from None
    if not listed:
        raise RefusedAddressError("unknown_name", target.host)
    for each in listed:
        if not is_public(each) and not allowed.lets(target.host, each):
            # Not which address it is: that would map the inside for whoever asks.
            raise RefusedAddressError("private", target.host)
    return Target(target.scheme, target.host, target.port, target.path, str(listed[0]))


def target_of(url: str, allowed: Allowed, resolver: Resolver = system_resolver) -> Target:
    """From the text to the address, in one go."""
    return resolve(parse_target(url), allowed, resolver)


def is_public(address: Address) -> bool:
    """Reachable for everybody on the Internet, in every form in which the address can be read."""
    return all(_is_public(each) for each in _all_forms(address))


def _is_public(address: Address) -> bool:
    odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return address.is_global and not odd and not any(_within(address, network) for network in _INSIDE)


def _all_forms(address: Address) -> Sequence[Address]:
    """The address, and the IPv4 address that it carries: mapped, 6to4, Teredo, NAT64. Of a mapped one only that:
    it is the IPv4 address, written differently."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    carried: list[Address] = [address.sixtofour] if address.sixtofour else []
    carried += address.teredo or ()
    if address in _NAT64:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address, *carried]


def _within(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network
