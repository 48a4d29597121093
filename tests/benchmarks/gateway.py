"""CPU seconds per 1,000 requests of the gateway's process beside a bare program's, in turn.

The gateway answers signed-in callers with every limit, proof and status on; the committees' answers are canned, so that
nothing but the gateway is measured. Machines are shared and noisy: read the ratios of one run.
"""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
import uuid_utils

from sync.contract import jose
from sync.contract.trust.directory import Contents, Listed
from sync.contract.trust.tokens import FEDERATION, Claims, issued
from tests.benchmarks.gateway_programs import GATEWAY, PAGED, QUERY, TEXT, committees
from tests.processes import cpu_of
from tests.waiting import until

BIN = Path(sysconfig.get_path("scripts"))
BARE, HTTPX = "bare fan-out and merge", "strawberry over httpx2, no status"
SERVED = {
    "gateway": ("gateway", QUERY), "gateway, paged and counted": ("gateway", PAGED),
    "gateway, all ask the same": ("gateway", QUERY), BARE: ("bare", TEXT),
    "strawberry over aiohttp, no status": ("strawberry_aiohttp", TEXT),
    HTTPX: ("strawberry_httpx", TEXT),
}  # fmt: skip
"""Row of the table → program, and what it is asked."""
REQUESTS, CONNECTIONS, CALLERS = 600, 8, 40
UVICORN = "--host 127.0.0.1 --loop uvloop --http httptools --no-access-log --log-level critical --port"


def bench(count: int = 13, rounds: int = 5) -> None:
    """Prints the table for `count` committees."""
    folder = Path(tempfile.mkdtemp())
    ports = free_ports(len(SERVED) + 2)
    url, http = f"nats://127.0.0.1:{ports[-1]}", ports[-2]
    tokens = _founded(folder, count)
    env = os.environ | {"BENCH_NATS": url, "BENCH_K": str(count), "BENCH_FOLDER": str(folder), "BENCH_HTTP": str(http)}
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str | Path, **options: Any) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(command, env=env, **options))
        return started[-1]

    try:
        start(BIN / "nats-server", "-a", "127.0.0.1", "-p", str(ports[-1]), stderr=subprocess.DEVNULL)
        until_listening(ports[-1])
        programs = "tests.benchmarks.gateway_programs"
        canned = start(sys.executable, "-m", programs, url, str(count), stdout=subprocess.PIPE)
        assert canned.stdout
        canned.stdout.readline()
        start(
            BIN / "uvicorn", "tests.benchmarks.transport_programs:over_http", "--factory", *UVICORN.split(), str(http)
        )
        until_listening(http)
        serving = []
        for (program, _), port in zip(SERVED.values(), ports, strict=False):
            serving.append(start(BIN / "uvicorn", f"{programs}:{program}", *UVICORN.split(), str(port)))
            until_listening(port)
        told = {
            port: [_request(query, token, None if "the same" in name else n) for n, token in enumerate(tokens)]
            for (name, (_, query)), port in zip(SERVED.items(), ports, strict=False)
        }  # fmt: skip
        until(lambda: _agree(ports, told), within=120, what="all programs show the same page")
        _print(count, rounds, _measured(rounds, serving, ports, told))
    finally:
        # One that does not end in time must not keep the others, the nats-server last, from being ended.
        for process in reversed(started):
            process.terminate()
        for process in reversed(started):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _agree(ports: list[int], told: dict[int, list[bytes]]) -> bool:
    """Whether all programs show the same page, to every caller and whole. At first committees are slow: they answer
    each question for the first time.
    """
    try:
        pages = [_rows(asyncio.run(_load(port, told[port], CALLERS, 1))[1]) for port in ports[: len(SERVED)]]
    except AssertionError:
        return False
    return all(page == pages[0] for page in pages)


