"""A federation of real processes, told apart by nothing but commands: a county is admitted while all runs, takes part,
and is cut off when it is suspended.
"""

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.contract import jose
from sync.contract.trust import signed_directory
from sync.contract.trust.directory import Directory
from tests.federation.demos import liandong
from tests.gateway.federation import free_port
from tests.waiting import until

CITY, COUNTY = "330100", "330110"
LOG = f"{COUNTY}/c"

pytestmark = [pytest.mark.federation, pytest.mark.slow, pytest.mark.timeout(900)]


class Federation:
    """A folder for each machine: `office` (registrar and hub), and one for each committee, which has its root key in a
    folder below it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.running = folder, free_port(), dict[str, subprocess.Popen[bytes]]()
        self.office = folder / "office"
        self.office.mkdir()
        (self.office / "directory.toml").write_text("resign_seconds = 5.0\n")
        told = {"root": "registry/root.jwk", "port": self.port, "check_seconds": 0.5}
        (self.office / "hub.toml").write_text("".join(f"{name} = {json.dumps(each)}\n" for name, each in told.items()))

    def run(self, at: Path, *words: str) -> str:
        done = subprocess.run(liandong(*words), check=False, cwd=at, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, at: Path, *words: str) -> None:
        log = (at / f"{words[0]}.log").open("wb")
        self.running[f"{at.name} {words[0]}"] = subprocess.Popen(liandong(*words), cwd=at, stdout=log, stderr=log)

    def stop(self) -> None:
        for each in self.running.values():
            each.send_signal(signal.SIGTERM)
        for each in self.running.values():
            try:
                each.wait(60)
            finally:
                each.kill()

    def admit(self, id: str, level: str, *more: str) -> None:
        """From the invite to the second approval; nothing of the committee's own leaves its folder but what it hands
        over.
        """
        place, safe = self.folder / id, self.folder / id / "safe"
        safe.mkdir(parents=True)
        told = {
            "committee": id, "http_port": free_port(), "hub": f"nats://127.0.0.1:{self.port}",
            "creds": str(self.office / "creds" / f"{id}.creds"),
        }  # fmt: skip
        (place / "tenant.toml").write_text("".join(f"{name} = {json.dumps(each)}\n" for name, each in told.items()))
        self.run(self.office, "directory", "invite", id, "--level", level, "--by", "王芳", "--out", "invite.jws", *more)
        self.carry(self.office / "invite.jws", place, safe)
        (safe / "told.json").write_text(self.run(place, "tenant", "particulars", "--invite", "invite.jws"))
        said = self.run(safe, "descriptor", "answer", "invite.jws", "told.json", "--name", f"{id}政协")
        fingerprint = "".join(said.rpartition("指纹")[2].split())
        self.carry(safe / "answer.jws", self.office)
        self.run(self.office, "directory", "admit", "answer.jws", "--by", "王芳")
        self.run(self.office, "directory", "admit", id, "--by", "王芳", "--fingerprint", fingerprint)
        assert id not in self.directory(self.office).entries, "one approval is not enough"
        self.run(safe, "descriptor", "approve", fingerprint, "--by", "李强")
        self.carry(safe / "approval.jws", self.office)
        assert "ACTIVE" in self.run(self.office, "directory", "admit", "approval.jws", "--by", "王芳")

    def join(self, id: str) -> None:
        """The committee is given what it needs, and its service starts."""
        place = self.folder / id
        until((self.office / "creds" / f"{id}.creds").exists, within=60, what=f"credentials of {id}")
        self.carry(self.office / "directory.jws", place)
        shutil.copy(place / "safe" / "federation-root.jwk", place / "root.jwk")
        self.start(place, "tenant", "serve")

    @staticmethod
    def carry(file: Path, *to: Path) -> None:
        for each in to:
            shutil.copy(file, each / file.name)

    def directory(self, at: Path) -> Directory:
        root = jose.read_key((self.office / "registry" / "root.jwk").read_bytes())
        return signed_directory.read((at / "directory.jws").read_text(encoding="utf-8"), root)

    def connected(self) -> set[str]:
        return set(json.loads(self.run(self.office, "hub", "status", "--json"))["connected"])

    def received(self, at: str) -> dict[str, Any]:
        """Log → how it stands at this committee."""
        seen = json.loads(self.run(self.folder / at, "sync", "status", "--json"))["received"]
        return {f"{each['owner']}/{each['channel']}": each for each in seen}


@pytest.fixture
def federation(tmp_path: Path) -> Iterator[Federation]:
    made = Federation(tmp_path)
    try:
        yield made
    finally:
        made.stop()


def test_a_county_is_admitted_while_all_runs_and_cut_off_when_it_is_suspended(federation: Federation) -> None:
    office, city = federation.office, federation.folder / CITY
    federation.run(office, "directory", "init", "--prefix", "3301", "--name", "杭州登记处")
    federation.admit(CITY, "CITY")
    federation.start(office, "hub", "serve")
    federation.start(office, "directory", "keep")
    federation.join(CITY)
    until(lambda: CITY in federation.connected(), within=60)

    federation.admit(COUNTY, "COUNTY", "--parent", CITY)
    federation.join(COUNTY)
    until(lambda: COUNTY in federation.connected(), within=60)
    until(lambda: COUNTY in federation.directory(city).children(CITY), within=120, what="the city knows its county")
    until(lambda: heard(federation.received(CITY)), within=120, what="the county signs where its log ends")

    signed = federation.directory(office).contents.issued_at
    until(lambda: federation.directory(office).contents.issued_at > signed, within=60, what="it is signed anew")

    federation.run(office, "directory", "suspend", COUNTY, "--by", "王芳", "--why", "演练")
    until(lambda: COUNTY not in federation.connected(), within=60, what="the hub cuts it off")
    until(lambda: not federation.directory(city).is_active(COUNTY), within=120, what="the city knows")
    until(lambda: federation.received(CITY)[LOG]["state"] == "FROZEN", within=60, what="its log is followed by nobody")
    assert federation.running[f"{COUNTY} tenant"].poll() is None, "its own work goes on"
    assert "suspended  330110" in federation.run(office, "directory", "audit")
    assert "  SUSPENDED" in federation.run(office, "directory", "show")


def heard(received: dict[str, Any]) -> bool:
    """Whether the owner's signed word was taken, by the key that its descriptor shows."""
    return LOG in received and received[LOG]["as_of"] is not None
