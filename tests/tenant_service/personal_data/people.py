"""A person who has left a trace everywhere, each a word that is found nowhere else."""

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy import select

from sync.contract import records
from sync.contract.channels import Scope, Share
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.members import MembershipEnding, MembershipKind
from sync.contract.shapes.participations import LeaveKind
from sync.contract.shapes.requests import RequestKind
from sync.contract.shapes.venues import VenueKind
from sync.contract.visibility import Visible
from tenant_service.activities import service as activities
from tenant_service.activities.models import ActivityRow
from tenant_service.activities.service import Draft
from tenant_service.attendance import asking_service
from tenant_service.attendance import service as attendance
from tenant_service.attendance.codes import code_for
from tenant_service.attendance.service import Invited
from tenant_service.identity import accounts, disclosures, quotas, sessions
from tenant_service.identity.actor import Actor
from tenant_service.identity.disclosures import Told
from tenant_service.identity.models import IdempotencyRow, LinkRow
from tenant_service.identity.policy import Role
from tenant_service.members import membership_service as memberships
from tenant_service.members import service as members
from tenant_service.members.membership_service import Decision, MembershipDraft
from tenant_service.members.models import MembershipRow, PersonRow
from tenant_service.requests.service import Asked
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.venues import service as venues
from tenant_service.venues.models import VenueRow
from tests.tenant_service import places
from tests.tenant_service.roster import test_import as importing

NAME, PHONE, BIRTH, EMPLOYER, TAG, NUMBER = "司徒金丝雀", "13987654321", "1959-12", "珍禽饲养场", "鸟语花香", "q4711"
TITLE, REASON, LOGIN = "驯鸟副主席", "去探望候鸟", "canary.situ"
CANARIES = (NAME, PHONE, BIRTH, EMPLOYER, TAG, NUMBER, TITLE, REASON, LOGIN)
ABROAD = f"{places.QINGPU}.activity.0192f0c1d2e34567890abcdef0000009"


def somebody(units: Units, clerk: Actor, secretary: Actor) -> str:
    """On the roster by a file, with a seat, an account that is signed in, at an activity of ours and asked for abroad,
    a venue's and an activity's contact, looked at, and in an answer that is kept; their id.
    """
    heads = ["姓名", "编号", "出生年月", "工作单位", "联系电话", "标签"]
    batch = importing.previewed(units, clerk, [NAME, NUMBER, BIRTH, EMPLOYER, PHONE, TAG], heads=heads)
    importing.applied(units, clerk, batch)
    with units.read() as unit:
        id = unit.session.scalars(select(PersonRow.id)).one()
    _seated(units, clerk, id)
    _at_work(units, clerk, secretary, id)
    _signed_in(units, clerk, id)
    return id


def kept_answer(unit: Unit, sub: str, key: str, record: Any) -> None:
    """What was answered to that account under this key, as it is kept."""
    answer = msgspec.json.encode(records.written(record, Visible.SUBJECT))
    until = unit.now + dt.timedelta(days=7)
    row = IdempotencyRow(iss=places.JIASHAN, sub=sub, key=key, digest="d", answer=answer, kept_until=until)
    unit.session.add(row)


def leave(units: Units, clerk: Actor, id: str) -> None:
    with units.write() as unit:
        members.part_with(unit, clerk, id, MembershipEnding.RESIGNED, places.SPRING.date())


def _seated(units: Units, clerk: Actor, id: str) -> None:
    with units.write() as unit:
        seat = MembershipDraft(MembershipKind.MEMBER, person_id=id, title=TITLE, term=10)
        proposed = memberships.propose(unit, clerk, seat)
        memberships.confirm(unit, clerk, proposed.id, Decision("十届一次会议", places.SPRING.date()))


def _at_work(units: Units, clerk: Actor, secretary: Actor, id: str) -> None:
    directory, own = places.directory(), places.staff(places.JIASHAN, Role.MEMBER, sub="own", person=id)
    handlers = asking_service.HANDLERS
    starts = places.SPRING + dt.timedelta(days=7)
    with units.write() as unit:
        draft = venues.Draft("议事堂", VenueKind.HALL, "一号", contact_name=NAME, contact_phone=PHONE)
        venues.add(unit, clerk, directory, draft, [Share(Scope.OPEN)])
        told = Draft("议事", ActivityKind.HALL_SESSION, starts, "惠通村", contact_name=NAME, contact_phone=PHONE)
        made = activities.draft(unit, clerk, directory, told, [Share(Scope.OPEN)])
        activities.submit(unit, clerk, made.id)
        activities.sign_off(unit, secretary, made.id, unclassified=True)
        attendance.invite(unit, clerk, made.id, Invited(id, NAME))
    with units.write() as unit:
        about: dict[str, Any] = {"subject_id": made.id, "text": REASON}
        asking_service.ask(unit, own, handlers, Asked(RequestKind.SIGN_UP, **about))
        asking_service.ask(unit, own, handlers, Asked(RequestKind.LEAVE, detail=LeaveKind.PERSONAL.value, **about))
        asking_service.ask(
            unit, clerk, handlers, Asked(RequestKind.SIGN_UP, ABROAD, person_id=id, text=REASON)
        )  # fmt: skip
    with units.read() as unit:
        code_for(unit, units, own, places.key(places.JIASHAN, "code"), None)


def _signed_in(units: Units, clerk: Actor, id: str) -> None:
    with units.write() as unit:
        account = accounts.create(
            unit, accounts.founder(places.JIASHAN), accounts.Draft(LOGIN, NAME, frozenset({Role.MEMBER}), id), "hash"
        )
        sessions.begin(unit, account.id)
        unit.session.add(LinkRow(issuer="https://id.example", subject=LOGIN, account_id=account.id, linked_at=unit.now))
        why = Told(f"核对{NAME}的号码", "NOTICE")
        disclosures.reveal(unit, clerk, id, "work_phone", why)
        for contact in (*unit.session.scalars(select(VenueRow.id)), *unit.session.scalars(select(ActivityRow.id))):
            disclosures.reveal(unit, clerk, contact, "contact_phone", why)
        venue = unit.session.scalars(select(VenueRow)).one().record()
        seat = unit.session.scalars(select(MembershipRow).where(MembershipRow.title == TITLE)).one().record()
        for sub, key, record in (
            ("clerk", "k", unit.session.get_one(PersonRow, id).record()), ("clerk", "v", venue),
            ("secretary", "k", seat), (account.id, "k", seat),
        ):  # fmt: skip
            kept_answer(unit, sub, key, record)
        quotas.add(unit, account.actor(places.JIASHAN), 3)
