"""One masked field is shown in GraphQL: for a purpose and a reason noted first, counted, and for five minutes."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine, select

from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.members import MembershipKind
from sync.contract.shapes.venues import VenueKind
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.activities import service as activities
from tenant_service.activities.service import Draft
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity import quotas
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import AuditRow, DisclosureRow, IdempotencyRow
from tenant_service.identity.policy import Role
from tenant_service.members import membership_service as memberships
from tenant_service.members import service as members
from tenant_service.members.membership_service import Decision, MembershipDraft
from tenant_service.members.service import PersonDraft
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues import service as venues
from tests.tenant_service import places
from tests.tenant_service.identity.tampering import run
from tests.tenant_service.places import Clock
from tests.tenant_service.services import services

EXECUTOR = Executor(schema, Limits())
REVEAL = """mutation ($key: ID!, $id: ID!, $field: MaskedField!, $purpose: Purpose!, $reason: String!) {
  reveal(key: $key, id: $id, field: $field, purpose: $purpose, reason: $reason) { id field value until } }"""
PHONE, BIRTH, MOST = "13912345678", "1966-03", 3
WHY: dict[str, Any] = {"purpose": "NOTICE", "reason": "通知来会领取资料"}


def ask(units: Units, actor: Actor, query: str, **variables: Any) -> dict[str, Any]:
    context = Context(actor, units, places.directory(), services(personal_rows_per_day=MOST))
    told: dict[str, Any] = json.loads(EXECUTOR.perform(Asked(query, variables), context).body)
    return told


def code(answer: dict[str, Any]) -> str:
    assert PHONE not in json.dumps(answer)
    assert BIRTH not in json.dumps(answer)
    [only] = answer["errors"]
    return str(only["extensions"]["code"])


def noted(units: Units) -> tuple[int, int]:
    with units.read() as unit:
        revealed = select(AuditRow.seq).where(AuditRow.act == "personal.reveal")
        return len(unit.session.scalars(select(DisclosureRow.id)).all()), len(unit.session.scalars(revealed).all())


@pytest.fixture
def person(units: Units, clerk: Actor) -> str:
    with units.write() as unit:
        return members.add_person(unit, clerk, PersonDraft(name="孙五", work_phone=PHONE, birth_month=BIRTH)).id


@pytest.fixture
def activity(units: Units, clerk: Actor) -> str:
    told = Draft("议事", ActivityKind.HALL_SESSION, places.SPRING, "惠通村", contact_name="孙五", contact_phone=PHONE)
    with units.write() as unit:
        return activities.draft(unit, clerk, places.directory(), told, []).id


@pytest.fixture
def venue(units: Units, clerk: Actor) -> str:
    told = venues.Draft("议事堂", VenueKind.HALL, "一号", contact_name="孙五", contact_phone=PHONE)
    with units.write() as unit:
        return venues.add(unit, clerk, places.directory(), told, []).id


def test_a_field_is_shown_and_stands_in_the_register_and_the_log(units: Units, clerk: Actor, person: str) -> None:
    told = ask(units, clerk, REVEAL, key="k1", id=person, field="BIRTH_MONTH", **WHY)["data"]["reveal"]
    assert told == {"id": person, "field": "BIRTH_MONTH", "value": BIRTH, "until": "2026-04-01T02:05:00+00:00"}
    with units.read() as unit:
        [row] = unit.session.scalars(select(DisclosureRow))
    assert (row.sub, row.subject, row.field, row.purpose, row.reason) == (
        clerk.sub, person, "birth_month", "NOTICE", "通知来会领取资料",
    )  # fmt: skip
    assert noted(units) == (1, 1)
    assert quotas.standing(units, clerk).used == 1


def test_a_key_shows_again_for_five_minutes_without_counting_and_then_never(
    units: Units, clerk: Actor, person: str, clock: Clock
) -> None:
    asked: dict[str, Any] = {"key": "k1", "id": person, "field": "WORK_PHONE", **WHY}
    for _ in range(2):
        assert ask(units, clerk, REVEAL, **asked)["data"]["reveal"]["value"] == PHONE
        clock.on(minutes=4, seconds=59)
        clock.on(minutes=-4, seconds=-59)
    assert (noted(units), quotas.standing(units, clerk).used) == ((1, 1), 1)
    with units.read() as unit:
        kept = b"".join(unit.session.scalars(select(IdempotencyRow.answer)))
    assert PHONE.encode() not in kept, "what is kept under a key is not the value"
    clock.on(minutes=5, seconds=1)
    assert code(ask(units, clerk, REVEAL, **asked)) == "REVEAL_OVER"
    assert code(ask(units, clerk, REVEAL, **asked | {"id": person, "field": "BIRTH_MONTH"})) == "IDEMPOTENCY_KEY_REUSED"
    assert noted(units) == (1, 1)


def test_who_lost_the_right_is_not_shown_it_again(units: Units, clerk: Actor, person: str) -> None:
    asked: dict[str, Any] = {"key": "k1", "id": person, "field": "WORK_PHONE", **WHY}
    ask(units, clerk, REVEAL, **asked)
    was_clerk = places.staff(places.JIASHAN, Role.MEMBER, sub=clerk.sub)
    assert code(ask(units, was_clerk, REVEAL, **asked)) == "FORBIDDEN"


def test_each_new_key_counts_until_it_is_enough(units: Units, clerk: Actor, person: str) -> None:
    for number in range(MOST):
        assert "errors" not in ask(units, clerk, REVEAL, key=f"k{number}", id=person, field="WORK_PHONE", **WHY)
    assert code(ask(units, clerk, REVEAL, key="more", id=person, field="WORK_PHONE", **WHY)) == "QUOTA_REACHED"
    assert noted(units) == (MOST, MOST)
    left = ask(units, clerk, "{ personalQuota { used most left opensAt } }")["data"]["personalQuota"]
    assert left == {"used": 3, "most": 3, "left": 0, "opensAt": "2026-04-02T00:00:00+08:00"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({"reason": " "}, "NEEDS_REASON"), ({"reason": "看看"}, "BAD_VALUE"), ({"field": "CONTACT_PHONE"}, "BAD_VALUE"),
     ({"id": f"{places.JIASHAN}.person.{'0' * 32}"}, "NOT_FOUND"),
     ({"id": f"{places.JIASHAN}.unit.{'0' * 32}"}, "NOT_FOUND"),
     ({"id": "x"}, "BAD_ID"), ({"purpose": "BECAUSE"}, "INVALID")],
)  # fmt: skip
def test_what_is_refused_is_neither_noted_nor_shown(
    units: Units, clerk: Actor, person: str, changed: dict[str, Any], expected: str
) -> None:
    asked = {"key": "k1", "id": person, "field": "WORK_PHONE", **WHY} | changed
    assert code(ask(units, clerk, REVEAL, **asked)) == expected
    assert (noted(units), quotas.standing(units, clerk).used) == ((0, 0), 0)


@pytest.mark.parametrize(
    "role", [each for each in Role if each not in (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.CLERK)]
)
def test_it_is_for_the_office_alone(units: Units, role: Role, person: str, activity: str) -> None:
    actor = places.staff(places.JIASHAN, role)
    assert code(ask(units, actor, REVEAL, key="k1", id=person, field="WORK_PHONE", **WHY)) == "FORBIDDEN"
    if role is not Role.STREET:
        assert code(ask(units, actor, REVEAL, key="k2", id=activity, field="CONTACT_PHONE", **WHY)) == "FORBIDDEN"
    assert noted(units) == (0, 0)
    told = ask(units, actor, "query ($id: ID!) { activity(id: $id) { contactPhone } }", id=activity)
    assert PHONE not in json.dumps(told)


def test_while_the_log_cannot_be_written_nothing_is_shown(
    units: Units, clerk: Actor, person: str, engine: Engine
) -> None:
    run(engine, "ALTER TABLE audit_entry RENAME TO audit_full")
    assert code(ask(units, clerk, REVEAL, key="k1", id=person, field="WORK_PHONE", **WHY)) == "INTERNAL"
    run(engine, "ALTER TABLE audit_full RENAME TO audit_entry")
    assert (noted(units), quotas.standing(units, clerk).used) == ((0, 0), 0)


# ── contacts ──


@pytest.mark.parametrize("kind", ["activity", "venue"])
def test_a_contacts_phone_is_masked_and_shown_for_a_reason(
    units: Units, clerk: Actor, activity: str, venue: str, kind: str
) -> None:
    id, query = (
        {"activity": activity, "venue": venue}[kind],
        f"query ($id: ID!) {{ {kind}(id: $id) {{ contactPhone }} }}",
    )
    assert ask(units, clerk, query, id=id)["data"] == {kind: {"contactPhone": "139****5678"}}
    street = places.staff(places.JIASHAN, Role.STREET)
    told = ask(units, street, REVEAL, key="k1", id=id, field="CONTACT_PHONE", **WHY)
    assert told["data"]["reveal"]["value"] == PHONE
    assert noted(units) == (1, 1)


def test_a_member_with_a_seat_is_in_the_address_book_as_a_contact_as_well(
    units: Units, clerk: Actor, activity: str, person: str
) -> None:
    query = "query ($id: ID!) { activity(id: $id) { contactPhone } }"
    with units.write() as unit:
        seat = MembershipDraft(MembershipKind.MEMBER, person_id=person, title="委员", term=10)
        proposed = memberships.propose(unit, clerk, seat)
        memberships.confirm(unit, clerk, proposed.id, Decision("十届一次会议", places.SPRING.date()))
    assert ask(units, clerk, query, id=activity)["data"]["activity"]["contactPhone"] == PHONE


def test_who_describes_it_anew_with_the_mask_keeps_the_number(units: Units, clerk: Actor, venue: str) -> None:
    def changed(phone: str | None) -> None:
        told = venues.Draft("议事堂", VenueKind.HALL, "一号", contact_name="孙五", contact_phone=phone)
        with units.write() as unit:
            venues.change(unit, clerk, venue, told)

    changed("139****5678")
    told = ask(units, clerk, REVEAL, key="k1", id=venue, field="CONTACT_PHONE", **WHY)
    assert told["data"]["reveal"]["value"] == PHONE
    with pytest.raises(Exception, match="BAD_VALUE"):
        changed("138****5678")
    changed("0573-84021234")
    query = "query ($id: ID!) { venue(id: $id) { contactPhone } }"
    assert ask(units, clerk, query, id=venue)["data"]["venue"]["contactPhone"] == "0573-84021234"
