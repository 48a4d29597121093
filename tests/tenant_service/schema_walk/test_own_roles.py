"""Whatever somebody of our own asks, no declared personal value comes back that their roles have no right to."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.contract.ids import kind_of
from sync.edge.body import Asked
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.policy import Role
from tenant_service.storage.columns import Row
from tenant_service.storage.personal import declared
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.schema_walk import canaries, walking
from tests.tenant_service.schema_walk.canaries import Kept
from tests.tenant_service.schema_walk.strangers import CONTACT, HOME, directory
from tests.tenant_service.schema_walk.test_strangers import PARTS, WIDE, walked
from tests.tenant_service.services import services

# What is told is the same on both databases; the rooms' own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
_CANARY = re.compile(r"canary-[A-Z]+-([a-z_]+)-([a-z_]+)-[a-z0-9_+]+")
OFFICE = {Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.CLERK, Role.STREET, Role.CHAIR}
BOOK = OFFICE | {Role.MEMBER, Role.CONVENER}
MASKED = {
    "person.birth_month", "activity.contact_phone", "venue.contact_phone", "topic_reporter.phone",
    "assignment.contact_phone", "body.contact_phone", "booking.phone",
}  # fmt: skip
"""For every role alike; work phones are in the address book, of who has a seat."""
SIGNED_WITH = {"report.authors", "proposal.names"}
"""Names with which people sign their work: whoever is shown it reads them."""
SHOWN_TO: dict[str, set[Role]] = {
    "person": BOOK, "person_tag": BOOK, "membership": BOOK, "participation": OFFICE, "request": OFFICE,
    "incoming_request": OFFICE, "activity": OFFICE, "venue": OFFICE, "file": OFFICE, "assignment": OFFICE,
    "body": OFFICE, "topic_reporter": OFFICE, "topic_rating": OFFICE,
    "post_comment": OFFICE, "booking": OFFICE, "proposal_signer": OFFICE, "proposal_source": OFFICE,
    "proposal_rating": OFFICE, "assignment_letter": OFFICE,
}  # fmt: skip
"""Written here by hand, so that it does not agree with the program merely because it is the program."""
PERSONAL = {f"{table}.{column}" for table, column, _ in declared(Row.metadata)}
PARTS_HERE = services(handlers=PARTS.handlers, personal_rows_per_day=10**9)
EXECUTORS = [walking.remembering(Executor(schema, WIDE, plans_lists=plans)) for plans in (True, False)]


def too_much(text: str, roles: Iterable[Role]) -> set[str]:
    """Declared columns of which a value stands in this text, and whose is none of these roles' business."""
    found = {f"{table}.{column}" for table, column in _CANARY.findall(text)} & (PERSONAL - SIGNED_WITH)
    return {
        each for each in found if each in MASKED or not SHOWN_TO.get(each.partition(".")[0], set()) & set(roles)
    }  # fmt: skip


@pytest.fixture(scope="module")
def kept(units: Units) -> Kept:
    return canaries.filled(units)


@pytest.fixture(scope="module")
def documents(kept: Kept) -> list[Asked]:
    return [asked for _, asked in walking.documents("query", kept)]


def told(units: Units, roles: Iterable[Role], document: Asked, executor: Executor = EXECUTORS[0]) -> str:
    actor = places.staff(HOME, *roles, sub="somebody")
    context = Context(actor, units, directory(), PARTS_HERE)
    body = executor.perform(document, context).body.decode()
    assert "INTERNAL" not in body, document
    return body


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    roles=st.frozensets(st.sampled_from(list(Role)), max_size=3), places_=st.lists(st.integers(0), max_size=6),
    plans=st.booleans(),
)  # fmt: skip
def test_no_answer_has_a_personal_value_that_the_roles_have_no_right_to(
    units: Units, documents: list[Asked], roles: frozenset[Role], places_: list[int], plans: bool
) -> None:
    for place in places_:
        document = documents[place % len(documents)]
        assert not too_much(told(units, roles, document, EXECUTORS[not plans]), roles), document


def test_the_walk_sees_what_is_shown(units: Units, documents: list[Asked]) -> None:
    """Or what it does not find would say nothing."""
    answers = "".join(told(units, [Role.CLERK], each) for each in documents)
    assert not too_much(answers, [Role.CLERK])
    shown = {f"{table}.{column}" for table, column in _CANARY.findall(answers)} & (PERSONAL - SIGNED_WITH)
    assert shown >= {"person.name", "person.work_phone", "participation.name", "request.person_name",
                     "activity.contact_name", "venue.contact_name"}  # fmt: skip
    assert too_much(answers, [Role.SUPERVISOR]) == shown
    assert too_much("canary-TENANT-venue-contact_phone-none", [Role.CLERK]) == {"venue.contact_phone"}


OWN = {"viewer", "personalQuota", "notificationChoices"}
"""What everybody who signs in is told of themselves."""


def test_the_contact_of_a_body_is_told_what_the_public_is_and_of_oneself(units: Units, kept: Kept) -> None:
    """Of lists and assignments less than the public is: what is another body's is none of its business, open or not."""
    unassigned = replace(CONTACT, actor=replace(CONTACT.actor, body=f"{HOME}.body.{'f' * 32}"))
    too_much, missing = walked(units, unassigned, kept)
    assert {each.partition(":")[0] for each in too_much} == OWN
    assert {kind_of(id) for id, _ in missing} == {"item", "assignment", "call"}
