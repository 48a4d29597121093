"""What cannot be meant stops the program, and says where it stands."""

from pathlib import Path

import pytest

from gateway.settings import read
from sync.edge.configured import BadSetting

LEAST = """
id = "gateway-330100"
hub = "nats://hub.example:4222"
credentials = "hub.creds"
key = "keys/request.jwk"
"""
ALONE = {
    "LIANDONG_GATEWAY_ID": "g", "LIANDONG_GATEWAY_HUB": "nats://hub", "LIANDONG_GATEWAY_CREDENTIALS": "c",
    "LIANDONG_GATEWAY_KEY": "k",
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "gateway.toml"
    made.write_text(LEAST + '[tiles]\n"330102" = [1, 2]\n', encoding="utf-8")
    return made


def test_a_file_says_what_must_be_said_and_the_rest_has_defaults(file: Path) -> None:
    found = read(file, {})
    assert (found.id, found.port, found.replica_above) == ("gateway-330100", 8000, 200)
    assert found.key == file.parent / "keys" / "request.jwk"
    assert found.directory == file.parent / "directory.jws"
    assert found.tiles == {"330102": (1, 2)}


def test_the_environment_wins_over_the_file(file: Path) -> None:
    found = read(file, {
        "LIANDONG_GATEWAY_PORT": "9000", "LIANDONG_GATEWAY_UNDER": "330100, 330200", "LIANDONG_GATEWAY_ID": "g",
        "LIANDONG_GATEWAY_SECURE_COOKIES": "false", "PORT": "1",
    })  # fmt: skip
    assert (found.port, found.under, found.id, found.secure_cookies) == (9000, ("330100", "330200"), "g", False)


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("prot = 1", "prot"), ("port = 70000", "port"), ('port = "x"', "port"), ("replica_above = 0", "replica_above"),
        ("act_deadline_ms = 1", "act_deadline_ms"), ("port = ", "TOML"), ('tiles = {"330102" = [1]}', "tiles"),
        ("breaker_rest_seconds = 0", "breaker_rest_seconds"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_meant_is_named(tmp_path: Path, line: str, about: str) -> None:
    made = tmp_path / "gateway.toml"
    made.write_text(LEAST + line, encoding="utf-8")
    with pytest.raises(BadSetting, match=about):
        read(made, {})


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text("", encoding="utf-8")
    with pytest.raises(BadSetting, match="id"):
        read(tmp_path / "gateway.toml", {})
    with pytest.raises(BadSetting, match="NOSUCH"):
        read(None, {"LIANDONG_GATEWAY_NOSUCH": "1"})


@pytest.mark.parametrize("told", ["proxy", "10.0.0.256", "10.0.0.5/8", "*", "10.0.0.5, proxy"])
def test_a_proxy_is_an_address_or_a_network(file: Path, told: str) -> None:
    with pytest.raises(BadSetting, match=r"LIANDONG_GATEWAY_TRUSTED_PROXIES.*neither an address nor a network"):
        read(file, {"LIANDONG_GATEWAY_TRUSTED_PROXIES": told})
    assert read(file, {"LIANDONG_GATEWAY_TRUSTED_PROXIES": "10.0.0.0/8, ::1"}).trusted_proxies == ("10.0.0.0/8", "::1")


@pytest.mark.parametrize("told", ["杭州", "3301", "330100.activity.00000000000000000000000000000000", "gateway-330100"])
def test_the_cockpit_is_of_committees(file: Path, told: str) -> None:
    with pytest.raises(BadSetting, match=r"LIANDONG_GATEWAY_UNDER.*“.*”不是委员会编号.*not the id of a committee"):
        read(file, {"LIANDONG_GATEWAY_UNDER": told})
    file.write_text(f'{LEAST}under = ["330100", "{told}"]', encoding="utf-8")
    with pytest.raises(BadSetting, match=r"gateway\.toml: .*under is wrong"):
        read(file, {})
    assert read(None, {**ALONE, "LIANDONG_GATEWAY_UNDER": "330102r2"}).under == ("330102r2",)
