"""Which canaries are in some bytes: plain, and in whatever form text is written on its way."""

import base64
import gzip
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from tests.canaries.markers import PREFIX, Marker

_HEX = "[0-9a-f]{24}"
_DEEP = 3
_AROUND = 400


def _wide(pattern: str) -> str:
    return "".join(f"{each}\\x00" for each in pattern)


_PLAIN = re.compile(f"{PREFIX}{_HEX}".encode(), re.IGNORECASE)  # JSON, percent-encoding and GBK leave hex digits alone
_UTF16 = re.compile((_wide(PREFIX)[:-4] + "(?:\\x00[0-9a-f]){24}").encode(), re.IGNORECASE)
_IN_HEX = re.compile((PREFIX.encode().hex() + "(?:[36][0-9a-f]){24}").encode(), re.IGNORECASE)
_BASE64 = b"A-Za-z0-9+/_-"
_RUN = re.compile(b"[%s]*" % _BASE64)


def cores(text: bytes) -> Iterator[bytes]:
    """What of the text's base64 does not depend on what stands before and behind it, at each of three places."""
    for before in range(3):
        told = base64.urlsafe_b64encode(b"\0" * before + text + b"\0\0")
        yield told[-(-before * 8 // 6) : (before + len(text)) * 8 // 6]


_ONCE = list(cores(PREFIX.encode()))
_CORE = re.compile(b"|".join(map(re.escape, [*_ONCE, *(twice for once in _ONCE for twice in cores(once))])))


def found_in(data: bytes, deep: int = _DEEP) -> set[str]:
    """Tokens of the canaries in these bytes; archives and compressed files are unpacked."""
    found = {each.decode().lower() for each in _PLAIN.findall(data)}
    found |= {each.replace(b"\0", b"").decode().lower() for each in _UTF16.findall(data)}
    found |= {bytes.fromhex(each.decode()).decode().lower() for each in _IN_HEX.findall(data)}
    if deep:
        for inner in (*_packed(data), *_decoded(data)):
            found |= found_in(inner, deep - 1)
    return found


def _packed(data: bytes) -> Iterator[bytes]:
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from map(archive.read, archive.namelist())


def _decoded(data: bytes) -> Iterator[bytes]:
    """What is written around each core, at each of the four places where base64 may begin."""
    for core in _CORE.finditer(data):
        start = core.start()
        before = data[max(0, start - _AROUND) : start]
        start -= len(before) - len(before.rstrip(_ALPHABET))
        run = _RUN.match(data, start, core.end() + _AROUND)
        assert run is not None
        text = run[0].replace(b"-", b"+").replace(b"_", b"/")
        for skipped in range(4):
            part = text[skipped : skipped + (len(text) - skipped) // 4 * 4]
            yield base64.b64decode(part)


_ALPHABET = bytes(range(48, 58)) + bytes(range(65, 91)) + bytes(range(97, 123)) + b"+/-_"
_DIGEST = re.compile(
    rb"(?<![0-9A-Za-z_-])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32}|[0-9A-Za-z_-]{43})(?![0-9A-Za-z_-])"
    rb"|(?<![0-9A-Za-z+/])[0-9A-Za-z+/]{43}="
)
_HEX_SIZES = (64, 40, 32)
_AT_FIRST = 8
"""Bytes of a digest that are looked at first."""


class Digests:
    """Finds what is a hash of a canary's text: what has few possible values is told by its hash as well."""

    def __init__(self, markers: Iterable[Marker]) -> None:
        self._known: dict[bytes, str] = {}
        self._starts: dict[bytes, dict[bytes, str]] = {}
        for each in markers:
            for told in {each.text, each.token, f'"{each.text}"'}:
                for name in ("sha256", "sha1", "md5"):
                    digest = hashlib.new(name, told.encode(), usedforsecurity=False).digest()
                    self._known[digest.hex().encode()] = each.token
                    self._known[base64.urlsafe_b64encode(digest).rstrip(b"=")] = each.token
                    self._starts.setdefault(digest[:_AT_FIRST], {})[digest] = each.token

    def found_in(self, data: bytes) -> set[str]:
        """Written as text."""
        return {self._known[each] for each in map(_one_way, _DIGEST.findall(data)) if each in self._known}

    def raw_in(self, data: bytes) -> set[str]:
        """As they are, anywhere in these bytes; it takes a second for ten million of them."""
        starts, found = self._starts, set[str]()
        for at in range(len(data) - _AT_FIRST):
            for digest, token in starts.get(data[at : at + _AT_FIRST], {}).items():
                if data.startswith(digest, at):
                    found.add(token)
        return found


def _one_way(written: bytes) -> bytes:
    """Hex in small letters, base64 as it stands in addresses."""
    if len(written) in _HEX_SIZES:
        return written.lower()
    return written.rstrip(b"=").replace(b"+", b"-").replace(b"/", b"_")
