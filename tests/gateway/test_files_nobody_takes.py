"""Files that nobody takes do not stay: they are few for one asker, and end."""

import asyncio
import json
import random
import socket

import httpx2
import pytest

from gateway.export import ended
from sync.bus.answerer import Question
from tests.gateway.federation import federation
from tests.gateway.test_poisoned_changes import served
from tests.waiting import eventually

PATH = "/export/activities.csv"


async def long_titles(question: Question, honest: bytes) -> bytes:
    told = json.loads(honest)
    for row in (told["data"]["r0"] or {}).get("f0", []):
        row["title"] = "".join(random.choices("0123456789abcdef", k=4_000))
    return json.dumps(told).encode()


def test_one_asker_holds_few_files_and_one_that_is_not_taken_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        async with federation(3, 900) as made, httpx2.AsyncClient(timeout=60) as client:
            made.behaving.update(dict.fromkeys(made.of, long_titles))
            async with served(made, most_files_each=1) as port:
                url = f"http://127.0.0.1:{port}{PATH}"
                with socket.socket() as slow:
                    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
                    slow.connect(("127.0.0.1", port))
                    slow.sendall(f"GET {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

                    async def answers(status: int) -> bool:
                        answer = await client.get(url, params={"at": '{"ids":["330101"]}'})
                        assert status == 200 or answer.status_code == 200 or "TOO_MANY_FILES" in answer.text
                        return answer.status_code == status

                    await eventually(lambda: answers(429), within=30, what="the place is held")
                    monkeypatch.setattr(ended, "SLOWEST", 0.2)
                    await eventually(lambda: answers(200), within=40, what="the file that nobody takes is over")
                    assert [(await client.get(url)).status_code for _ in range(3)] == [200] * 3

    asyncio.run(scene())