def _measured(
    rounds: int, serving: list[subprocess.Popen[bytes]], ports: list[int], told: dict[int, list[bytes]]
) -> dict[str, list[tuple[float, float]]]:
    """Program → (CPU seconds per 1,000, p50 milliseconds alone), one per round; the first round only warms up."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in SERVED}
    for turn in range(-1, rounds):
        for name, process, port in zip(SERVED, serving, ports, strict=False):
            before = cpu_of(process.pid)
            asyncio.run(_load(port, told[port], REQUESTS, CONNECTIONS))
            spent = (cpu_of(process.pid) - before) / REQUESTS * 1000
            alone, _ = asyncio.run(_load(port, told[port], 100, 1))
            if turn >= 0:
                seen[name].append((spent, statistics.median(alone) * 1000))
    return seen


def _print(count: int, rounds: int, seen: dict[str, list[tuple[float, float]]]) -> None:
    medians = {name: [statistics.median(each) for each in zip(*of, strict=True)] for name, of in seen.items()}
    least = medians[BARE][0]
    print(f"Gateway, {count} committees × 20 rows merged to 20, signed in; medians of {rounds} rounds.\n")
    print("| program | CPU s per 1,000 | × bare | p50 ms alone |\n|---|--:|--:|--:|")
    for name, (cpu, alone) in medians.items():
        print(f"| {name} | {cpu:.2f} | {cpu / least:.2f} | {alone:.2f} |")
    print()


def _founded(folder: Path, count: int) -> list[bytes]:
    """Keys and a directory in `folder`; tokens of as many callers, which every committee would take."""
    key, home, now = jose.new_key(), jose.new_key(), int(time.time())
    of = committees(count)
    entries = [Listed(id=id, name=each.name, short_name=each.short_name) for id, each in of.items()]
    first = next(iter(of))
    entries[0] = Listed(id=first, name="市政协", keys={"token": [jose.public(home)]})
    entries.append(Listed(id=GATEWAY, kind="gateway", name="网关", keys={"request": [jose.public(key)]}))
    contents = Contents(serial=1, issued_at=now, expires_at=now + 86_400, entries=entries)
    folder.joinpath("directory.json").write_bytes(msgspec.json.encode(contents))
    folder.joinpath("gateway.jwk").write_text(json.dumps(key.as_dict(private=True)))
    claims = [
        Claims(iss=first, sub=f"u{n}", roles=["clerk"], aud=[FEDERATION], iat=now, exp=now + 900,
               jti=uuid_utils.uuid7().hex, cnf=jose.thumbprint(key))
        for n in range(CALLERS)
    ]  # fmt: skip
    return [issued(each, home).encode() for each in claims]


def _request(query: str, token: bytes, own: int | None) -> bytes:
    """With `own`, a filter that nobody else asks by and that leaves nothing out: equal questions are put once."""
    where = {} if own is None or query is TEXT else {"where": {"since": f"2000-01-01T00:00:{own:02}+00:00"}}
    body = json.dumps({"query": query, "variables": {"first": 20, **where}}).encode()
    return (
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        b"authorization: Bearer %s\r\ncontent-length: %d\r\n\r\n%s" % (token, len(body), body)
    )


async def _load(port: int, requests: list[bytes], count: int, connections: int) -> tuple[list[float], bytes]:
    """Seconds that each of `count` requests took over so many connections; and the last body."""
    took: list[float] = []
    last = b""

    async def client(number: int) -> None:
        nonlocal last
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for at in range(number, count, connections):
            began = time.perf_counter()
            writer.write(requests[at % len(requests)])
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            last = await reader.readexactly(length)
            took.append(time.perf_counter() - began)
            assert head.startswith(b"HTTP/1.1 200"), last
            assert b'"errors"' not in last, last
            assert b'"complete":false' not in last, last
        writer.close()

    await asyncio.gather(*[client(number) for number in range(connections)])
    return took, last


def _rows(body: bytes) -> list[str]:
    return [row["id"] for row in json.loads(body)["data"]["activities"]["nodes"]]


def free_ports(count: int) -> list[int]:
    tried = [socket.socket() for _ in range(count)]
    for each in tried:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in tried]
    for each in tried:
        each.close()
    return ports


def until_listening(port: int) -> None:
    def listens() -> bool:
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", port)) == 0

    until(listens, within=30, what=f"something listens on {port}")


def main() -> None:
    bench(13)
    SERVED.pop(HTTPX)  # over so many connections at once it breaks off
    bench(100, rounds=3)


if __name__ == "__main__":
    bench(*map(int, sys.argv[1:]))
