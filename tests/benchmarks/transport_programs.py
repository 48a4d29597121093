"""What the transport's benchmark asks, each in a process of its own: committees over the hub, and over HTTP."""

import asyncio
import gc
import os
import sys
from typing import Any

import msgspec
import nats
import uvloop

from sync.bus.answerer import Answerer, Question
from tests.benchmarks.gateway_programs import BODY, committees
from tests.gateway.committee import Service, rows_of


def canned(count: int) -> dict[str, bytes]:
    """Twenty rows of each committee, as it answers BODY."""
    return {id: Service(rows_of({id: each}, 40)).answer(BODY) for id, each in committees(count).items()}


async def over_the_hub(url: str, count: int) -> None:
    for id, answer in canned(count).items():

        async def answering(question: Question, answer: bytes = answer) -> bytes:
            msgspec.json.decode(question.body)
            return answer

        connection = await nats.connect(url)
        await Answerer(connection, id, answering, b"").open()
        await connection.flush()
    gc.freeze()
    print("ready", flush=True)
    await asyncio.Event().wait()


def over_http() -> Any:
    """An ASGI application without a framework: below /<committee> it answers as that one does."""
    answers = {f"/{id}": answer for id, answer in canned(int(os.environ["BENCH_K"])).items()}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while scope["type"] == "lifespan":
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
        message = await receive()
        msgspec.json.decode(message["body"])
        answer = answers[scope["path"]]
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return app


if __name__ == "__main__":
    uvloop.run(over_the_hub(sys.argv[1], int(sys.argv[2])))
