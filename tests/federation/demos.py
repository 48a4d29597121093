"""A demo as people start it: `liandong demo`, in a process of its own, and questions to it over HTTP."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from tests.waiting import until

STARTS_WITHIN = 600.0
"""Seconds, on a machine that tests something else as well."""


def liandong(*words: str) -> list[str]:
    return [sys.executable, "-m", "deploy", *words]


@dataclass
class Demo:
    """One running demo."""

    folder: Path
    process: subprocess.Popen[bytes]
    told: dict[str, Any] = field(default_factory=dict)
    _tokens: dict[tuple[str, str], tuple[str, float]] = field(default_factory=dict)

    def look(self) -> dict[str, Any]:
        """demo.json as it is now."""
        self.told = json.loads((self.folder / "demo.json").read_text())
        return self.told

    def committee(self, id: str) -> dict[str, Any]:
        return next(each for each in self.look()["committees"] if each["id"] == id)

    def run(self, *words: str, code: int = 0) -> str:
        """What `liandong demo <words>` prints beside the running one."""
        verb, *rest = words
        command = liandong("demo", verb, "--dir", str(self.folder), *rest)
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def ask(
        self, committee: str, role: str, document: str, variables: dict[str, Any] | None = None, *, gateway: bool = True
    ) -> dict[str, Any]:
        """The whole answer, through the gateway or from the committee itself."""
        token = self.token(committee, role)
        base = self.told["gateway"]["url"] if gateway else self.committee(committee)["url"]
        answer = httpx2.post(
            f"{base}/graphql", json={"query": document, "variables": variables or {}}, timeout=60,
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip
        found: dict[str, Any] = answer.json()
        return found

    def token(self, committee: str, role: str) -> str:
        """A bearer token for the committee and the gateway; kept for some minutes of its fifteen."""
        token, until_ = self._tokens.get((committee, role), ("", 0.0))
        if time.monotonic() > until_:
            login = next(e for e in self.look()["logins"] if (e["committee"], e["role"]) == (committee, role))
            asked = {name: login[name] for name in ("username", "password")} | {
                "gateways": [self.told["gateway"]["id"]]
            }
            answer = httpx2.post(f"{self.committee(committee)['url']}/token", json=asked, timeout=20)
            token = answer.json()["token"]
            self._tokens[committee, role] = token, time.monotonic() + 300
        return token

    def data(self, committee: str, role: str, document: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = self.ask(committee, role, document, variables)
        assert "errors" not in answer, answer
        found: dict[str, Any] = answer["data"]
        return found

    def act(self, committee: str, role: str, name: str, types: str, variables: dict[str, Any], select: str) -> Any:
        """What a mutation answers; its key is drawn anew."""
        arguments = ", ".join(f"{each}: ${each}" for each in variables)
        document = f"mutation ($key: ID!, {types}) {{ done: {name}(key: $key, {arguments}) {{ {select} }} }}"
        return self.data(committee, role, document, variables | {"key": uuid.uuid4().hex})["done"]


@contextmanager
def running(folder: Path, scene: str, port: int, said: Path | None = None) -> Iterator[Demo]:
    """A demo that answers, on `port` and free ones behind it; it has ended afterwards. `said` keeps what it printed."""
    log = (said or folder.parent / f"{folder.name}.log").open("wb")
    process = subprocess.Popen(
        liandong("demo", "--dir", str(folder), "--scene", scene, "--port", str(port)), stdout=log, stderr=log,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    demo = Demo(folder, process)
    try:
        until(lambda: (folder / "control.sock").exists() or process.poll() is not None, within=STARTS_WITHIN)
        assert process.poll() is None, Path(log.name).read_text()
        demo.look()
        yield demo
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        finally:
            process.kill()
            log.close()
