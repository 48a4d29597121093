"""Addresses that a browser may be sent back to with a code: exact ones, that only the application itself can read."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from sync.contract.errors import Code, Refusal, Said

_LONGEST = 500
_HTTPS = Said(
    "须为https地址、本机http地址或形如com.example.app:/的自有协议",
    "https, http on the loopback, or a scheme of the application's own such as com.example.app:/",
)


def checked(said: str) -> str:
    """The address as it will be compared: letter by letter, with nothing that a browser would read in another way.

    Raises:
        Refusal: BAD_REDIRECT.
    """
    said = said.strip()
    if (
        not said
        or len(said) > _LONGEST
        or not said.isascii()
        or not said.isprintable()
        or set(said) & set(' "<>\\^`{}|')
    ):
        raise Refusal(Code.BAD_REDIRECT, why=Said(f"1至{_LONGEST}个ASCII字符", f"1–{_LONGEST} characters of ASCII"))
    told = _split(said)
    if told is None or "#" in said or told.username is not None or "*" in told.netloc:
        why = Said("不得含#、用户名或通配符", "without a fragment, a user name or a wildcard")
        raise Refusal(Code.BAD_REDIRECT, why=why)
    if not _is_closed(told):
        raise Refusal(Code.BAD_REDIRECT, why=_HTTPS)
    return said


def _split(said: str) -> SplitResult | None:
    """None: it has no parts that an address has."""
    try:
        told = urlsplit(said)
        _ = told.port
    except ValueError:
        return None
    return told


def _is_closed(told: SplitResult) -> bool:
    """Whether nobody on the way can read what comes there."""
    if told.scheme == "https":
        return bool(told.hostname)
    if told.scheme == "http":
        return _is_loopback(told.hostname or "")
    return "." in told.scheme and not told.netloc


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
