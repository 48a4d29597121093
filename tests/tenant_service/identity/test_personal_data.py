"""Personal data: declared, masked, counted, and handed out only for a reason that stands in the register first."""

import dataclasses
import re
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, MetaData, select

from sync.contract.errors import Code, Refusal
from sync.contract.records import RECORDS
from sync.contract.visibility import Undeclared, Visible, record, visible
from tenant_service.identity import disclosures, masks, quotas
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_chain import digest_of
from tenant_service.identity.audit_log import checking as audit_checking
from tenant_service.identity.disclosures import Purpose, Told
from tenant_service.identity.models import AuditRow, DisclosureRow, PersonalListRow, PersonalReadRow
from tenant_service.storage import personal
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.identity.tampering import run
from tests.tenant_service.places import JIASHAN, Clock

PERSON = f"{JIASHAN}.person.0192f0c1d2e34567890abcdef0000001"


# ── what is personal ──

LOOKS_PERSONAL = re.compile(
    r"(^|_)(name|phone|birth|gender|employer|username|person|participant|contact|mobile|email|title|party|reason)(_|$)"
)
SAYS_NOTHING_OF_A_PERSON = {
    "activity.title", "seen_activity.title", "body.name", "seen_body.name", "org_unit.name",
    "seen_unit.name", "venue.name", "seen_venue.name", "venue_space.name",
    "post.title", "seen_post.title", "form.title", "seen_form.title",
    "campaign.title", "seen_campaign.title", "campaign_body.name", "procedure.name", "scheme.name",
    "seen_procedure.name", "roster_batch.file_name", "import_file.file_name",
    "programme.title", "seen_programme.title",
    "topic_reporter.shows_name", "topic.title", "seen_topic.title", "topic.return_reason", "seen_topic.return_reason",
    "oauth_client.name", "request.reason_zh",
    "request.reason_en", "incoming_request.reason_zh", "incoming_request.reason_en", "early_answer.reason_zh",
    "early_answer.reason_en", "audit_consent.reason", "audit_consent.withdrawn_reason",
    "deputy.reason", "deputy.revoked_reason", "member_segment.name",
    "proposal.title", "seen_proposal.title", "proposal_project.title",
    "proposal.signed_title",
    "report.title", "seen_report.title", "report_intake.title",
    "recognition.title", "seen_recognition.title",
    "item.reason", "seen_item.reason", "call.title", "seen_call.title",
    "booking.group_name", "handover.title", "handover.reason", "seen_handover.title", "seen_handover.reason",
}  # fmt: skip
"""Names of things, the words of refusals, why a committee is audited by its parent or somebody signs in a leader's
place, and why an item is not adopted or an assignment withdrawn.
"""


def test_every_column_that_looks_personal_is_declared(tables: MetaData) -> None:
    told = {f"{table}.{column}" for table, column, _ in personal.declared(tables)}
    looks = {
        f"{table.name}.{column.name}"
        for table in tables.sorted_tables for column in table.columns if LOOKS_PERSONAL.search(column.name)
    }  # fmt: skip
    assert looks - told == SAYS_NOTHING_OF_A_PERSON


def test_no_personal_field_of_a_record_is_told_to_everybody() -> None:
    told = {
        f"{kind}.{each.name}": each.metadata["visible"]
        for kind, shape in RECORDS.items() for each in dataclasses.fields(shape) if each.metadata["personal"]
    }  # fmt: skip
    assert told["person.name"] is Visible.TENANT
    assert told["request.person_name"] is Visible.MECHANISM
    assert not [name for name, circle in told.items() if circle.within(Visible.FEDERATION)]


def test_a_personal_field_that_would_be_told_to_everybody_stops_the_program() -> None:
    class Neighbour:
        id: str = visible(Visible.FEDERATION, "Id.")
        phone: str = visible(Visible.FEDERATION, "Phone.", personal=True)

    with pytest.raises(Undeclared, match="personal data"):
        record(Neighbour)


# ── masks ──


@pytest.mark.parametrize(
    ("told", "masked"),
    [("13812345678", "138****5678"), ("8400000", "84***00"), ("0573-84000000", "057******0000"), ("110", "***")],
)
def test_a_phone_is_masked_in_its_middle(told: str, masked: str) -> None:
    assert masks.phone(told) == masked


@pytest.mark.parametrize(
    ("told", "masked"), [("张三", "张*"), ("张小三", "张*三"), ("欧阳小三", "欧**三"), ("张", "张*")]
)
def test_a_name_keeps_its_surname(told: str, masked: str) -> None:
    assert masks.name(told) == masked


def test_of_a_birth_month_the_year_is_left() -> None:
    assert masks.birth("1968-05") == "1968-**"


# ── the register ──


