"""Private keys: made once, kept from others, and never taken for what they are not."""

import os
import stat
from pathlib import Path

import pytest

from sync.contract import jose
from tenant_service.identity.keys import USES, KeyTrouble, keys_in


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "keys"
    made = keys_in(folder)
    assert keys_in(folder).public() == made.public()
    assert {file.name for file in folder.iterdir()} == {f"{use}.jwk" for use in USES}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert len({str(jwk) for jwks in made.public().values() for jwk in jwks}) == len(USES)


def test_what_is_shown_of_a_key_does_not_hold_its_secret(tmp_path: Path) -> None:
    for (jwk,) in keys_in(tmp_path).public().values():
        assert "d" not in jwk
        assert jwk["kid"]


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    keys_in(tmp_path)
    (tmp_path / "token.jwk").chmod(0o644)
    with pytest.raises(KeyTrouble, match=r"token\.jwk"):
        keys_in(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"kty":"oct","k":"AAAA"}'])
def test_a_file_that_is_no_private_key_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "event.jwk"
    file.touch(0o600)
    file.write_bytes(content)
    with pytest.raises(KeyTrouble, match=r"event\.jwk"):
        keys_in(tmp_path)


def test_a_public_key_in_the_place_of_a_private_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "code.jwk"
    opened = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(opened, str(jose.public(jose.new_key())).replace("'", '"').encode())
    os.close(opened)
    with pytest.raises(KeyTrouble, match="public"):
        keys_in(tmp_path)
