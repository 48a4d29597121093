"""What it costs to ask thirteen committees and to hear them: over the hub, beside HTTP.

CPU of everybody concerned is counted: who asks, who answers, and the hub. Each committee answers with twenty rows. Over
HTTP there is nobody between, no user and no certificate, and who asks must know thirteen addresses.
"""

import asyncio
import os
import statistics
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import nats
import uvloop

from sync.bus.asker import Asker
from tests.benchmarks.gateway import BIN, UVICORN, free_ports, until_listening
from tests.benchmarks.gateway_programs import BODY, committees
from tests.processes import cpu_of

COUNT, CALLS, ROUNDS = 13, 600, 5
HUB, HTTP = "the hub", "HTTP (aiohttp, uvicorn)"
Ask = Callable[[], Awaitable[Any]]


def main() -> None:
    uvloop.run(_bench())


async def _bench() -> None:
    """Prints the table."""
    hub, http = free_ports(2)
    url, programs = f"nats://127.0.0.1:{hub}", "tests.benchmarks.transport_programs"
    env = os.environ | {"BENCH_K": str(COUNT)}
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(command, env=env, **options))
        return started[-1]

    try:
        start(BIN / "nats-server", "-a", "127.0.0.1", "-p", str(hub), stderr=subprocess.DEVNULL)
        until_listening(hub)
        answering = start(sys.executable, "-m", programs, url, str(COUNT), stdout=subprocess.PIPE)
        assert answering.stdout
        answering.stdout.readline()
        start(BIN / "uvicorn", f"{programs}:over_http", "--factory", *UVICORN.split(), str(http))
        until_listening(http)
        connection = await nats.connect(url)
        asker = await Asker(connection).open()
        asked = [(id, "graphql", BODY) for id in committees(COUNT)]
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

            async def post(id: str) -> bytes:
                async with session.post(f"http://127.0.0.1:{http}/{id}", data=BODY) as told:
                    return await told.read()

            ways: dict[str, tuple[Ask, list[int]]] = {
                HUB: (lambda: asker.ask(asked, {}, 5), [started[0].pid, started[1].pid]),
                HTTP: (
                    lambda: asyncio.gather(*[post(id) for id, _, _ in asked]), [started[2].pid]
                ),
            }  # fmt: skip
            _print(await _measured(ways))
        await connection.close()
    finally:
        for process in reversed(started):
            process.terminate()
        for process in reversed(started):
            process.wait(20)


async def _measured(ways: dict[str, tuple[Ask, list[int]]]) -> dict[str, list[list[float]]]:
    """Way → CPU µs of one call: of who asks, then of each of the others; a list per round, after one to warm up."""
    seen: dict[str, list[list[float]]] = {name: [] for name in ways}
    for turn in range(-1, ROUNDS):
        for name, (ask, others) in ways.items():
            everybody = [os.getpid(), *others]
            before = [cpu_of(pid) for pid in everybody]
            for _ in range(CALLS):
                await ask()
            spent = [(cpu_of(pid) - was) / CALLS / COUNT * 1e6 for pid, was in zip(everybody, before, strict=True)]
            if turn >= 0:
                seen[name].append(spent)
    return seen


def _print(seen: dict[str, list[list[float]]]) -> None:
    medians = {name: [statistics.median(each) for each in zip(*of, strict=True)] for name, of in seen.items()}
    asks, server, answers = medians[HUB]
    other_asks, other_answers = medians[HTTP]
    print(f"Asking {COUNT} committees, who answer with 20 rows each, CPU µs a call; medians of {ROUNDS} rounds.\n")
    print(
        "| over | who asks | who answers | both | the server between | × both over the hub |\n|---|--:|--:|--:|--:|--:|"
    )
    print(f"| {HUB} | {asks:.0f} | {answers:.0f} | {asks + answers:.0f} | {server:.0f} | 1.0 |")
    both = other_asks + other_answers
    print(f"| {HTTP} | {other_asks:.0f} | {other_answers:.0f} | {both:.0f} | | {both / (asks + answers):.1f} |")
    print()


if __name__ == "__main__":
    main()