def reveal(units: Units, actor: Actor, reason: str, purpose: str = "NOTICE") -> str:
    with units.write() as unit:
        return disclosures.reveal(unit, actor, PERSON, "work_phone", Told(reason, purpose))


def count(units: Units, *models: type) -> list[int]:
    with units.read() as unit:
        return [len(unit.session.scalars(select(model)).all()) for model in models]


def test_what_is_revealed_stands_in_the_register_and_in_the_log(units: Units, clerk: Actor) -> None:
    id = reveal(units, clerk, "核对联系方式")
    with units.read() as unit:
        row, entry = unit.session.get_one(DisclosureRow, id), unit.session.scalars(select(AuditRow)).one()
        assert (row.sub, row.subject, row.field, row.reason) == (clerk.sub, PERSON, "work_phone", "核对联系方式")
        assert (entry.act, entry.subject) == ("personal.reveal", id)
        assert entry.digest == digest_of(id, PERSON, "work_phone", "NOTICE", "核对联系方式")
        assert audit_checking.check(unit.session, []).fault is None


@pytest.mark.parametrize(
    ("reason", "code"),
    [("", Code.NEEDS_REASON), ("  \n", Code.NEEDS_REASON), ("核对", Code.BAD_VALUE), ("x" * 201, Code.BAD_VALUE),
     ("【机密】核对联系", Code.CLASSIFIED)],
)  # fmt: skip
def test_without_a_reason_nothing_is_revealed(units: Units, clerk: Actor, reason: str, code: Code) -> None:
    with pytest.raises(Refusal) as refusal:
        reveal(units, clerk, reason)
    assert refusal.value.code is code
    assert count(units, DisclosureRow, AuditRow) == [0, 0]


@pytest.mark.parametrize("purpose", ["", "因为", "notice"])
def test_without_a_purpose_of_the_list_nothing_is_revealed(units: Units, clerk: Actor, purpose: str) -> None:
    with pytest.raises(Refusal) as refusal:
        reveal(units, clerk, "核对联系方式", purpose)
    assert refusal.value.code is Code.PURPOSE_NEEDED
    assert count(units, DisclosureRow, AuditRow) == [0, 0]


@pytest.mark.parametrize(
    "number",
    ["0573-84021234", "(0573)8402 1234", "84021234", "8402123", "0571-85256789-801", "010-66113322转12", "400-123-4567",
     "4001234567", "12345", "110", "95598"],
)  # fmt: skip
def test_an_offices_number_is_not_masked(number: str) -> None:
    assert masks.contact(number) == number


@pytest.mark.parametrize(
    "number",
    ["13912345678", "139 1234 5678", "+86 139-1234-5678", "139123", "张三 84021234", "84021234/13912345678", "x",
     "02912345678901234"],
)  # fmt: skip
def test_whatever_else_is_a_persons_and_is_masked(number: str) -> None:
    assert masks.is_masked(masks.contact(number))
    assert number not in masks.contact(number)


def test_a_mask_that_comes_back_keeps_what_stands_there() -> None:
    assert masks.unmasked("contactPhone", "139****5678", "13912345678") == "13912345678"
    assert masks.unmasked("contactPhone", "84021234", "13912345678") == "84021234"
    assert masks.unmasked("contactPhone", None, "13912345678") is None
    for standing in (None, "13812345678"):
        with pytest.raises(Refusal) as refusal:
            masks.unmasked("contactPhone", "139****5678", standing)
        assert (refusal.value.code, refusal.value.field) == (Code.BAD_VALUE, "contactPhone")


def test_what_the_log_does_not_take_does_not_stand_in_the_register(units: Units, engine: Engine, clerk: Actor) -> None:
    run(engine, "DROP TABLE audit_entry")
    with pytest.raises(Exception, match="audit_entry"):
        reveal(units, clerk, "核对联系方式")
    assert count(units, DisclosureRow) == [0]


def test_what_was_revealed_is_shown_to_that_account_for_five_minutes(
    units: Units, clerk: Actor, secretary: Actor, clock: Clock
) -> None:
    id = reveal(units, clerk, "核对联系方式")
    with units.read() as unit:
        assert disclosures.shown_again(unit.session, clerk, id, unit.now) is not None
        assert disclosures.shown_again(unit.session, secretary, id, unit.now) is None
        assert disclosures.shown_again(unit.session, clerk, "made-up", unit.now) is None
    clock.on(minutes=5, seconds=1)
    with units.read() as unit:
        assert disclosures.shown_again(unit.session, clerk, id, unit.now) is None


