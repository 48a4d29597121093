"""What was planted is found where the printed policy says, and nowhere else: over real processes, in whatever they
answer, send, keep and write.
"""

import asyncio
import enum
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tenant_service.graphql import schema as tenant_schema
from tenant_service.storage.columns import Row
from tests.canaries import at_home, hearing, listening, secret_keys, trespassing, unmoved, void
from tests.canaries.asking import JOINT, Answer, Asker, Asking
from tests.canaries.exceptions import BY_NAME, FIXED, SECRET, UNPLANTED_TABLES, UNPLANTED_TYPES
from tests.canaries.federation import COMMITTEES, OWNER, OWNERS, PARENT, RELATIONS, SUSPENDED
from tests.canaries.markers import Marker
from tests.canaries.planted import Planted
from tests.canaries.planting import type_of
from tests.canaries.printed_policy import is_held, may_be_told, travels_in_clear
from tests.canaries.searching import Search, everything_in, nowhere
from tests.security.unchanged import differences
from tests.tenant_service.schema_walk.canaries import STATES
from tests.waiting import until

pytestmark = [pytest.mark.federation, pytest.mark.slow, pytest.mark.timeout(900)]
READ_LIVE = ("activity", "venue", "org_unit", "venue_space")
"""Tables of what people of other committees read where it is."""
NOBODY = Asker()
STRANGERS = [Asker(home, role) for home in RELATIONS[OWNER] for role in ("clerk", "member")] + [NOBODY]
LISTENERS = [*STRANGERS, Asker(OWNER, "clerk"), Asker(OWNER, "member"), Asker(SUSPENDED, "clerk")]
ROLES_AT_HOME = ("clerk", "member", "chair", "street", "department", "system_admin", "security_admin", "audit_admin")


@pytest.fixture(scope="module")
def asking(planted: Planted) -> Asking:
    return Asking(planted)


def is_told(asker: Asker, said: bytes, marker: Marker) -> bool:
    """Whether the printed policy tells it to the asker, who may have said it."""
    if marker.token.encode() in said:
        return True
    secret = marker.column in SECRET
    return not secret and may_be_told(marker, asker.home, asker.who)


def looked_through(search: Search, answers: Iterable[Answer]) -> set[str]:
    """The canaries in answers; what the asker may not be told is noted."""
    found = set[str]()
    for each in answers:
        assert each.status != 500, each
        found |= search.look(f"{each.where[:200]} as {each.asker}", each.body, partial(is_told, each.asker, each.said))
    return found


def is_read_by(asker: Asker, marker: Marker) -> bool:
    """Whether they are told it where it is. An activity's id goes to a partner's database with its people's places, and
    says nothing of what is read here.
    """
    live = marker.owner == OWNER and marker.column.partition(".")[0] in READ_LIVE
    return live and marker.column != "activity.id" and may_be_told(marker, asker.home, asker.who)


def side_by_side(act: Callable[[Any], None], over: Iterable[Any]) -> None:
    """Services are processes of their own; two are asked at a time."""
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(act, each) for each in over]:
            done.result()


def test_every_column_is_planted_or_has_a_reason_why_not(planted: Planted) -> None:
    """A column that comes tomorrow is planted by itself, or somebody says why it cannot be."""
    there = {each.column for each in planted.markers}
    for table in Row.metadata.sorted_tables:
        for column in table.columns if table.name not in UNPLANTED_TABLES else ():
            kind, name = type_of(column), (table.name, column.name)
            reasoned = name in FIXED or column.name in BY_NAME or name in STATES or bool(column.foreign_keys)
            plain = kind in UNPLANTED_TYPES or issubclass(kind, enum.Enum)
            assert f"{table.name}.{column.name}" in there or reasoned or plain or column.name.endswith("_id"), name
    assert set(UNPLANTED_TABLES) <= set(Row.metadata.tables), "a reason whose table is gone"
    assert {table for table, _ in FIXED} <= set(Row.metadata.tables)


