"""What is tried at the hub is seen, by whom and how often, whatever the one who tries it writes."""

import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from nats.aio.client import Client, RawCredentials
from nats.errors import Error as NatsError

from sync.bus import connection, credentials
from sync.bus.credentials import MOST_CONNECTIONS, MOST_SUBSCRIPTIONS, NKey, Role
from sync.bus.streams import directory_of
from sync.contract.shapes.committees import CommitteeState
from sync.hub.audit import Audit
from sync.hub.server_log import Place, ServerLog, sighting
from sync.hub.sightings import Kind
from sync.hub.watch import Watch
from tests.sync.hubs import CITY, COUNTY, SISTER, said
from tests.sync.watched import Watched, watched_hub
from tests.waiting import eventually

ACCOUNT = "AC5ODPFANFW3SNC2W3VOI2KFDQMSGWUDG2SVY2G4UCYDLPANTHSXVJ3U"
WHO = f'"{ACCOUNT}/330102/jwt:UB7JNRZT3K7CJNPJFO37PE5NCFVEAHFZF63VBARZNXO3JR73UCNQOYYZ"'


@pytest_asyncio.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    async with watched_hub(tmp_path) as running:
        yield running


async def once(watched: Watched, creds: Path, name: str = "x") -> Client:
    """A connection that does not come back; closed with the hub."""
    client = Client()

    async def note(error: Exception) -> None:
        return

    await client.connect(
        watched.hub.url, user_credentials=str(creds), name=name, allow_reconnect=False, error_cb=note, connect_timeout=5
    )
    watched.hub._connections.append(client)
    return client


