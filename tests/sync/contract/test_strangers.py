"""Whatever strangers do to their bytes, who reads them meets one kind of fault."""

import msgspec
import pytest

from sync.contract import envelope
from sync.contract.strangers import reading

KINDS = [msgspec.json.Decoder(), msgspec.json.Decoder(dict[str, str]), msgspec.json.Decoder(list[msgspec.Raw])]


@pytest.mark.parametrize("decoder", KINDS, ids=lambda decoder: str(decoder.type))
@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a":"\xff\xfe"}',
        b'"\xff"',
        b'{"\xff": 1}',
        b'"\\ud800"',
        b"NaN",
    ],
    ids=lambda told: repr(told[:12]),
)
def test_it_is_one_kind_of_fault(decoder: msgspec.json.Decoder[object], told: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        reading(decoder.decode)(told)


def test_an_envelope_that_is_no_text_is_that_fault_too() -> None:
    """An inbox that reads a page of several owners loses the one and keeps the others."""
    with pytest.raises(msgspec.DecodeError):
        envelope.decode(b'{"id":"\xff\xfe"}')