def test_databases_hold_what_was_told_to_them_and_no_more(planted: Planted) -> None:
    """Bytes as they lie on the disk, what was deleted and not yet overwritten as well."""
    for reader in COMMITTEES:
        search = planted.search()
        until(partial(_holds_all, planted, search, reader), within=30, what=f"{reader} holds everything it is told")
        assert search.leaks == set()


def _holds_all(planted: Planted, search: Search, reader: str) -> bool:
    """Whether nothing is missing in the reader's database, or something is too much there, which is noted."""
    told = [each for each in planted.markers if each.owner != reader]
    held = {each.token for each in told if is_held(each, reader)}
    own = {each.token for each in planted.markers} - {each.token for each in told}
    found = search.look(reader, everything_in(planted.kept_at(reader)), lambda each: each.token in held | own)
    return bool(search.leaks) or not search.missing(found, lambda each: each.token in held)


def test_the_bus_and_the_hubs_store_carry_what_is_shared_and_no_more(planted: Planted) -> None:
    search = planted.search()
    heard = search.look("the bus", (planted.folder / "bus.heard").read_bytes(), travels_in_clear)
    stored = {
        token
        for name, file in planted.files() if name.startswith("hub/store/")
        for token in search.look(name, file.read_bytes(), travels_in_clear)
    }  # fmt: skip
    assert search.leaks == set()
    assert search.missing(heard, travels_in_clear) == set()
    assert search.missing(stored, travels_in_clear) == set()


def test_every_field_is_told_as_the_policy_says_at_every_door(planted: Planted, asking: Asking) -> None:
    """Over HTTP with tokens that a home makes which means harm, by rpc with a gateway's proof, and at the gateway."""

    def walk(asker: Asker) -> None:
        search = planted.search()
        found = looked_through(search, asking.walk(asker, OWNER))
        assert search.leaks == set()
        assert search.missing(found, partial(is_read_by, asker)) == set()

    side_by_side(walk, STRANGERS)


def test_pages_and_files_show_what_the_policy_says(planted: Planted, asking: Asking) -> None:
    """Every link of every site is followed, as everybody; tables are taken as CSV and XLSX as well."""
    sites = [(NOBODY, planted.url(OWNER)), *((each, planted.gateway) for each in STRANGERS if each.who != "others")]
    sites += [(Asker(home, "clerk"), planted.url(home)) for home in RELATIONS[OWNER]]
    sites += [(Asker(home, "member"), planted.url(home)) for home in RELATIONS[OWNER]]

    def walk(site: tuple[Asker, str]) -> None:
        asker, base = site
        search = planted.search()
        found = looked_through(search, asking.pages(asker, base))
        assert search.leaks == set()
        if base in (planted.gateway, planted.url(OWNER)):
            shown = {"activity.title", "venue.name"}
            assert search.missing(found, lambda each: each.column in shown and is_read_by(asker, each)) == set(), site

    side_by_side(walk, sites)


def test_at_home_each_role_is_shown_what_its_use_cases_open_and_no_more(planted: Planted, asking: Asking) -> None:
    """Pages, files and fields; hashes of passwords and sessions, and what codes are made from, nobody is shown."""

    def walk(role: str) -> None:
        search = planted.search()

        def is_mine(said: bytes, marker: Marker) -> bool:
            if marker.owner == OWNER:
                is_open = any("o" in leave.channels for leave in marker.leaves)
                return marker.token.encode() in said or at_home.is_shown(role, marker.column) or is_open
            return is_told(Asker(OWNER, role), said, marker)

        found = set[str]()
        for each in at_home.answers(asking, role):
            found |= search.look(f"{each.where[:200]} as {role}", each.body, partial(is_mine, each.said))
        assert search.leaks == set()
        assert {each.column for each in planted.markers if at_home.is_wanted(role, each)} <= {
            planted.markers[each].column for each in found
        }

    assert {each.column for each in planted.markers if each.owner == OWNER} >= at_home.SHOWN
    side_by_side(walk, ROLES_AT_HOME)