class TestOnTheRealServer:
    pytestmark = pytest.mark.asyncio

    async def test_publishing_and_listening_where_one_has_no_business_is_told_with_the_partys_name(
        self, watched: Watched
    ) -> None:
        client = await watched.hub.connect(SISTER)
        for _ in range(3):
            await client.publish("sh.33.01.10.c", b"forged")
        await client.subscribe("sh.>")
        await client.publish(directory_of(SISTER), reply="_R_.abc")
        await client.flush()
        await watched.until_seen(Kind.PUBLISH, SISTER, 3)
        await watched.until_seen(Kind.SUBSCRIBE, SISTER)
        await watched.until_seen(Kind.REPLY, SISTER)
        [line] = watched.audited(Kind.PUBLISH, SISTER)
        assert (line.what, line.times, line.host) == ("sh.33.01.10.c", 3, "127.0.0.1")
        page = watched.watch.figures.page()
        assert f'liandong_hub_violations_total{{kind="PUBLISH",committee="{SISTER}"}} 3' in page

    async def test_a_party_that_writes_anothers_name_into_its_own_is_told_as_itself(self, watched: Watched) -> None:
        place = watched.hub.server.place
        key, other = place.keys().account(SISTER), place.keys().account(COUNTY)
        told = f'" - "{other.public}/{COUNTY}/jwt:U" - Publish Violation - Subject "a'
        creds = place.folder / "odd.creds"
        creds.write_text(credentials.user_credentials(key, told, int(time.time())))
        client = await once(watched, creds, told + "\n" + told)
        await client.publish('sh.33.01.10.c"x', b"")
        await client.flush()
        await watched.until_seen(Kind.PUBLISH, SISTER)
        assert {who for _, who in watched.watch.figures.seen} == {SISTER}

    async def test_more_connections_than_a_party_may_have_are_refused_and_told(self, watched: Watched) -> None:
        creds, taken = watched.hub.creds / f"{SISTER}.creds", 0
        for _ in range(MOST_CONNECTIONS + 3):
            with suppress(NatsError, OSError):
                await once(watched, creds)
                taken += 1
        assert 0 < taken <= MOST_CONNECTIONS
        await watched.until_seen(Kind.CONNECTIONS, SISTER, 3)
        assert (await (await watched.hub.line(COUNTY)).publish(f"{COUNTY}/c", said(f"{COUNTY}/c", 2), 0)) == 2
        await watched.watch.count()
        assert watched.watch.figures.traffic[SISTER].connections == taken

    async def test_more_subscriptions_than_a_connection_may_have_end_and_are_told(self, watched: Watched) -> None:
        client = await once(watched, watched.hub.creds / f"{SISTER}.creds")
        for number in range(MOST_SUBSCRIPTIONS + 10):
            await client.subscribe(f"_INBOX.{number}")
        await watched.until_seen(Kind.SUBSCRIPTIONS, SISTER)

    async def test_a_message_that_no_server_carries_ends_its_connection_and_is_told(self, watched: Watched) -> None:
        client = await once(watched, watched.hub.creds / f"{SISTER}.creds")
        client._max_payload = 2**30
        await client.publish("sh.33.01.02.c", b"x" * 1_100_000)
        await watched.until_seen(Kind.TOO_LARGE, SISTER)
        await eventually(lambda: closed(client))

    async def test_who_is_suspended_and_knocks_is_told_as_who_it_says_it_is(self, watched: Watched) -> None:
        creds = watched.hub.creds / f"{SISTER}.creds"
        watched.hub.change(states={SISTER: CommitteeState.SUSPENDED})
        await watched.hub.controller.declare()
        with pytest.raises(Exception, match="Authorization"):
            await once(watched, creds)
        await watched.until_seen(Kind.LOGIN, "")
        assert [line.what for line in watched.audited(Kind.LOGIN, "")] == [f"as {SISTER}"]

    async def test_a_stranger_who_knocks_is_told(self, watched: Watched) -> None:
        creds = watched.hub.server.place.folder / "stranger.creds"
        creds.write_text(credentials.user_credentials(NKey.new(Role.ACCOUNT), SISTER, int(time.time())))
        with pytest.raises(Exception, match="Authorization"):
            await once(watched, creds)
        await watched.until_seen(Kind.LOGIN, "")
        assert not watched.seen(Kind.LOGIN, SISTER)

    async def test_a_batch_left_open_is_told_and_whoever_goes_on_is_named(self, watched: Watched) -> None:
        client = await watched.hub.connect(SISTER)

        async def leave(number: int) -> None:
            start = {"Nats-Batch-Id": f"{COUNTY}-{number}", "Nats-Batch-Sequence": "1"}
            await client.publish("sh.33.01.02.c", b"x", headers=start)
            await client.flush()

        await leave(1)
        await watched.until_seen(Kind.BATCH, "")
        assert watched.watch.figures.abandoned["SH_33", "timeout"] == 1
        await leave(2)
        await watched.until_seen(Kind.BATCH, SISTER)
        assert not watched.seen(Kind.BATCH, COUNTY), "whatever the batch is called"

    async def test_who_sends_more_than_the_setting_is_told(self, watched: Watched) -> None:
        client = await watched.hub.connect(SISTER)
        await watched.watch.count()
        began = time.monotonic()
        for _ in range(10):
            for _ in range(1_000):
                await client.publish(directory_of(SISTER))
            await client.flush()
            await client.flush()  # nats-py sends the first ping ahead of what is still to be written
        watched.watch._flood = 0.5 * 10_000 / (time.monotonic() - began)
        await watched.watch.count()
        assert watched.seen(Kind.FLOOD, SISTER) >= 9_000
        assert not watched.seen(Kind.FLOOD, CITY)
        assert watched.watch.figures.traffic[SISTER].received >= 10_000

    async def test_a_statement_that_sets_its_own_permissions_is_told_and_imports_no_more(
        self, watched: Watched
    ) -> None:
        place = watched.hub.server.place
        key = place.keys().account(SISTER)
        user = NKey.new(Role.USER)
        wide = {"type": "user", "issuer_account": key.public, "pub": {"allow": [">"]}, "sub": {"allow": [">"]}}
        claims = {**wide, "subs": -1, "data": -1, "payload": -1}
        statement = credentials._statement(key, user.public, SISTER, claims, int(time.time()))
        creds = place.folder / "wide.creds"
        creds.write_text(
            f"-----BEGIN NATS USER JWT-----\n{statement}\n------END NATS USER JWT------\n\n"
            f"-----BEGIN USER NKEY SEED-----\n{user.seed}\n------END USER NKEY SEED------\n"
        )
        client = await once(watched, creds)
        await watched.until_seen(Kind.UNBOUND, SISTER)
        before = await watched.hub.state()
        await client.publish("sh.33.01.10.c", b"forged")
        await client.publish("$JS.API.STREAM.DELETE.SH_33", b"")
        await client.flush()
        assert (await client.request(directory_of(SISTER), timeout=5)).data
        assert await watched.hub.state() == before

    async def test_streams_touched_by_another_hand_than_the_controllers_are_told(self, watched: Watched) -> None:
        key = watched.hub.server.place.keys().hub
        creds = RawCredentials(credentials.user_credentials(key, "hub", int(time.time())))
        stranger = await connection.connect(watched.hub.url, creds, "somebody")
        watched.hub._connections.append(stranger)
        await stranger.request("$JS.API.STREAM.PURGE.SH_33", b"{}", timeout=5)
        await watched.until_seen(Kind.STREAMS, "")
        assert [line.what for line in watched.audited(Kind.STREAMS, "")] == ["$JS.API.STREAM.PURGE.SH_33"]

    async def test_a_connection_that_talks_rubbish_is_told(self, watched: Watched) -> None:
        client = await once(watched, watched.hub.creds / f"{SISTER}.creds")
        client._transport.write(b"RUBBISH\r\n")  # type: ignore[union-attr]
        await watched.until_seen(Kind.PROTOCOL, SISTER)

    async def test_who_does_not_take_what_it_asked_for_is_cut_and_told(self, watched: Watched) -> None:
        """It asks for the same rows again and again and reads nothing; the server's buffer for it is bounded."""
        owner = await watched.hub.line(SISTER)
        client = await once(watched, watched.hub.creds / f"{SISTER}.creds")
        await owner.publish(f"{SISTER}/c", [said(f"{SISTER}/c", 1)[0]._replace(body=b"x" * 120_000)], 0)
        inbox = client.new_inbox()
        await client.subscribe(inbox)
        await client.flush()
        client._reading_task.cancel()  # type: ignore[union-attr]
        ask = "$JS.API.DIRECT.GET.SH_33.sh.33.01.02.c"
        for _ in range(1_500):
            await client.publish(ask, reply=inbox)
        await client._flush_pending()
        await watched.until_seen(Kind.SLOW, SISTER)
        await watched.watch.count()
        assert (await owner.last(f"{SISTER}/c"))[0] == 1, "everybody else is served"


