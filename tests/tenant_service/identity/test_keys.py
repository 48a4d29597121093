"""Private keys: made once, kept from others, and never taken for what they are not."""

import datetime as dt
import os
import stat
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from sync.contract import jose
from sync.contract.trust.directory import Contents, Directory, Listed
from sync.edge.key_files import kept_secret
from tenant_service.cli import app
from tenant_service.identity.accounts import Account
from tenant_service.identity.issuing import Issuer
from tenant_service.identity.keys import USES, KeyTrouble, keys_in, replace_key
from tenant_service.identity.policy import Role

NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


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


def test_a_replaced_key_stays_beside_the_new_one(tmp_path: Path) -> None:
    first = keys_in(tmp_path)
    second = replace_key(tmp_path, "event")
    third = replace_key(tmp_path, "event")
    assert third == keys_in(tmp_path)
    assert [key.kid for key in third.older["event"]] == [second.event.kid, first.event.kid]
    assert [jwk["kid"] for jwk in third.public()["event"]] == [key.kid for key in (third.event, *third.older["event"])]
    assert (third.token.kid, third.older["token"]) == (first.token.kid, [])
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_nothing_new_is_to_be_sealed_to_a_replaced_key_and_what_was_can_be_opened(tmp_path: Path) -> None:
    first = keys_in(tmp_path)
    second = replace_key(tmp_path, "enc")
    assert [jwk["kid"] for jwk in second.public()["enc"]] == [second.enc.kid]
    assert [key.kid for key in second.older["enc"]] == [first.enc.kid]


def test_no_key_is_replaced_in_a_folder_that_cannot_be_trusted(tmp_path: Path) -> None:
    kept = keys_in(tmp_path).event.kid
    (tmp_path / "token.jwk").chmod(0o644)
    with pytest.raises(KeyTrouble):
        replace_key(tmp_path, "event")
    (tmp_path / "token.jwk").chmod(0o600)
    assert keys_in(tmp_path).event.kid == kept
    assert not keys_in(tmp_path).older["event"]


def test_the_command_prints_what_the_registrar_needs_and_no_secret(tmp_path: Path) -> None:
    config = tmp_path / "tenant.toml"
    config.write_text('committee = "330110"\n')
    was = keys_in(tmp_path / "keys")
    done = CliRunner().invoke(app, ["replace-key", "event", "--config", str(config)])
    assert done.exit_code == 0, done.output
    told = msgspec.json.decode(done.output)
    now = keys_in(tmp_path / "keys")
    assert [jwk["kid"] for jwk in told["event"]] == [now.event.kid, was.event.kid]
    assert '"d"' not in done.output
    assert CliRunner().invoke(app, ["replace-key", "request", "--config", str(config)]).exit_code == 2


def test_a_new_key_for_tokens_signs_when_the_directory_shows_it(tmp_path: Path) -> None:
    old = keys_in(tmp_path)
    new = replace_key(tmp_path, "token")
    shown = [old.public()]

    def directory() -> Directory:
        entry = Listed(id="330421", name="嘉善", keys={"token": shown[0]["token"]})
        return Directory(Contents(serial=1, issued_at=0, expires_at=2**40, entries=[entry]))

    issuer = Issuer("330421", new.token, older=new.older["token"], directory=directory)
    assert issuer.key(NOW).kid == old.token.kid, "others do not know the new one yet"
    shown[0] = new.public()
    assert issuer.key(NOW).kid == new.token.kid
    assert [each.kid for each in issuer.keys(NOW)] == [new.token.kid, old.token.kid]


def test_a_key_that_the_directory_shows_for_later_signs_nothing_before(tmp_path: Path) -> None:
    """Others refuse what it signed until then."""
    old = keys_in(tmp_path)
    new = replace_key(tmp_path, "token")
    begins = NOW + dt.timedelta(days=1)
    coming, before = new.public()["token"]
    entry = Listed(id="330421", name="嘉善", keys={"token": [{**coming, "nbf": int(begins.timestamp())}, before]})
    directory = Directory(Contents(serial=1, issued_at=0, expires_at=2**40, entries=[entry]))
    issuer = Issuer("330421", new.token, older=new.older["token"], directory=lambda: directory)
    account = Account(id="1", username="a", name="A", person=None, roles=frozenset({Role.CLERK}), must_change=False)

    def signer(moment: dt.datetime) -> str:
        issued = issuer.api_token(account, [], directory, moment)
        return str(jose.header_of(issued.token)["kid"])

    second = dt.timedelta(seconds=1)
    assert signer(begins - second) == old.token.kid
    assert signer(begins) == new.token.kid


def test_keys_that_are_over_are_shown_to_nobody_and_a_new_one_is_before_it_signs(tmp_path: Path) -> None:
    old = keys_in(tmp_path)
    new = replace_key(tmp_path, "token")
    shown = [{"token": [{**old.public()["token"][0], "exp": int(NOW.timestamp()) + 60}]}]

    def directory() -> Directory:
        entry = Listed(id="330421", name="嘉善", keys=shown[0])  # type: ignore[arg-type]
        return Directory(Contents(serial=1, issued_at=0, expires_at=2**40, entries=[entry]))

    issuer = Issuer("330421", new.token, older=new.older["token"], directory=directory)
    later = NOW + dt.timedelta(seconds=60)
    assert [each.kid for each in issuer.keys(NOW)] == [old.token.kid, new.token.kid], "the new one signs nothing yet"
    shown[0] = {"token": [new.public()["token"][0], *shown[0]["token"]]}
    assert [each.kid for each in issuer.keys(NOW)] == [new.token.kid, old.token.kid]
    assert [each.kid for each in issuer.keys(later)] == [new.token.kid]


@pytest.mark.parametrize(
    ("content", "mode"), [(b"s3cret\n", 0o640), (b"s3cret", 0o604), (b" \n", 0o600), (b"\xff", 0o600)]
)
def test_a_secret_that_others_may_read_or_that_is_none_is_not_used(tmp_path: Path, content: bytes, mode: int) -> None:
    file = tmp_path / "external.secret"
    file.write_bytes(content)
    file.chmod(mode)
    with pytest.raises(KeyTrouble, match=r"external\.secret"):
        kept_secret(file)
    with pytest.raises(KeyTrouble, match="not there"):
        kept_secret(tmp_path / "none")
    file.write_bytes(b" s3cret\n")
    file.chmod(0o600)
    assert kept_secret(file) == "s3cret"
