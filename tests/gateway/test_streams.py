"""Listening at a gateway: over a real socket, through a real hub, to a committee as it really is."""

import json
from pathlib import Path
from typing import Any

import pytest

from sync.contract.asking.changes import MOST_OF_PERSON
from tenant_service.identity.policy import Role
from tests.gateway.listeners import CHANGES, Town, closed_by, listener, next_change, run


def test_a_change_is_delivered_with_the_record_as_it_is(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        clerk = made.account(Role.CLERK)
        async with listener(made.port, made.token(clerk, Role.CLERK)) as listening:
            await listening.subscribe(CHANGES)
            await made.waits()
            id = made.draft("停车难协商会")
            change = await next_change(listening)
            node = {"__typename": "Activity", "id": id, "title": "停车难协商会", "state": "DRAFT"}
            assert (change["id"], change["kind"], change["committeeId"]) == (id, "ACTIVITY", "330100")
            assert (change["node"], change["isGone"]) == (node, False)
            made.sign_off(id)
            change = await next_change(listening)
            assert change["node"]["state"] == "PUBLISHED"

    run(tmp_path, scene)


def test_a_member_is_not_told_that_there_is_a_draft(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        member = made.account(Role.MEMBER)
        async with listener(made.port, made.token(member, Role.MEMBER)) as listening:
            await listening.subscribe(CHANGES)
            await made.waits()
            made.draft("尚未签发")
            shown = made.draft("已经签发")
            made.sign_off(shown)
            seen = await next_change(listening)
            assert (seen["id"], seen["node"]["title"]) == (shown, "已经签发")

    run(tmp_path, scene)


def test_who_comes_back_is_told_everything_that_happened_meanwhile_in_order(tmp_path: Path) -> None:
    """The line is cut, the gateway and home are started anew, the hub as well; changes go on all the time."""

    async def scene(made: Town) -> None:
        clerk = made.account(Role.CLERK)
        token = made.token(clerk, Role.CLERK)
        async with listener(made.port, token) as listening:
            await listening.subscribe(CHANGES)
            await made.waits()
            ids = [made.draft("0")]
            after = (await next_change(listening))["cursor"]
        ids += [made.draft(str(n)) for n in range(1, 4)]
        assert made.gateway
        await made.gateway.aclose()
        ids.append(made.draft("gateway away"))
        await made.start_gateway()
        async with listener(made.port, token) as listening:
            await listening.subscribe(CHANGES, after=after)
            seen = [await next_change(listening) for _ in range(4)]
            await made.waits()
            made.stop_hub()
            ids.append(made.draft("hub away"))
            await made.start_hub()
            seen.append(await next_change(listening))
            assert made.home
            await made.home.aclose()
            await made.start_home()
            ids.append(made.draft("home anew"))
            seen.append(await next_change(listening))
        assert [each["id"] for each in seen] == ids[1:]
        assert len({each["cursor"] for each in seen}) == len(seen)

    run(tmp_path, scene)


def test_who_was_signed_out_is_told_so_and_nothing_else(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        clerk = made.account(Role.CLERK)
        async with listener(made.port, made.token(clerk, Role.CLERK)) as listening:
            await listening.subscribe(CHANGES)
            await made.waits()
            made.draft()
            await next_change(listening)
            await made.waits()
            made.sign_out(clerk)
            made.draft("unseen")
            told = await listening.heard()
            assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "SIGN_IN_ENDED")

    run(tmp_path, scene)


def test_a_token_that_ends_while_somebody_listens_delivers_nothing_more(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        async with listener(made.port, made.token(made.account(Role.CLERK), Role.CLERK)) as listening:
            await listening.subscribe(CHANGES)
            await made.waits()
            made.ahead = 3_600.0  # home already holds the question, asked in good time
            made.draft("unseen")
            told = await listening.heard()
            assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "BAD_TOKEN")

    run(tmp_path, scene)


def test_a_browsers_sign_in_ends_its_subscription_when_it_ends(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        clerk = made.account(Role.CLERK)
        id = made.sessions.open(made.token(clerk, Role.CLERK))
        own = {"Cookie": f"{made.cookie}={id}", "Origin": f"http://127.0.0.1:{made.port}"}
        async with listener(made.port, **own) as listening:
            await listening.say(type="connection_init")
            assert (await listening.heard())["type"] == "connection_ack"
            await listening.subscribe(CHANGES)
            await made.waits()
            made.sessions.close(id)
            made.draft("unseen")
            told = await listening.heard()
            assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "SIGN_IN_ENDED")

    run(tmp_path, scene)


def test_another_sites_page_cannot_use_a_signed_in_browser(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        id = made.sessions.open(made.token(made.account(Role.CLERK), Role.CLERK))
        told = {"Cookie": f"{made.cookie}={id}", "Origin": "https://elsewhere.example"}
        async with listener(made.port, **told) as foreign:
            await foreign.say(type="connection_init")
            assert await closed_by(foreign) == 4403

    run(tmp_path, scene)


def test_a_place_of_elsewhere_and_a_wrong_document_are_told_as_errors(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        async with listener(made.port, made.token(made.account(Role.CLERK), Role.CLERK)) as listening:
            for after, code in (("7.unknown", "CURSOR_TOO_OLD"), ("x", "BAD_CURSOR")):
                await listening.subscribe(CHANGES, id=code, after=after)
                told = await listening.heard()
                assert (told["id"], told["type"], told["payload"][0]["extensions"]["code"]) == (code, "error", code)
            for wrong in ("subscription { nothing }", "subscription { recordChanged { id } b: recordChanged { id } }",
                          "subscription ($x: Boolean!) { recordChanged @skip(if: $x) { id } }"):  # fmt: skip
                await listening.subscribe(wrong, x=False)
                assert (await listening.heard())["type"] == "error"

    run(tmp_path, scene)


def test_a_session_is_told_as_it_stands_and_then_as_it_changes(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        id = made.draft("议事堂")
        async with listener(made.port, made.token(made.account(Role.CLERK), Role.CLERK)) as listening:
            query = "subscription ($id: ID!) { s: sessionChanged(id: $id) { n: node { ... on Activity { state } } } }"
            await listening.say(type="subscribe", id="1", payload={"query": query, "variables": {"id": id}})
            assert (await listening.heard())["payload"]["data"]["s"] == {"n": {"state": "DRAFT"}}
            await made.waits()
            made.draft("another")
            made.sign_off(id)
            assert (await listening.heard())["payload"]["data"]["s"] == {"n": {"state": "PUBLISHED"}}

    run(tmp_path, scene)


def test_how_committees_stand_is_told_as_the_gateway_learns_it(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        async with listener(made.port, made.token(made.account(Role.CLERK), Role.CLERK)) as listening:
            query = "subscription { committeeStateChanged { committee { id } state } }"
            await listening.subscribe(query)
            await listening.subscribe("{ viewer { iss } }", id="2")
            seen = [await listening.heard() for _ in range(3)]
            told = [each["payload"]["data"] for each in seen if each["type"] == "next" and each["id"] == "1"]
            assert told == [{"committeeStateChanged": {"committee": {"id": "330100"}, "state": "FRESH"}}]
            assert {"id": "2", "type": "complete"} in seen

    run(tmp_path, scene)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ([{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}], 4401),
        ([{"type": "nonsense"}], 4400),
        ([["no", "object"]], 4400),
        ([{"type": "connection_init", "payload": {"authorization": "Bearer nonsense"}}], 4403),
        ([{"type": "connection_init"}], 4403),
        (["greet", {"type": "connection_init"}], 4429),
        (["greet", {"type": "subscribe", "id": "1", "payload": {"query": CHANGES}},
          {"type": "subscribe", "id": "1", "payload": {"query": CHANGES}}], 4409),
        (["greet", {"type": "subscribe", "id": "1", "payload": {"query": "#" * 120_000}}], 1009),
    ],
)  # fmt: skip
def test_what_breaks_the_protocol_closes_the_socket_with_its_code(tmp_path: Path, said: list[Any], code: int) -> None:
    async def scene(made: Town) -> None:
        async with listener(made.port) as listening:
            for each in said:
                token = made.token(made.account(Role.CLERK), Role.CLERK)
                greeting = {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}
                await listening.socket.send(json.dumps(greeting if each == "greet" else each))
            assert await closed_by(listening) == code

    run(tmp_path, scene)


def test_ping_is_answered_and_complete_ends_what_was_begun(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        async with listener(made.port, made.token(made.account(Role.CLERK), Role.CLERK)) as listening:
            await listening.say(type="ping", payload={"n": 1})
            assert await listening.heard() == {"type": "pong", "payload": {"n": 1}}
            await listening.subscribe(CHANGES)
            await made.waits()
            await listening.say(type="complete", id="1")
            await listening.subscribe(CHANGES)  # the id is free again
            await made.waits(2)  # home still holds the first question
            made.draft()
            assert (await next_change(listening))["kind"] == "ACTIVITY"

    run(tmp_path, scene)


def test_nobody_takes_more_places_than_there_are_for_one(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        assert made.gateway
        await made.gateway.aclose()
        await made.start_gateway(most_streams_per_person=1, most_operations_per_stream=1)
        token = made.token(made.account(Role.CLERK), Role.CLERK)
        async with listener(made.port, token) as listening:
            await listening.subscribe(CHANGES)
            await listening.subscribe(CHANGES, id="2")
            told = await listening.heard()
            assert (told["id"], told["payload"][0]["extensions"]["code"]) == ("2", "TOO_MANY_OPEN")
            async with listener(made.port) as another:
                await another.say(type="connection_init", payload={"authorization": f"Bearer {token}"})
                assert await closed_by(another) == 1013

    run(tmp_path, scene)


def test_a_gateway_that_stops_says_goodbye(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        async with listener(made.port, made.token(made.account(Role.CLERK), Role.CLERK)) as listening:
            await listening.subscribe(CHANGES)
            await made.waits()
            assert made.gateway
            await made.gateway.aclose()
            made.gateway = None
            assert await closed_by(listening) == 1012

    run(tmp_path, scene)


def test_the_second_socket_of_one_person_is_told_where_home_serves_no_more(tmp_path: Path) -> None:
    async def scene(made: Town) -> None:
        token = made.token(made.account(Role.CLERK), Role.CLERK)
        async with listener(made.port, token) as first, listener(made.port, token) as second:
            for number in range(MOST_OF_PERSON):
                await first.subscribe(CHANGES, id=str(number))
            await made.waits(MOST_OF_PERSON)
            async with made.overheard() as asked:
                await second.subscribe(CHANGES, id="over")
                told = await second.heard()
                assert (told["id"], told["payload"][0]["extensions"]["code"]) == ("over", "TOO_MANY_OPEN")
            assert asked == []  # told by the gateway at once, not when home has refused it again and again
            await first.say(type="complete", id="0")
            made.draft("一")  # with that, home holds the question no more that was left
            for _ in range(MOST_OF_PERSON - 1):
                assert (await first.heard())["id"] != "0"
            await second.subscribe(CHANGES, id="now")
            await made.waits(MOST_OF_PERSON)
            id = made.draft("二")
            assert (await next_change(second))["id"] == id

    run(tmp_path, scene)


@pytest.mark.parametrize(
    ("at", "hears"),
    [
        ('{ids: ["330100"]}', True),
        ("{levels: [CITY]}", True),
        ('{except: ["330100"]}', False),
        ("{levels: [COUNTY]}", False),
        ('{under: ["330100"]}', False),
    ],
)
def test_at_says_whose_changes_are_told(tmp_path: Path, at: str, hears: bool) -> None:
    query = "subscription { recordChanged(at: %s) { id committeeId } }"

    async def scene(made: Town) -> None:
        async with listener(made.port, made.token(made.account(Role.CLERK), Role.CLERK)) as listening:
            await listening.subscribe(query % at, id="some")
            await listening.subscribe(query % '{ids: ["330100"]}', id="all")
            await made.waits(2)
            made.draft("一")
            seen = [await listening.heard() for _ in range(1 + hears)]
            made.draft("二")
            seen += [await listening.heard() for _ in range(1 + hears)]
            told = [each["id"] for each in seen]
            assert told.count("all") == 2
            assert told.count("some") == 2 * hears

    run(tmp_path, scene)


def test_at_says_of_whom_it_is_told_how_they_stand(tmp_path: Path) -> None:
    query = "subscription { committeeStateChanged(at: %s) { committee { id } state } }"

    async def scene(made: Town) -> None:
        async with listener(made.port, made.token(made.account(Role.CLERK), Role.CLERK)) as listening:
            await listening.subscribe(query % '{except: ["330100"]}', id="none")
            await listening.subscribe(query % '{ids: ["330100"]}', id="home")
            await listening.subscribe("{ viewer { iss } }", id="ask")
            seen = [await listening.heard() for _ in range(3)]
            assert {(each["id"], each["type"]) for each in seen} == {
                ("home", "next"), ("ask", "next"), ("ask", "complete"),
            }  # fmt: skip

    run(tmp_path, scene)


@pytest.mark.parametrize("field", ["recordChanged(at: %s) { id }", "committeeStateChanged(at: %s) { state }"])
@pytest.mark.parametrize(
    ("at", "code"),
    [('{ids: ["339999"]}', "UNKNOWN_COMMITTEE"), ('{mechanisms: ["330100.mechanism.%s"]}', "UNKNOWN_MECHANISM")],
)
def test_who_is_not_in_the_directory_is_not_listened_to(tmp_path: Path, field: str, at: str, code: str) -> None:
    at = at.replace("%s", "a" * 32)

    async def scene(made: Town) -> None:
        async with listener(made.port, made.token(made.account(Role.CLERK), Role.CLERK)) as listening:
            await listening.subscribe("subscription { %s }" % (field % at))
            told = await listening.heard()
            assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", code)

    run(tmp_path, scene)
