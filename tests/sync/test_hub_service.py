"""`liandong hub` as a process, and the directory as everybody fetches it."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from joserfc.jwk import ECKey
from typer.testing import CliRunner

from sync.bus import connection
from sync.bus.directory_copy import DirectoryCopy
from sync.contract import jose
from sync.contract.trust.directory import Contents, Directory
from sync.hub.cli import app
from sync.hub.report import Report
from tests.directories import signed
from tests.sync.hubs import COUNTY, DELTA, PARTNER, SISTER, Hub, free_port, parties
from tests.waiting import eventually, until

ROOT = jose.new_key()
KEYS: dict[str, ECKey] = {}


def contents(serial: int, count: int = 6) -> Contents:
    return Contents(serial=serial, issued_at=0, expires_at=2**40, entries=parties(KEYS)[:count])


def configured(folder: Path, port: int) -> Path:
    (folder / "root.jwk").write_bytes(msgspec.json.encode(jose.public(ROOT)))
    (folder / "directory.jws").write_text(signed(contents(1, 3), ROOT))
    config = folder / "hub.toml"
    config.write_text(f"port = {port}\ncheck_seconds = 0.1\n")
    return config


def told(config: Path, word: str, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [word, "--config", str(config), *options])
    return done.exit_code, done.output


def status(config: Path) -> list[str]:
    """Its lines, without indent."""
    code, output = told(config, "status")
    assert code == 0, output
    return [each.strip() for each in output.splitlines()]


@contextmanager
def serving(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`liandong hub serve` with its three parties admitted; what it says goes to a file beside its configuration."""
    program = "from sync.hub.cli import app; app()"
    with (config.parent / "said").open("wb") as said:
        process = subprocess.Popen([sys.executable, "-c", program, "serve", "--config", config], stderr=said)
    try:
        until((config.parent / "creds" / f"{COUNTY}.creds").exists)
        yield process
    finally:
        process.kill()
        process.wait()


def server_of(config: Path) -> int:
    return int((config.parent / "hub" / "nats.pid").read_text())


def test_the_hub_runs_follows_its_directory_file_and_ends_when_told(tmp_path: Path) -> None:
    config = configured(tmp_path, free_port())
    with serving(config) as process:
        until(lambda: told(config, "plan") == (0, "the hub is as the directory says\n"))
        assert "SH_33: 0 events, 0 B, 3 consumers, none behind" in status(config)
        (tmp_path / "directory.jws").write_text(signed(contents(2), jose.new_key()))
        until(lambda: "not followed" in (tmp_path / "said").read_text())
        assert not (tmp_path / "creds" / f"{SISTER}.creds").exists()
        (tmp_path / "directory.jws").write_text(signed(contents(2), ROOT))
        until((tmp_path / "creds" / f"{SISTER}.creds").exists)
        until(lambda: any(line.startswith("SH_31: 0 events") for line in status(config)))
        server = server_of(config)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_a_plan_that_is_not_empty_ends_with_2_and_changes_nothing(tmp_path: Path) -> None:
    config = configured(tmp_path, free_port())
    with serving(config):
        until(lambda: told(config, "plan")[0] == 0)
        other = tmp_path / "other.toml"
        other.write_text(config.read_text() + 'directory = "other.jws"\n')
        (tmp_path / "other.jws").write_text(signed(contents(2), ROOT))
        code, output = told(other, "plan")
        assert (code, "    + subject sh.31.01.18.c" in output.splitlines()) == (2, True)
        assert f"admit {SISTER}" in output.splitlines()
        code, output = told(other, "plan", "--json")
        acts = [each["act"] for each in msgspec.json.decode(output)]
        assert (code, f"admit {SISTER}" in acts) == (2, True)
        assert told(config, "plan")[0] == 0
        assert told(other, "plan")[0] == 2
        assert "directory: serial 2; the hub hands out 1" in told(other, "status")[1]


def test_what_was_tried_is_in_status_audit_and_metrics_and_outlives_the_hub(tmp_path: Path) -> None:
    port = free_port()
    config = configured(tmp_path, free_port())
    config.write_text(config.read_text() + f"metrics_port = {port}\n")
    with serving(config) as process:
        asyncio.run(tried(tmp_path / "creds" / f"{COUNTY}.creds", int(config.read_text().split()[2])))
        series = f'liandong_hub_violations_total{{kind="PUBLISH",committee="{COUNTY}"}} 3'
        until(lambda: series in read(port, "/metrics").splitlines())
        assert "404" in read(port, "/other").splitlines()[0]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    with serving(config) as process:
        assert f"PUBLISH {COUNTY}: 3" in status(config)
        assert msgspec.json.decode(told(config, "status", "--json")[1])["tried"][0]["times"] == 3
    code, output = told(config, "audit")
    assert (code, output.split()[2:5]) == (0, ["PUBLISH", COUNTY, "sh.33.00.00.c"])
    assert "whole, up to line 1: " in told(config, "audit", "--verify")[1]
    audit = tmp_path / "hub" / "audit.jsonl"
    audit.write_text(audit.read_text().replace(COUNTY, SISTER))
    code, output = told(config, "audit", "--verify")
    assert (code, "not what was written" in output) == (1, True)


async def tried(creds: Path, port: int) -> None:
    client = await connection.connect(f"nats://127.0.0.1:{port}", creds, COUNTY)
    for _ in range(3):
        await client.publish("sh.33.00.00.c", b"forged")
    await client.flush()
    await connection.close(client)


