"""The gateway as it is started: by its command, with a file of settings, beside a hub."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from gateway.federation.committees import Federation
from gateway.service import Newest
from sync.contract import jose
from sync.contract.trust.directory import Contents, Directory, Listed
from tests.directories import signed
from tests.gateway.federation import GATEWAY, free_port
from tests.waiting import until

BIN = Path(sysconfig.get_path("scripts"))


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


@pytest.fixture
def hub() -> Iterator[int]:
    port = free_port()
    with ended(subprocess.Popen([BIN / "nats-server", "-a", "127.0.0.1", "-p", str(port)], stderr=-3, text=True)):
        yield port


@pytest.fixture
def settings(tmp_path: Path, hub: int) -> Path:
    """A gateway's folder, with keys and a directory in which it stands."""
    root, key, now = jose.new_key(), jose.new_key(), int(time.time())
    entries = [
        Listed(id="330110", name="余杭区政协"),
        Listed(id=GATEWAY, kind="gateway", name="网关", keys={"request": [jose.public(key)]}),
    ]
    contents = Contents(serial=1, issued_at=now, expires_at=now + 3600, entries=entries)
    (tmp_path / "directory.jws").write_text(signed(contents, root))
    (tmp_path / "root.jwk").write_text(json.dumps(jose.public(root)))
    (tmp_path / "request.jwk").write_text(json.dumps(key.as_dict(private=True)))
    (tmp_path / "hub.creds").write_text("this hub asks nobody who they are")
    made = tmp_path / "gateway.toml"
    made.write_text(
        f'id = "{GATEWAY}"\nhub = "nats://127.0.0.1:{hub}"\ncredentials = "hub.creds"\nkey = "request.jwk"\n'
        f"port = {free_port()}\nsecure_cookies = false\n"
    )
    return made


def start(config: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from gateway.cli import app; app()", "serve", "--config", str(config)]
    env = {name: value for name, value in os.environ.items() if not name.startswith("LIANDONG_")}
    return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def url_of(config: Path) -> str:
    port = next(line for line in config.read_text().splitlines() if line.startswith("port")).split()[-1]
    return f"http://127.0.0.1:{port}"


def answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/readyz").status_code == 200
    except httpx2.TransportError:
        return False


def test_it_serves_the_api_and_its_pages_until_it_is_told_to_end(settings: Path) -> None:
    url = url_of(settings)
    with ended(start(settings)) as process:
        until(lambda: answers(url) or process.poll() is not None, what="the gateway is ready")
        asked = {"query": "{ committees { id } venues { fanout { sources { state } } } }"}
        told = httpx2.post(f"{url}/graphql", json=asked).json()
        assert told["data"] == {
            "committees": [{"id": "330110"}], "venues": {"fanout": {"sources": [{"state": "UNREACHABLE"}]}},
        }  # fmt: skip
        page = httpx2.get(url, follow_redirects=True)
        assert page.status_code == 200
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert httpx2.put(f"{url}/graphql").status_code == 405
        process.send_signal(signal.SIGTERM)
        process.wait(10)
    said = process.stderr.read() if process.stderr else ""
    assert "Traceback" not in said
    assert said.count(f"{GATEWAY} listens on {url}\n") == 1


def test_with_no_hub_in_sight_it_waits_and_answers_when_there_is_one(settings: Path, hub: int) -> None:
    config = settings.read_text()
    port = free_port()
    settings.write_text(config.replace(f":{hub}", f":{port}"))
    url = url_of(settings)
    with ended(start(settings)) as process:
        with ended(subprocess.Popen([BIN / "nats-server", "-a", "127.0.0.1", "-p", str(port)], stderr=-3, text=True)):
            until(lambda: answers(url) or process.poll() is not None, within=30, what="the gateway is ready")
            assert answers(url)
        until(lambda: not answers(url), what="it is not ready without a line")
        assert httpx2.get(f"{url}/livez").status_code == 200


@pytest.mark.parametrize(
    ("spoil", "about"),
    [
        (lambda folder: (folder / "request.jwk").unlink(), "request.jwk"),
        (lambda folder: (folder / "root.jwk").write_text("{}"), "not what it should be"),
        (lambda folder: (folder / "directory.jws").write_text("a.b.c"), "not what it should be"),
        (lambda folder: (folder / "gateway.toml").write_text("prot = 1"), "prot"),
    ],
    ids=["no key", "no root key", "a false directory", "an unknown setting"],
)  # fmt: skip
def test_what_it_cannot_start_with_is_said_in_one_line(settings: Path, spoil: object, about: str) -> None:
    assert callable(spoil)
    spoil(settings.parent)
    with ended(start(settings)) as process:
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert about in errors
    assert "Traceback" not in errors


def test_a_newer_directory_is_in_force_without_a_restart() -> None:
    """`Newest` is what the parts ask for each request."""

    def directory(*ids: str) -> Directory:
        entries = [Listed(id=id, name=id) for id in ids]
        return Directory(Contents(serial=len(ids), issued_at=0, expires_at=1, entries=entries))

    newest = Newest(directory("330102"))
    federation = Federation(newest)
    assert list(federation.now().listed) == ["330102"]
    assert federation.now() is federation.now()
    asyncio.run(newest.learn(directory("330102", "330110")))
    assert list(federation.now().listed) == ["330102", "330110"]
