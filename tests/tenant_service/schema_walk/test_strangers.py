"""Every stranger asks every field of the schema, and is told what record and field together allow: no less, no more."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from sync.contract import records, visibility
from sync.contract.asking.changes import RecordKind
from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id, kind_of
from sync.contract.visibility import Visible
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service import rooms
from tenant_service.attendance import asking_service
from tenant_service.attendance.tries import AT_DESKS
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import RecordChange, schema
from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor, actor_of
from tenant_service.identity.policy import Role, UseCase
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.schema_walk import canaries, walking
from tests.tenant_service.schema_walk.canaries import Kept
from tests.tenant_service.schema_walk.strangers import (
    ANCESTOR,
    CHILD,
    HOME,
    OF_BODIES,
    OF_EACH_CIRCLE,
    OF_EACH_STANDING,
    OFFICE,
    PARENT,
    PARTNER,
    SIBLING,
    STRANGERS,
    UNRELATED,
    Stranger,
    claims_of,
    directory,
)
from tests.tenant_service.services import services

WIDE = Limits(depth=40, fields=10**6, aliases=10**6, cost=10**12, tokens=10**6, repeated=10**6)
EXECUTOR = walking.remembering(Executor(schema, WIDE, plans_lists=False))
KEYS: Any = SimpleNamespace(code=places.key(HOME, "code"), event=places.key(HOME, "event"), older={"event": []})
PARTS = services(
    handlers=asking_service.HANDLERS, keys=KEYS, projector=None,
    personal_rows_per_day=10**9,
)  # fmt: skip
NOTHING: Any = SimpleNamespace()
"""A service of which no part is there."""
READ_LIVE = rooms.REACHING.keys()
"""Kinds that people of other committees read here; all else they read at home, if it was shared with their home."""
ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""Where no row is looked for, or it is the walk itself that is tried."""
_CANARY = re.compile(r"canary-([A-Z]+)-([a-z_]+)-([a-z_]+)-([a-z0-9_+]+)")


@pytest.fixture(scope="module")
def kept(units: Units) -> Kept:
    with units.write() as unit:
        draft = accounts.Draft("somebody", "canary-TENANT-account-name-none", frozenset({Role.CLERK}))
        accounts.create(unit, accounts.founder(HOME), draft, "no password")
    return canaries.filled(units)


def answers(units: Units, actor: Actor, kept: Kept) -> Iterator[tuple[str, bytes]]:
    for name, asked in walking.documents("query", kept):
        yield name, EXECUTOR.perform(asked, Context(actor, units, directory(), PARTS)).body


def told_too_much(stranger: Stranger, body: bytes, kept: Kept) -> list[str]:
    """What is in this answer and not for this stranger."""
    found = []
    for circle, table, column, channels in _CANARY.findall(body.decode()):
        allowed = stranger.circle(frozenset(channels.split("+")))
        if allowed is None or not Visible[circle].within(allowed):
            found.append(f"{table}.{column} ({circle}) shared on {channels}")
    for each in walking.seen(orjson.loads(body).get("data"), walking.SCHEMA.query_type):
        allowed = stranger.circle(kept.channels[each.id]) if each.id in kept.channels else stranger.widest
        if allowed is None or not each.to.within(allowed):
            found.append(f"{each.type}.{each.field} ({each.to}) of {each.id or 'no record'}: {each.value}"[:200])
    return found


def walked(units: Units, stranger: Stranger, kept: Kept) -> tuple[Counter[str], set[tuple[str, str]]]:
    """What a stranger was told and should not be; and what should be told and was not, as record and field."""
    too_much: Counter[str] = Counter()
    told: set[tuple[str, str]] = set()
    for name, body in answers(units, stranger.actor, kept):
        assert b"INTERNAL" not in body, (name, body)
        too_much.update(f"{name}: {each}" for each in told_too_much(stranger, body, kept))
        found = walking.seen(orjson.loads(body).get("data"), walking.SCHEMA.query_type)
        told |= {(each.id, each.field) for each in found}
    allowed = {
        (id, _camel(each.name))
        for id, channels in kept.channels.items() if kind_of(id) in READ_LIVE
        for each in fields(records.RECORDS[kind_of(id)]) if (id, each.name) in kept.said
        if (circle := stranger.circle(channels)) and each.metadata["visible"].within(circle)
    }  # fmt: skip
    return too_much, allowed - told


@pytest.mark.parametrize(
    ("engine", "stranger"),
    [
        *(pytest.param("sqlite", each, id=f"sqlite-{each.name}") for each in STRANGERS),
        *(pytest.param("postgresql", each, id=f"postgresql-{each.name}") for each in OF_EACH_CIRCLE),
    ],
    indirect=["engine"],
)
def test_a_stranger_is_told_what_record_and_field_allow_no_more_and_no_less(
    units: Units, kept: Kept, stranger: Stranger
) -> None:
    too_much, missing = walked(units, stranger, kept)
    assert not too_much
    assert not missing