def read(port: int, path: str) -> str:
    """The whole response, headers included."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        told = b""
        while part := line.recv(65_536):
            told += part
    return told.decode()


def test_a_server_that_ends_by_itself_ends_the_hub_loudly(tmp_path: Path) -> None:
    config = configured(tmp_path, free_port())
    with serving(config) as process:
        os.kill(server_of(config), signal.SIGKILL)
        assert process.wait(20) == 1
        assert "the nats-server has ended" in (tmp_path / "said").read_text()


def test_a_hub_that_is_killed_leaves_no_server_behind(tmp_path: Path) -> None:
    config = configured(tmp_path, free_port())
    with serving(config) as process:
        server = server_of(config)
        process.kill()
        until(lambda: has_ended(server))


def has_ended(pid: int) -> bool:
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return told.rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize("word", ["serve", "plan", "status"])
def test_without_a_directory_of_the_roots_nothing_is_started(tmp_path: Path, word: str) -> None:
    config = configured(tmp_path, free_port())
    (tmp_path / "directory.jws").write_text(signed(contents(1), jose.new_key()))
    code, output = told(config, word)
    assert (code, "not to be trusted" in output) == (1, True)
    (tmp_path / "directory.jws").unlink()
    assert told(config, word)[0] == 1
    assert not (tmp_path / "hub" / "nats.conf").exists()


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    config = configured(tmp_path, free_port())
    config.write_text("prot = 4222\n")
    code, output = told(config, "plan")
    assert (code, "prot" in output) == (1, True)


class TestTheCopy:
    def test_it_is_kept_on_disk_and_never_goes_back(self, tmp_path: Path) -> None:
        copy = DirectoryCopy(tmp_path / "state" / "directory.jws", ROOT)
        with pytest.raises(OSError, match="directory"):
            copy.read()
        first = copy.take(signed(contents(4), ROOT), None)
        assert first is not None
        assert copy.read().serial == 4
        assert copy.take(signed(contents(4), ROOT), first) is None
        for bad in (signed(contents(3), ROOT), signed(contents(9), jose.new_key()), "", "x.y.z"):
            with pytest.raises(jose.Untrusted):
                copy.take(bad, first)
        assert copy.read().serial == 4
        newer = copy.take(signed(contents(5), ROOT), first)
        assert newer is not None
        assert (newer.serial, copy.read().serial) == (5, 5)

    def test_one_that_was_signed_again_counts_and_the_one_before_it_does_not_come_back(self, tmp_path: Path) -> None:
        copy = DirectoryCopy(tmp_path / "directory.jws", ROOT)
        monday, tuesday = (msgspec.structs.replace(contents(4), issued_at=at, expires_at=at + 7) for at in (100, 200))
        was = copy.take(signed(monday, ROOT), None)
        again = copy.take(signed(tuesday, ROOT), was)
        assert again is not None
        assert copy.take(signed(monday, ROOT), again) is None
        assert copy.read().contents.issued_at == 200

    @pytest.mark.asyncio
    async def test_people_are_told_once_of_each_that_is_refused(self, hub: Hub, tmp_path: Path) -> None:
        copy = DirectoryCopy(tmp_path / "copy.jws", hub.root, COUNTY)
        client = await hub.connect(COUNTY)
        first = await copy.fetch(client, None)
        told: list[str] = []

        async def refused(why: str) -> None:
            told.append(why)

        async def learn(_: Directory) -> None:
            raise AssertionError("it is not in force")

        copy.on_refused = refused
        for bad in (
            signed(hub.contents, jose.new_key()),
            signed(msgspec.structs.replace(hub.contents, serial=0), hub.root),
        ):
            hub.controller.learn(hub.directory, bad)
            for _ in range(2):
                assert await copy.look(client, first, learn) is first
        assert len(told) == 2

    @pytest.mark.asyncio
    async def test_a_committee_fetches_what_the_hub_hands_out(self, hub: Hub, tmp_path: Path) -> None:
        copy = DirectoryCopy(tmp_path / "copy.jws", hub.root, COUNTY)
        client = await hub.connect(COUNTY)
        first = await copy.fetch(client, None)
        assert first is not None
        assert await copy.fetch(client, first) is None
        hub.change(members=[COUNTY, PARTNER, SISTER])
        learned: list[Directory] = []

        async def learn(directory: Directory) -> None:
            learned.append(directory)
            if len(learned) == 1:
                raise OSError(28, "no space left on device")

        following = asyncio.ensure_future(copy.follow(client, first, learn, 0.05))

        async def again() -> bool:
            return len(learned) == 2

        await eventually(again, what="a fault ends nothing: it is learned at the next look")
        assert learned[1].mechanisms[DELTA].members == [COUNTY, PARTNER, SISTER]
        assert copy.read().serial == first.serial + 1
        assert not following.done()
        following.cancel()
        hub.server.kill()
        assert await copy.fetch(client, first, wait=0.2) is None


@pytest.mark.parametrize("words", [["plan"], ["status"], ["audit"], ["audit", "--verify"], ["serve"]])
def test_without_a_settings_file_nothing_is_called_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """A timer that runs in the wrong folder must not be green for ever."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, words)
    assert done.exit_code != 0
    assert "--config" in done.output


@pytest.mark.parametrize(("left", "is_told"), [(86_400 + 60, False), (86_400, True), (-1, True)])
def test_status_tells_a_day_before_the_directory_ends(left: int, *, is_told: bool) -> None:
    at = datetime(2026, 4, 1, tzinfo=UTC)
    told = Report(
        at=at.isoformat(), servers=["hub"], serial=1, told=1, store=(0, 1), streams=[], connected={}, away=[],
        tried=[], audit=0, directory_ends=int(at.timestamp()) + left, void=["DEFINED_TWICE 330102 (沪, 浙)"],
    ).text()  # fmt: skip
    assert ("WARNING the directory is not signed anew" in told) is is_told
    assert "ALARM DEFINED_TWICE 330102" in told
