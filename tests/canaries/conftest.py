"""The federation with canaries, running."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import clusters
from tests.canaries.planted import Planted
from tests.federation.demos import STARTS_WITHIN
from tests.gateway.federation import free_port
from tests.waiting import until


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """Seven committees, a gateway and a hub as processes; one committee keeps its records in PostgreSQL where there is
    one.
    """
    folder = tmp_path_factory.mktemp("canaries")
    with ExitStack() as stack:
        database = _database(stack)
        log = stack.enter_context((folder / "printed").open("wb"))
        port, place = str(free_port()), str(folder / "demo")
        command = [sys.executable, "-m", "tests.canaries.planted_demo", place, port, database]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=Path(__file__).parents[2])
        stack.callback(_ended, process)
        socket = folder / "demo" / "control.sock"
        until(lambda: socket.exists() or process.poll() is not None, within=STARTS_WITHIN)
        assert process.poll() is None, (folder / "printed").read_text()
        yield Planted(folder / "demo", database, json.loads((folder / "demo" / "demo.json").read_text()))


def _database(stack: ExitStack) -> str:
    if url := os.environ.get(clusters.POSTGRESQL):
        return url
    return "" if clusters.programs() is None else stack.enter_context(clusters.cluster())


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(60)
    finally:
        process.kill()