async def closed(client: Client) -> bool:
    return client.is_closed


class TestTheLog:
    def line(self, told: str, who: str = WHO) -> str:
        return f'[7] 2026/11/22 02:21:19.598298 [ERR] 10.0.0.9:34808 - cid:27 - "v2:py:x" - {who} - {told}'

    def test_lines_about_other_things_tell_nothing(self) -> None:
        for told in ("[7] 2026/11/22 02:21:19.5 [INF] Server is ready", "", self.line("something else")):
            assert sighting(told, lambda _: SISTER) is None

    def test_a_name_full_of_the_servers_own_words_is_only_a_name(self) -> None:
        evil = r"a\" - \"" + "A" * 56 + r"/330110/jwt:U\" - Publish Violation - Subject \"x"
        start = f'[7] 2026/11/22 02:21:19.598298 [ERR] [::1]:34808 - cid:27 - "{evil}"'
        told = f'{start} - {WHO} - Publish Violation - Subject "y"'
        found = sighting(told, lambda account: "me" if account == ACCOUNT else "other")
        assert found is not None
        assert (found.who, found.what, found.host) == ("me", "y", "[::1]")

    def test_every_line_is_read_once_through_rotations_and_restarts(self, tmp_path: Path) -> None:
        path = tmp_path / "nats.log"
        path.write_text("1\n2\nhal")
        log = ServerLog(path)
        assert list(log.lines()) == ["1", "2"]
        with path.open("a") as file:
            file.write("f\n")
        path.rename(tmp_path / "nats.log.2026.11.22.02.00.00.1")
        path.write_text("4\n")
        path.rename(tmp_path / "nats.log.2026.11.22.02.00.01.1")
        path.write_text("5\n")
        again = ServerLog(path, msgspec.json.decode(msgspec.json.encode(log.place), type=Place))
        assert list(again.lines()) == ["half", "4", "5"]
        assert list(again.lines()) == []
        assert not again.lost

    def test_a_log_that_was_thrown_away_before_it_was_read_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "nats.log"
        path.write_text("1\n")
        log = ServerLog(path)
        assert list(log.lines()) == ["1"]
        other = tmp_path / "other"
        other.write_text("2\n3\n")
        other.replace(path)
        assert list(log.lines()) == ["2", "3"]
        assert log.lost

    def test_a_long_log_is_read_in_parts(self, tmp_path: Path) -> None:
        path = tmp_path / "nats.log"
        path.write_text("".join(f"{number:0100d}\n" for number in range(100_000)))
        log, found = ServerLog(path), []
        while told := list(log.lines()):
            assert sum(map(len, told)) <= 4 * 1024**2
            found += told
        assert [int(each) for each in found] == list(range(100_000))


@pytest.mark.asyncio
async def test_what_was_tried_while_nobody_looked_is_told_later(watched: Watched) -> None:
    client = await watched.hub.connect(SISTER)
    await client.publish("sh.33.01.10.c")
    await client.flush()
    await watched.until_seen(Kind.PUBLISH, SISTER)
    watched.watch.write()
    await client.publish("sh.33.01.10.d")
    await client.flush()
    place = watched.hub.server.place
    later = Watch(watched.hub.controller, place.log, Audit(place.audit), place.watch_state)

    async def seen() -> bool:
        later.read_log()
        return later.figures.seen[Kind.PUBLISH, SISTER] == 1

    await eventually(seen, what="the second, and not the first again")