def test_no_stranger_changes_anything(planted: Planted, asking: Asking) -> None:
    """Every act of the schema, by every stranger, over HTTP and over the bus; then every row of every committee."""

    def act(asker: Asker) -> None:
        for each in (*trespassing.by_http(asking, asker), *asyncio.run(trespassing.by_bus(asking, asker))):
            assert any(b'"code":"%s"' % code.encode() in each.body for code in trespassing.REFUSALS), each
            assert b'"data":{' not in each.body, each

    before = unmoved.rows(planted)
    side_by_side(act, (*STRANGERS, Asker(SUSPENDED, "clerk")))
    assert set(trespassing.acts(asking)) == _fields(tenant_schema._schema.mutation_type)
    assert differences(before, unmoved.rows(planted)) == {}


def test_listeners_hear_what_the_policy_tells_them_and_no_more(planted: Planted, asking: Asking) -> None:
    """By events and by sockets: at the gateway, at home, and at a committee that tells its own people alone."""
    there = _fields(JOINT.schema.subscription_type)
    assert {name for name in there if any(f" {name}" in each for each in listening.DOCUMENTS)} == there
    assert asyncio.run(hearing.heard(asking, LISTENERS, is_told)) == set()


def _fields(root: Any) -> set[str]:
    return set(root.fields)


def test_streams_of_the_gateways_pages_tell_that_something_changed_and_nothing_of_it(
    planted: Planted, asking: Asking
) -> None:
    search = planted.search()
    for asker in STRANGERS:
        told = list(listening.looks(asking, asker))
        for each in told:
            search.look(f"{each.where} as {each.asker}", each.body, nowhere)
            assert (b"event: changed" in each.body) == bool(asker.home), each
    assert search.leaks == set()


def test_void_credentials_are_told_what_nobody_is_told(planted: Planted, asking: Asking) -> None:
    """Whoever shows one is refused, of what is open as well; a browser that signed out is shown what nobody is."""
    search, home = planted.search(), void.CLERK.home
    for name, told in void.answers(asking):
        assert b'"errors"' in told.body, (name, told)
        assert b'"data"' not in told.body, (name, told)
        assert search.look(f"{told.where}, a token {name}", told.body, nowhere) == set(), (name, told)
    after = looked_through(search, asking.pages_after_sign_out(void.CLERK))
    assert after <= looked_through(search, asking.pages(NOBODY, planted.url(home)))
    assert search.leaks == set()


def test_no_log_and_no_other_file_has_any(planted: Planted) -> None:
    """Logs of all processes, the hub's audit log, keys, directories, settings, what lies in folders for a while."""
    search, seen = planted.search(), []
    for name, file in planted.files():
        if not name.startswith("hub/store/"):
            seen.append(name)
            search.look(name, file.read_bytes(), nowhere)
    assert search.leaks == set()
    for each in ("gateway/log", "hub/nats.log", "hub/controller.log", "trust/directory.jws"):
        assert each in seen, "the search looks at it"
    assert {f"committees/{each}/log" for each in COMMITTEES} <= set(seen)
    assert RELATIONS.keys() == set(OWNERS)


def test_keys_hashes_tokens_and_sessions_lie_where_they_belong(planted: Planted, asking: Asking) -> None:
    """Keys in their files, hashes of passwords in their own committee's database, and nothing of them anywhere else;
    what is kept of others is no hash of theirs either.
    """
    asking.at_the_gateway(Asker(PARENT, "clerk"), "{ committees { id } }")
    asking.browser(Asker(PARENT, "clerk"), planted.gateway).close()
    secrets = secret_keys.of_the_federation(planted)
    for name, file in planted.files():
        if name.endswith(".jwk") and f"the key of {name}" in secrets:
            assert secret_keys.found_in(file.read_bytes(), secrets) == {f"the key of {name}"}, "the search sees it"
    secrets |= secret_keys.of_people(asking)
    search, databases = planted.search(), ((each, everything_in(planted.kept_at(each))) for each in COMMITTEES)
    for name, data in secret_keys.everything(planted, databases):
        own = {each for each in secrets if each.startswith("the hash of ") and each.endswith(f" of {name}")}
        assert secret_keys.found_in(data, secrets) == own, name
        search.look_for_hashes(name, data, lambda marker, owner=name: marker.owner == owner)  # type: ignore[misc]
    assert search.leaks == set()
