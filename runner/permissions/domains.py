"""Names of hosts and patterns of them; addresses that are not public must be named as such."""

from __future__ import annotations

import functools

EVERY = "*"
PRIVATE = "@private"
_LOCAL = "localhost"


def normalise(name: str) -> str:
    """Return the one text for all that mean the same: lower case, no dot or brackets around."""
    text = name.lower().strip("[]").rstrip(".")
    return _read_address(text) or text


def covers(wide: str, narrow: str) -> bool:
    """Whether a host or pattern lies within another.

    `*` and `*.local` hold no address of a private network or this machine: it must be named, or
    all of them by `@private`.
    """
    if wide == narrow:
        return True
    if narrow == PRIVATE:
        return False
    if is_private(narrow):
        return wide == PRIVATE
    return wide == EVERY or (
        wide.startswith("*.") and narrow.endswith(wide[1:]) and not _read_address(narrow)
    )


def is_private(name: str) -> bool:
    """Whether `name` is an address that is not public, or always means this machine."""
    if name in (_LOCAL, PRIVATE) or name.endswith(f".{_LOCAL}"):
        return True
    if ":" not in name and not name[-1:].isdigit():
        return False
    import ipaddress  # 3 ms; only for what looks like an address

    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return not _is_public(address)


def is_public_address(text: str) -> bool:
    """Whether the address `text`, as a resolver gave it, is one of the public internet."""
    import ipaddress  # as above

    try:
        return _is_public(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return False


def _is_public(address: object) -> bool:
    """Judge an IPv4 address within an IPv6 one as itself, however it is wrapped."""
    import ipaddress

    if isinstance(address, ipaddress.IPv6Address):
        teredo = address.teredo
        wrapped = address.ipv4_mapped or address.sixtofour or (teredo and teredo[1])
        if wrapped is None and address in ipaddress.ip_network("64:ff9b::/96"):
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped:
            return _is_public(wrapped)
        # Beyond are older ways to wrap an IPv4 address, translators' own prefixes and local sites.
        if address not in ipaddress.ip_network("2000::/3"):
            return False
    if not isinstance(address, ipaddress.IPv4Address | ipaddress.IPv6Address):
        return False
    return address.is_global and not address.is_multicast


@functools.lru_cache(maxsize=256)
def _read_address(text: str) -> str:
    """Return the usual writing of an address, '' for what is none."""
    if ":" not in text and not text[-1:].isdigit():
        return ""
    import ipaddress  # as above

    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
