"""Requests as bytes: an HTTP library refuses to send half of what is tried here."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Raw:
    """One request. Headers are latin-1."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


async def ask(base: str, told: Raw) -> int:
    """The status of the answer; 0: the connection ended without one."""
    place = urlsplit(base)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    lines = [f"{told.method} {told.target} HTTP/1.1", f"Host: {place.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in told.headers.items()] + [f"Content-Length: {len(told.body)}"]
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + told.body)
        answer = await reader.read()
    except ConnectionError:
        answer = b""
    finally:
        writer.close()
    first = answer.partition(b"\r\n")[0].split(b" ")
    return int(first[1]) if len(first) > 1 else 0