@ONE_DATABASE
def test_the_walk_sees_a_circle_that_is_too_wide_and_one_that_is_too_narrow(
    units: Units, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = next(each for each in STRANGERS if each.name == "clerk of a partner")
    monkeypatch.setattr(Actor, "circle", lambda _self, _channels: Visible.PARENT)
    assert walked(units, partner, kept)[0]
    monkeypatch.setattr(Actor, "circle", lambda _self, _channels: Visible.PUBLIC)
    too_much, missing = walked(units, partner, kept)
    assert missing
    assert not too_much


@ONE_DATABASE
def test_the_walk_sees_one_field_that_is_shown_too_far(
    units: Units, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record's declaration says one thing, and what hands it out does another."""
    sibling = next(each for each in STRANGERS if each.name == "clerk of a sibling")
    hidden_from = visibility.hidden_from
    monkeypatch.setattr(visibility, "hidden_from", lambda *of: hidden_from(*of) - {"report"})
    assert {each.split(" ")[1] for each in walked(units, sibling, kept)[0]} & {"activity.report", "Activity.report"}


@ONE_DATABASE
def test_the_walk_comes_to_every_type_and_finds_every_kind_of_record(units: Units, kept: Kept) -> None:
    """Or what it does not find would say nothing: the office and its administrator find it by the same documents."""
    reached = walking.is_reached(walking.SCHEMA.query_type)
    office = [places.staff(HOME, role) for role in (Role.CLERK, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)]
    found = set()
    for actor, (_, asked) in product(office, walking.documents("query", kept)):
        body = EXECUTOR.perform(asked, Context(actor, units, directory(), PARTS)).body
        found |= {each.type for each in walking.seen(orjson.loads(body).get("data"), walking.SCHEMA.query_type)}
    assert reached - found <= NOT_FILLED


NOT_FILLED = {
    "AppraisalResult", "Booking", "ContactPair", "Conversion", "DeedCount", "DeedShortfall", "DeedWorth",
    "Deputy", "FormOption", "FormQuestionResult", "Handling", "HandoverConnection", "HandoverEdge",
    "IncomingReport", "LedgerLine", "MemberDeeds", "MemberPoints", "Notification", "Opening", "OwnTotal",
    "Posting", "ProposalProject", "ProposalStage", "ReplyLetter", "ResultObjection", "Review",
    "ReviewStep", "RoleWorth", "Scheme", "ScoredLine", "Segment", "StepTaken", "SyncAlarm",
    "SyncDeadLetter", "SyncReader", "SyncStatus", "SyncTold", "TopicNeed", "TopicRoute", "TopicTurn",
    "UnitScore", "YearlyResult",
}  # fmt: skip
"""Types that the county has nothing of here, as nothing was exchanged or came from others, no ballot counted, nobody
posted, in touch one to one or made a deputy, no list of members is kept, no topic stands at a step of its procedure
or goes by a rule, no step was taken, nobody was told anything, no form has a choice to make, nobody did anything
for a programme or was assessed by a scheme, nothing left at once, was sent up or converted, and nothing was counted
before the platform; strangers are refused them all the same.
"""


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("home", [PARENT, ANCESTOR, SIBLING, CHILD, PARTNER, UNRELATED])
def test_a_role_abroad_is_of_the_office_or_is_not(home: str, role: Role) -> None:
    """So what the walk finds of one role of each side holds for all of them, as docs/policy.md prints it."""
    like = Role.CLERK if role in OFFICE else Role.MEMBER
    actors = [actor_of(claims_of(home, each), HOME, directory()) for each in (role, like)]
    if role in OF_BODIES:
        assert (actors[0].channels, actors[0].circle({"o"})) == (("o",), Visible.PUBLIC)
    else:
        assert actors[0].channels == actors[1].channels
    assert not any(actors[0].may(use) for use in UseCase)
    printed = Path("docs/policy.md").read_text(encoding="utf-8").partition("Of the office\nare: ")[2].partition(";")[0]
    assert (role.label in printed.split("、")) == (role in OFFICE)


@ONE_DATABASE
@pytest.mark.parametrize("stranger", OF_EACH_STANDING, ids=lambda each: each.name)
def test_a_strangers_rights_are_looked_at_before_anything_else(
    units: Units, kept: Kept, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So nobody does or learns anything by trying: no part of the service is reached for, which is not even there, and
    no try at a desk is counted.
    """
    monkeypatch.setattr(AT_DESKS, "count", lambda account, activity: pytest.fail(f"{account} at {activity}"))
    told = set()
    for name, asked in walking.documents("mutation", kept, deep=0):
        context = Context(stranger.actor, units, directory(), NOTHING)
        body = EXECUTOR.perform(asked, context).body
        assert b"canary-" not in body, name
        [error] = (answer := orjson.loads(body))["errors"]
        assert answer["data"] is None, name
        told.add((name, error["extensions"]["code"]))
    no = "FORBIDDEN" if stranger.actor.iss else "NOT_SIGNED_IN"
    assert told == {(name, no) for name in walking.SCHEMA.mutation_type.fields}  # type: ignore[union-attr]


@ONE_DATABASE
@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda each: each.name)
def test_what_is_delivered_is_told_as_what_is_asked(units: Units, kept: Kept, stranger: Stranger) -> None:
    """Nobody from elsewhere may listen; were a change delivered to them, its record would be as little as they see."""
    for id in kept.channels:
        kind = RecordKind.known(kind_of(id).upper())
        shape = next((each for each in walking.SCHEMA.type_map if each.lower() == kind_of(id)), None)
        if kind is None or shape is None:
            continue
        below = walking.selection(walking.SCHEMA.type_map[shape], walking.DEEP)
        text = f"subscription {{ recordChanged {{ node {{ __typename ... on {shape} {below} }} }} }}"
        change = RecordChange(id=Id(id), kind=kind, committee_id=Id(HOME), version=1, is_gone=False, cursor=Cursor(""))
        context = Context(stranger.actor, units, directory(), PARTS)
        body = EXECUTOR.perform(Asked(text, {}), context, root=change).body
        found = walking.seen(orjson.loads(body).get("data"), walking.SCHEMA.subscription_type)
        assert all((circle := stranger.circle(kept.channels[id])) and each.to.within(circle) for each in found), body


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))