def test_an_export_has_its_purpose(units: Units, clerk: Actor) -> None:
    def export(purpose: str, reason: str = "") -> None:
        with units.write() as unit:
            disclosures.export(unit, clerk, "members.export", JIASHAN, Told(reason, purpose), 300)

    for purpose, reason, code in (
        ("", "", Code.PURPOSE_NEEDED), ("因为", "", Code.PURPOSE_NEEDED), ("OTHER", "", Code.NEEDS_REASON)
    ):  # fmt: skip
        with pytest.raises(Refusal) as refusal:
            export(purpose, reason)
        assert refusal.value.code is code
    assert count(units, DisclosureRow, AuditRow) == [0, 0]
    export("MEETING")
    export("OTHER", "省里调研需要")
    with units.read() as unit:
        rows = unit.session.scalars(select(DisclosureRow).order_by(DisclosureRow.id)).all()
        assert [(row.purpose, row.reason, row.rows) for row in rows] == [
            (Purpose.MEETING, None, 300), (Purpose.OTHER, "省里调研需要", 300)
        ]  # fmt: skip


# ── quotas ──


def test_an_account_sees_so_many_rows_a_day_and_no_more(
    units: Units, clerk: Actor, secretary: Actor, clock: Clock
) -> None:
    quotas.charge(units, clerk, 60, 100)
    quotas.charge(units, clerk, 40, 100)
    with pytest.raises(Refusal) as refusal:
        quotas.charge(units, clerk, 1, 100)
    assert refusal.value.code is Code.QUOTA_REACHED
    assert refusal.value.status == 429
    with units.read() as unit:
        assert quotas.used(unit.session, clerk, unit.now) == 100, "what was refused was not shown, and does not count"
    quotas.charge(units, secretary, 100, 100)
    clock.on(days=1)
    quotas.charge(units, clerk, 100, 100)


def test_the_refusal_says_when_it_opens_again_and_what_is_left_is_known_before(units: Units, clerk: Actor) -> None:
    quotas.charge(units, clerk, 60, 100)
    before = quotas.standing(units, clerk, 100)
    assert (before.used, before.left, before.opens_at.isoformat()) == (60, 40, "2026-04-02T00:00:00+08:00")
    with pytest.raises(Refusal) as refusal:
        quotas.charge(units, clerk, 41, 100)
    assert refusal.value.about == {"most": 100, "opens": "2026-04-02 00:00"}
    assert quotas.standing(units, clerk, 100) == before
    assert quotas.standing(units, clerk, 50).left == 0


def test_who_is_on_a_list_counts_once_a_day(units: Units, clerk: Actor, secretary: Actor, clock: Clock) -> None:
    def used(actor: Actor) -> int:
        return quotas.standing(units, actor).used

    for rows, of, now in ((30, "a", 30), (30, "a", 30), (32, "a", 32), (31, "a", 32), (5, "b", 37), (0, "c", 37)):
        quotas.charge_list(units, clerk, of, rows, 40)
        assert used(clerk) == now
    with pytest.raises(Refusal) as refusal:
        quotas.charge_list(units, clerk, "c", 4, 40)
    assert refusal.value.code is Code.QUOTA_REACHED
    quotas.charge_list(units, clerk, "c", 3, 40)
    assert used(clerk) == 40, "what was refused was not counted as seen either"
    quotas.charge_list(units, clerk, "a", 32, 40)
    quotas.charge_list(units, secretary, "a", 32, 40)
    assert (used(clerk), used(secretary)) == (40, 32)
    clock.on(days=1)
    quotas.charge_list(units, clerk, "a", 32, 40)
    assert used(clerk) == 32


def test_rows_that_tell_of_nobody_else_do_not_count(member: Actor) -> None:
    rows = [SimpleNamespace(id="r", person_id=whose) for whose in (None, member.person, PERSON[:-1] + "2")]
    assert quotas.of_others(member, rows) == 1
    assert quotas.of_others(member, [SimpleNamespace(id=member.person), SimpleNamespace(id="x")]) == 1


def test_a_day_begins_at_midnight_in_shanghai(units: Units, clerk: Actor, clock: Clock) -> None:
    clock.now = clock.now.replace(hour=15, minute=59)
    quotas.charge(units, clerk, 100, 100)
    clock.on(minutes=1)
    quotas.charge(units, clerk, 100, 100)


def test_counts_of_days_long_past_are_dropped(units: Units, clerk: Actor, clock: Clock) -> None:
    quotas.charge(units, clerk, 1)
    clock.on(days=31)
    quotas.charge(units, clerk, 1)
    with units.write() as unit:
        assert quotas.forget(unit) == 1
        assert quotas.forget(unit) == 0
    assert count(units, PersonalReadRow) == [1]
    quotas.charge_list(units, clerk, "a", 1)
    clock.on(days=31)
    with units.write() as unit:
        quotas.forget(unit)
    assert count(units, PersonalListRow) == [0]
