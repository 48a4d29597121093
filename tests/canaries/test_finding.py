"""The search sees a canary in every form in which text is written on its way."""

import base64
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.canaries import secret_keys
from tests.canaries.finding import Digests, found_in
from tests.canaries.markers import Markers


def _zipped(text: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet1.xml", text)
    return packed.getvalue()


def _jws(text: bytes) -> bytes:
    inner = base64.urlsafe_b64encode(b'{"alg":"ES256"}').rstrip(b"=")
    return b'{"a":"' + inner + b"." + base64.urlsafe_b64encode(b'{"name":"' + text + b'"}').rstrip(b"=") + b'.c2ln"}'


FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode, "JSON": lambda text: json.dumps(text).encode(),
    "upper case": lambda text: text.upper().encode(),
    "percent": lambda text: quote(text).encode(), "GBK": lambda text: text.encode("gbk"),
    "UTF-16": lambda text: text.encode("utf-16"), "UTF-16, big": lambda text: text.encode("utf-16-be"),
    "hex": lambda text: text.encode().hex().encode(), "base64": lambda text: base64.b64encode(text.encode()),
    "base64url in a JWS": lambda text: _jws(text.encode()),
    "base64 twice": lambda text: base64.b64encode(base64.urlsafe_b64encode(b"{" + text.encode() + b"}")),
    "base64 of UTF-8 after one": lambda text: base64.b64encode(b"x" + text.encode()),
    "base64 after two": lambda text: b"=" + base64.b64encode(b"xy" + text.encode() + b"z") + b"=",
    "gzip": lambda text: gzip.compress(text.encode()), "XLSX": lambda text: _zipped(text.encode()),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_canary_is_found_in_every_form(form: str) -> None:
    markers = Markers()
    made = markers.new("330421", "person.name")
    assert found_in(FORMS[form](f"今日{made.text}，在")) == {made.token}
    assert found_in(b"\0\xff" * 50 + FORMS["plain"](made.text) + b"\xff" * 50) == {made.token}


def test_what_is_no_canary_is_not_found() -> None:
    assert found_in(b"ca9a17e5 and nothing more, ca9a17e5zz") == set()


HASHES: dict[str, Callable[[bytes], bytes]] = {
    "hex": lambda digest: digest.hex().encode(), "HEX": lambda digest: digest.hex().upper().encode(),
    "base64url": lambda digest: base64.urlsafe_b64encode(digest).rstrip(b"="), "base64": base64.b64encode,
}  # fmt: skip


@pytest.mark.parametrize("written", HASHES)
def test_a_hash_of_a_canary_is_found(written: str) -> None:
    markers = Markers()
    for _ in range(20):
        made = markers.new("330421", "person.work_phone")
        told = HASHES[written](hashlib.sha256(made.text.encode()).digest())
        assert Digests(markers).found_in(b'{"of":"' + told + b'"}') == {made.token}
        assert found_in(told) == set()


def test_a_hash_of_a_canary_is_found_as_bytes() -> None:
    markers = Markers()
    made = markers.new("330421", "person.work_phone")
    digest = hashlib.sha256(made.text.encode()).digest()
    assert Digests(markers).raw_in(b"\0\xff" * 9 + digest + b"x") == {made.token}
    assert Digests(markers).raw_in(b"\0\xff" * 9 + digest[:-1] + b"x") == set()


@pytest.mark.parametrize("before", [b"", b"x", b"xy"])
@pytest.mark.parametrize("form", ["plain", "hex", "HEX", "base64", "base64url"])
def test_a_secret_is_found_in_every_form(form: str, before: bytes) -> None:
    secret = hashlib.sha256(b"a key").digest()
    written = secret + b"z" if form == "plain" else HASHES[form](before + secret + b"z")
    assert secret_keys.found_in(b"a:" + written + b" b", {"key": secret, "other": b"another"}) == {"key"}
