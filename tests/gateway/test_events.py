"""Listening at a gateway by server-sent events: how they go on, how they end, and who is refused them."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2

from tenant_service.identity.policy import Role
from tests.edges.mistakes import MISTAKES, check, headers_of
from tests.gateway.listeners import CHANGES, PATIENCE, Town, closed_by, listener, next_change, run
from tests.waiting import eventually


async def events(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, str]]:
    told: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(":")
            told[name] = value.strip()
        elif told:
            yield told
            told = {}


def test_events_go_on_from_the_last_one(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        token = made.token(made.account(Role.CLERK), Role.CLERK)
        headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}"}
        url, ids = f"http://127.0.0.1:{made.port}/graphql", []
        async with httpx2.AsyncClient(timeout=PATIENCE) as client:
            async with client.stream("POST", url, json={"query": CHANGES}, headers=headers) as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                found = events(answer.aiter_lines())
                place = (await anext(found))["id"]
                ids.append(made.draft("1"))
                told = await anext(found)
                assert told["event"] == "next"
                assert json.loads(told["data"])["data"]["recordChanged"]["id"] == ids[0]
            ids.append(made.draft("2"))
            asked = {"query": CHANGES}
            async with client.stream("GET", url, params=asked, headers=headers | {"Last-Event-ID": place}) as answer:
                found = events(answer.aiter_lines())
                assert (await anext(found))["id"] == place
                again = [json.loads((await anext(found))["data"])["data"]["recordChanged"]["id"] for _ in ids]
            assert again == ids

    run(tmp_path, scene)


def test_events_of_a_query_end_and_what_cannot_be_begun_is_no_stream(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        token = made.token(made.account(Role.CLERK), Role.CLERK)
        headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}"}
        url = f"http://127.0.0.1:{made.port}/graphql"
        async with httpx2.AsyncClient(timeout=PATIENCE) as client:
            told = await client.post(url, json={"query": "{ viewer { iss } }"}, headers=headers)
            assert [line for line in told.text.splitlines() if line.startswith(("event", "data"))] == [
                "event: next", 'data: {"data":{"viewer":{"iss":"330100"}}}', "event: complete", "data: "
            ]  # fmt: skip
            wrong = await client.post(url, json={"query": "subscription { nothing }"}, headers=headers)
            assert wrong.status_code == 400
            nobody = await client.post(url, json={"query": CHANGES}, headers={"Accept": "text/event-stream"})
            assert (nobody.status_code, nobody.json()["errors"][0]["extensions"]["code"]) == (401, "NOT_SIGNED_IN")
            plain = await client.post(url, json={"query": CHANGES}, headers={"Authorization": f"Bearer {token}"})
            assert plain.json()["errors"][0]["extensions"]["code"] == "NEEDS_STREAM"

    run(tmp_path, scene)


def test_a_stream_of_events_ends_with_a_word_when_the_gateway_stops(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        token = made.token(made.account(Role.CLERK), Role.CLERK)
        headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}"}
        url = f"http://127.0.0.1:{made.port}/graphql"
        async with httpx2.AsyncClient(timeout=PATIENCE) as client:
            async with client.stream("POST", url, json={"query": CHANGES}, headers=headers) as answer:
                lines = answer.aiter_lines()
                assert await anext(lines) == ": listening"
                await made.waits()
                assert made.gateway
                stopping = asyncio.ensure_future(made.gateway.aclose())
                told = [line async for line in lines]  # the body comes to its proper end
                await stopping
                made.gateway = None
            assert ": the service stops" in told
            assert not any(line.startswith("event: complete") for line in told)

    run(tmp_path, scene)


def test_who_asks_for_events_wrongly_is_refused_as_anybody_is(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        token = made.token(made.account(Role.CLERK), Role.CLERK)
        async with httpx2.AsyncClient(timeout=PATIENCE, base_url=f"http://127.0.0.1:{made.port}") as client:
            client.headers["Authorization"] = f"Bearer {token}"
            for method, accept, sent, status, code in MISTAKES:
                answer = await client.request(method, "/graphql", **sent | {"headers": headers_of(accept, sent)})
                check(answer, status, code)

    run(tmp_path, scene)


def test_streams_are_counted_while_they_are_open_and_by_how_they_ended(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        token = made.token(made.account(Role.CLERK), Role.CLERK)
        headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}"}
        assert made.gateway
        await made.gateway.aclose()
        await made.start_gateway(metrics=True)
        async with httpx2.AsyncClient(timeout=PATIENCE, base_url=f"http://127.0.0.1:{made.port}") as client:

            async def figures() -> dict[str, str]:
                lines = (await client.get("/metrics")).text.splitlines()
                told = [line.removeprefix("liandong_gateway_").rpartition(" ") for line in lines if line[0] != "#"]
                return {name: value for name, _, value in told}

            async with listener(made.port, token) as listening:
                await listening.subscribe(CHANGES)
                async with client.stream("POST", "/graphql", json={"query": CHANGES}, headers=headers) as answer:
                    found = events(answer.aiter_lines())
                    await anext(found)
                    await made.waits(2)
                    made.draft()
                    await next_change(listening)
                    await anext(found)
                    seen = await figures()
                    assert [seen[f'streams{{transport="{each}"}}'] for each in ("websocket", "sse")] == ["1.0", "1.0"]
                await client.post("/graphql", json={"query": "{ viewer { iss } }"}, headers=headers)
                await client.post("/graphql", json={"query": "subscription { nothing }"}, headers=headers)
                await listening.say(type="nonsense")
                assert await closed_by(listening) == 4400
            told = {
                'streams{transport="websocket"}': "0.0",
                'streams{transport="sse"}': "0.0",
                'deliveries_total{transport="websocket"}': "1.0",
                'deliveries_total{transport="sse"}': "2.0",
                'streams_ended_total{how="4400",transport="websocket"}': "1.0",
                'streams_ended_total{how="LEFT",transport="sse"}': "1.0",
                'streams_ended_total{how="COMPLETE",transport="sse"}': "1.0",
                'requests_total{code="",status="400"}': "1.0",
            }

            async def counted() -> bool:
                seen = await figures()
                return {name: seen.get(name) for name in told} == told

            await eventually(counted, what="everything is counted")

    run(tmp_path, scene)
