"""What the directory wants of the hub, computed; no hub needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.bus import credentials
from sync.bus.credentials import NKey, Role
from sync.bus.streams import MOST_FELLOWS, asked_of, holders, log_at, stream_of, subject_of, wanted
from sync.contract.channels import parts_of
from sync.contract.ids import province_of
from sync.contract.levels import Level
from sync.contract.trust.directory import Contents, Directory, Listed, ListedMechanism
from sync.hub import accounts
from sync.hub.plan import (
    DeclareConsumer,
    DeclareStream,
    DropConsumer,
    Found,
    FoundConsumer,
    account_act,
    consumer_acts,
    stream_acts,
    stream_config,
)


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    """Two provinces with cities and counties, and mechanisms across them."""
    entries = []
    for province in ("33", "31"):
        entries.append(Listed(id=f"{province}0000", name="省", level=Level.PROVINCE))
        for city in range(1, draw(st.integers(1, 3))):
            entries.append(Listed(id=f"{province}{city:02}00", name="市", level=Level.CITY, parent=f"{province}0000"))
            entries += [
                Listed(id=f"{province}{city:02}{county:02}", name="区", parent=f"{province}{city:02}00")
                for county in range(2, draw(st.integers(2, 14)))
            ]
    ids = [each.id for each in entries]
    mechanisms = [
        ListedMechanism(id=f"{ids[0]}.mechanism.{number:032x}", name="机制", members=members)
        for number, members in enumerate(draw(st.lists(st.lists(st.sampled_from(ids), unique=True), max_size=3)))
    ]
    return Directory(Contents(serial=1, issued_at=0, expires_at=0, entries=entries, mechanisms=mechanisms))


@given(directories())
def test_everybody_is_delivered_exactly_what_the_directory_lets_them_follow(directory: Directory) -> None:
    want = wanted(directory)
    for reader in directory.committees:
        logs = set(directory.follows(reader))
        assert want.follows.get(reader, set()) == logs
        delivered = {
            log_at(each) for (_, who), subjects in want.consumers.items() if who == reader for each in subjects
        }
        assert delivered == logs
    for (stream, _), subjects in want.consumers.items():
        assert subjects <= want.streams[stream]
    taken = [subject for subjects in want.streams.values() for subject in subjects]
    assert len(taken) == len(set(taken)), "no subject is in two streams"


@given(directories())
def test_whom_one_may_ask_is_who_holds_what_one_follows(directory: Directory) -> None:
    want = wanted(directory)
    for reader in directory.committees:
        for log in directory.follows(reader):
            owner, *fellows = holders(directory, log, reader)
            assert owner == parts_of(log)[0]
            assert set(fellows) <= set(directory.readers(log)) - {reader}
            assert len(fellows) == min(MOST_FELLOWS, len(directory.readers(log)) - 1)
            assert {owner, *fellows} <= want.asks[reader]


@pytest.mark.parametrize(
    ("log", "subject"),
    [
        ("330110/c", "sh.33.01.10.c"),
        ("330102r2/d", "sh.33.01.02r2.d"),
        ("310118/x_330110", "sh.31.01.18.x_330110"),
        ("330110/m_0192f0c1d2e34567890abcdef0123456", "sh.33.01.10.m_0192f0c1d2e34567890abcdef0123456"),
    ],
)
def test_a_log_and_its_subject_are_the_same_thing_said_twice(log: str, subject: str) -> None:
    assert (subject_of(log), log_at(subject)) == (subject, log)
    assert stream_of(log) == f"SH_{log[:2]}"


@given(directories(), directories())
def test_whatever_the_hub_was_one_run_of_the_plan_makes_it_what_is_wanted(was: Directory, now: Directory) -> None:
    had, want = wanted(was), wanted(now)
    found = Found(
        streams={name: stream_config(name, subjects) for name, subjects in had.streams.items()},
        consumers={key: FoundConsumer(frozenset(filters), 0) for key, filters in had.consumers.items()},
    )
    grow, shrink = stream_acts(want, found)
    for act in [*grow, *consumer_acts(want, found), *shrink]:
        carried_out(act, found)
    assert {name: set(found.streams[name].subjects or ()) for name in want.streams} == want.streams
    main = {key: set(each.filters) for key, each in found.consumers.items() if not key[1].endswith("_boot")}
    assert main == want.consumers
    for key, filters in want.consumers.items():
        fresh = filters - had.consumers.get(key, filters)
        boot = found.consumers.get((key[0], f"{key[1]}_boot"))
        assert (set(boot.filters) if boot else set()) == fresh, "what is newly followed is brought from its beginning"
    again = [act for acts in stream_acts(want, found) for act in acts] + consumer_acts(want, found)
    assert all(isinstance(act, DropConsumer) and act.name.endswith("_boot") for act in again)


def carried_out(act: object, found: Found) -> None:
    match act:
        case DeclareStream(config, is_new):
            assert is_new == (config.name not in found.streams)
            found.streams[str(config.name)] = config
        case DeclareConsumer(stream, config):
            filters = frozenset(config.filter_subjects or ())
            assert filters <= set(found.streams[stream].subjects or ()), "the subject is there before its reader"
            found.consumers[stream, str(config.name)] = FoundConsumer(filters, 0)
        case DropConsumer(stream, name):
            del found.consumers[stream, name]


@given(directories())
def test_no_account_imports_anothers_log_or_consumer_or_the_api(directory: Directory) -> None:
    want, keys = wanted(directory), {id: f"key of {id}" for id in directory.committees}
    for id in directory.committees:
        claims = accounts.committee(id, want, "hub", "switchboard", keys)
        path, mine = subject_of(f"{id}/c").removesuffix(".c"), {id, f"{id}_boot"}
        for each in claims["imports"]:
            assert each["type"] == "service"
            match each["subject"].split("."):
                case ["directory" | "erase", who] if who == id:
                    pass
                case ["$JS", "API", "DIRECT", "GET", _, *log] if ".".join(log) == f"{path}.*":
                    pass
                case ["sh", *_] as log if ".".join(log) == f"{path}.*":
                    pass
                case ["$JS", "API", "CONSUMER", "MSG", "NEXT", _, who] | ["$JS", "ACK", _, who, ">"] if who in mine:
                    pass
                case ["ask", province, "*", "*", asker] if asker == id and each["account"] == "switchboard":
                    assert province in {province_of(holder) for holder in want.asks[id]}
                case other:
                    raise AssertionError(other)


@given(directories())
def test_asks_reach_every_committee_by_the_switchboard_of_its_province_and_nothing_else_does(
    directory: Directory,
) -> None:
    provinces = accounts.by_province({id: f"key of {id}" for id in directory.committees})
    first = accounts.switchboard({each: f"switchboard {each}" for each in provinces})
    for each in first.get("imports", ()):
        _, province, *rest = each["subject"].split(".")
        assert (each["account"], rest) == (f"switchboard {province}", ["*", "*", "*"])
        assert each["local_subject"] == f"ask.{province}.$1.$2.$3", "the asker's name stays the last token"
    reached = [each for of in provinces.items() for each in accounts.province_switchboard(*of)["imports"]]
    assert {each["account"]: each["subject"] for each in reached} == {
        f"key of {id}": asked_of(id) for id in directory.committees
    }


def test_an_account_is_told_again_only_when_it_says_something_else() -> None:
    operator, account = NKey.new(Role.OPERATOR), NKey.new(Role.ACCOUNT)
    claims = credentials.account_claims(imports=[credentials.service_import("directory", "hub")])
    told = credentials.read(credentials.account(claims, account.public, "330110", operator, 100))
    found = Found(accounts={account.public: told})
    assert account_act("330110", account.public, claims, found) == []
    for other in (credentials.account_claims(), credentials.disabled_account()):
        [act] = account_act("330110", account.public, other, found)
        assert act.after == 100  # type: ignore[union-attr]
    disabled = credentials.read(credentials.account(credentials.disabled_account(), account.public, "x", operator, 9))
    assert account_act("x", account.public, credentials.account_claims(), Found({account.public: disabled}))


def test_a_key_is_known_again_by_its_seed() -> None:
    for role, letter in ((Role.OPERATOR, "O"), (Role.ACCOUNT, "A"), (Role.USER, "U")):
        key = NKey.new(role)
        assert key.public.startswith(letter)
        assert NKey(key.seed).public == key.public
