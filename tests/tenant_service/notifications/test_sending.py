"""What leaves the house is sent, tried again or ends as 未送达 with why; the other sides are real servers."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest

from sync.contract.errors import Code
from sync.contract.shapes.members import BodyKind
from tenant_service.identity.policy import Role
from tenant_service.members import body_service
from tenant_service.members.body_service import BodyDraft
from tenant_service.notifications import service
from tenant_service.notifications.mail import Mail
from tenant_service.notifications.rules import PAUSES, DeliveryState, Failure, NotificationKind, Way
from tenant_service.notifications.sending import carriers
from tenant_service.notifications.sms import LoggedSms, Sms
from tenant_service.notifications.webhook import HEADER, Webhook
from tenant_service.settings import Settings
from tenant_service.settings import Sms as SmsSettings
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.members.office import refused
from tests.tenant_service.notifications.office import NOTICE, SUBJECT, Office
from tests.tenant_service.notifications.servers import gateway, nobody_there, post

TEMPLATES = {"DEFAULT": "SMS_1", "ACTIVITY_CANCELLED": "SMS_3"}
ADDRESS = "https://zx.jiashan.example"


def state(office: Office) -> list[tuple[DeliveryState, Failure | None, str | None]]:
    return [(row.state, row.failure, row.address) for row in office.deliveries()]


@pytest.mark.practice(9)
def test_an_sms_goes_to_the_rosters_phone_by_its_template(office: Office) -> None:
    office.tell(office.person("郑四"), title="“协商会”4月20日", text="议事堂")
    office.tell(office.person("赵一", "13900001111"), kind=NotificationKind.ACTIVITY_CANCELLED)
    with gateway() as there:
        assert office.send({Way.SMS: Sms(there.url, "嘉善政协", "secret-token", TEMPLATES)}) == 2
    told = {json.loads(body)["phone"]: (headers, json.loads(body)) for headers, body in there.posts}
    headers, body = told["13812345678"]
    assert headers["authorization"] == "Bearer secret-token"
    assert body == {
        "id": office.deliveries()[0].id, "phone": "13812345678", "sign": "嘉善政协", "template": "SMS_1",
        "params": {"title": "“协商会”4月20日", "text": "议事堂"},
    }  # fmt: skip
    assert told["13900001111"][1]["template"] == "SMS_3"
    assert state(office) == [(DeliveryState.SENT, None, "138****5678"), (DeliveryState.SENT, None, "139****1111")]


def test_what_is_sent_is_not_sent_again(office: Office) -> None:
    office.tell(office.person("郑四"))
    with gateway() as there:
        by = {Way.SMS: Sms(there.url, templates=TEMPLATES)}
        assert [office.send(by), office.send(by)] == [1, 0]
    assert len(there.posts) == 1


def test_a_busy_gateway_is_tried_again_with_the_same_id_after_a_pause(office: Office, clock: places.Clock) -> None:
    office.tell(office.person("郑四"))
    with gateway(503, 429) as there:
        by = {Way.SMS: Sms(there.url, templates=TEMPLATES)}
        office.send(by)
        assert (office.send(by), state(office)[0][0]) == (0, DeliveryState.WAITING)
        clock.on(seconds=PAUSES[0])
        office.send(by)
        clock.on(seconds=PAUSES[1])
        office.send(by)
    assert state(office) == [(DeliveryState.SENT, None, "138****5678")]
    assert len({json.loads(body)["id"] for _, body in there.posts}) == 1
    assert len(there.posts) == 3


def test_nobody_there_is_given_up_after_the_last_pause(office: Office, clock: places.Clock) -> None:
    office.tell(office.person("郑四"))
    by = {Way.SMS: Sms(f"http://127.0.0.1:{nobody_there()}/", templates=TEMPLATES)}
    for seconds in (*PAUSES, 0):
        assert office.send(by) == 1
        clock.on(seconds=seconds)
    assert office.send(by) == 0
    [row] = office.deliveries()
    assert (row.state, row.failure, row.tries) == (DeliveryState.FAILED, Failure.UNREACHABLE, len(PAUSES) + 1)


def test_a_refusal_ends_as_not_delivered_and_says_what_was_said(office: Office) -> None:
    office.tell(office.person("郑四"))
    with gateway(400) as there:
        office.send({Way.SMS: Sms(there.url, templates=TEMPLATES)})
    [row] = office.deliveries()
    assert (row.state, row.failure, row.detail) == (DeliveryState.FAILED, Failure.REFUSED, "HTTP 400 号码在黑名单中")


def test_who_has_no_phone_and_what_has_no_template_are_not_delivered_without_a_try(office: Office) -> None:
    office.tell(office.person("郑四", None))
    office.tell(office.person("赵一", "13900001111"))
    with gateway() as there:
        office.send({Way.SMS: Sms(there.url)})
    assert there.posts == []
    assert [row.failure for row in office.deliveries()] == [Failure.NO_ADDRESS, Failure.NO_TEMPLATE]


def test_a_way_that_is_not_set_up_is_said_to_be_so_and_is_no_failure(office: Office) -> None:
    office.tell(office.person("郑四"))
    assert office.send({}) == 0
    assert state(office) == [(DeliveryState.OFF, None, None)]


@pytest.mark.practice(9)
def test_the_demo_logs_and_sends_nothing(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.tell(office.person("郑四"))
    with caplog.at_level("INFO"):
        office.send({Way.SMS: LoggedSms()})
    assert "138****5678" in caplog.text
    assert "13812345678" not in caplog.text
    assert state(office)[0][0] is DeliveryState.SENT


def test_a_reporter_is_told_by_the_phone_that_stays_where_it_was_left(office: Office, units: Units) -> None:
    left, forgotten = (f"{places.JIASHAN}.report.{digit * 32}" for digit in "12")
    with units.write() as unit:
        told = [left, left, forgotten]
        assert service.tell_outside(unit, told, NotificationKind.ANSWERED, SUBJECT, "您反映的问题已答复") == 2
    with gateway() as there:
        office.send({Way.SMS: Sms(there.url, templates=TEMPLATES)}, {left: "13700002222"})
    assert [json.loads(body)["phone"] for _, body in there.posts] == ["13700002222"]
    assert state(office) == [
        (DeliveryState.SENT, None, "137****2222"), (DeliveryState.FAILED, Failure.NO_ADDRESS, None)
    ]  # fmt: skip
    assert "13700002222" not in str([vars(row) for row in (*office.told(), *office.deliveries())])


def mail(port: int) -> Mail:
    return Mail("127.0.0.1", port, "none", "notice@zx.example", "嘉善县政协", ADDRESS)


def test_an_email_goes_out_with_the_way_to_what_it_is_about(office: Office) -> None:
    mine = office.account("zhengsi", Role.MEMBER)
    office.reach(mine, email="zheng@example.org")
    office.choose(mine, NOTICE, Way.EMAIL)
    office.tell(mine.sub, title="“协商会”改到4月21日", text="议事堂")
    with post() as there:
        office.send({Way.EMAIL: mail(there.port)})
    [taken] = there.taken
    [told] = office.told()
    assert (taken["Subject"], taken["To"]) == ("“协商会”改到4月21日", "zheng@example.org")
    assert taken["From"].addresses[0].display_name == "嘉善县政协"
    text = taken.get_content()
    assert f"{ADDRESS}/notifications/{told.id}" in text
    assert "【活动通知】" in text
    assert state(office) == [(DeliveryState.SENT, None, "z***@example.org")]


@pytest.mark.parametrize(("code", "ends"), [(550, DeliveryState.FAILED), (451, DeliveryState.WAITING)])
def test_a_mailbox_that_is_not_there_is_for_good_and_a_busy_one_is_tried_again(
    office: Office, code: int, ends: DeliveryState
) -> None:
    mine = office.account("zhengsi", Role.MEMBER)
    office.reach(mine, email="zheng@example.org")
    office.choose(mine, NOTICE, Way.EMAIL)
    office.tell(mine.sub)
    with post(code) as there:
        office.send({Way.EMAIL: mail(there.port)})
    [row] = office.deliveries()
    assert (row.state, row.detail) == (ends, f"SMTP {code} no such mailbox")
    assert there.taken == []


def test_a_days_emails_come_as_one_at_eight(office: Office, clock: places.Clock) -> None:
    mine, other = office.account("zhengsi", Role.MEMBER), office.account("zhaoyi", Role.MEMBER)
    for actor in (mine, other):
        office.reach(actor, email=f"{actor.name}@example.org", is_digest=True)
        office.choose(actor, NOTICE, Way.EMAIL)
    for title in ("甲", "乙", "丙"):
        office.tell(mine.sub, title=title)
    office.tell(other.sub, title="甲")
    with post() as there:
        by = {Way.EMAIL: mail(there.port)}
        assert office.send(by) == 0, "not before eight"
        clock.on(days=1)
        assert office.send(by) == 2
    told = {each["To"]: each for each in there.taken}
    assert told["zhengsi@example.org"]["Subject"] == "每日汇总：3条通知"
    assert [title in told["zhengsi@example.org"].get_content() for title in ("甲", "乙", "丙")] == [True] * 3
    assert told["zhaoyi@example.org"]["Subject"] == "甲"
    assert {row.state for row in office.deliveries()} == {DeliveryState.SENT}


def test_a_webhook_is_signed_so_that_the_other_side_can_tell(office: Office, clock: places.Clock) -> None:
    mine = office.account("zhengsi", Role.MEMBER)
    office.choose(mine, NOTICE, Way.WEBHOOK)
    office.tell(mine.sub)
    with gateway() as there:
        office.send({Way.WEBHOOK: Webhook(there.url, ADDRESS, clock, "shared")})
    [(headers, body)] = there.posts
    at, _, given = headers[HEADER.lower()].partition(",v1=")
    seconds = at.removeprefix("t=")
    assert int(seconds) == int(clock.now.timestamp())
    assert given == hmac.new(b"shared", seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    told = json.loads(body)
    assert (told["recipient"], told["subject"], told["kind"]) == (mine.sub, SUBJECT, "ACTIVITY_NOTICE")


def test_what_did_not_arrive_is_sent_again_or_settled_by_the_office_alone(office: Office, units: Units) -> None:
    office.tell(office.person("郑四"))
    office.tell(office.person("赵一", "13900001111"))
    with gateway(400, 400) as there:
        by = {Way.SMS: Sms(there.url, templates=TEMPLATES)}
        office.send(by)
        again, by_phone = (row.id for row in office.deliveries())
        member = office.account("zhengsi", Role.MEMBER)
        refused(units, Code.FORBIDDEN, lambda unit: service.resend(unit, member, again))
        with units.write() as unit:
            service.resend(unit, office.clerk, again)
            service.settle(unit, office.clerk, by_phone)
        office.send(by)
    assert [each[0] for each in state(office)] == [DeliveryState.SENT, DeliveryState.SETTLED]
    refused(units, Code.OUT_OF_TURN, lambda unit: service.resend(unit, office.clerk, by_phone))


def test_the_settings_say_which_ways_there_are(tmp_path: Path, clock: places.Clock) -> None:
    bare = Settings(committee=places.JIASHAN)
    assert carriers(bare, "嘉善县政协", clock) == {}
    token = tmp_path / "token"
    token.write_text("secret-token\n")
    token.chmod(0o600)
    sms = SmsSettings(url="https://sms.example/send", token=token, sign="嘉善政协", templates=("DEFAULT=SMS_1",))
    found = carriers(Settings(committee=places.JIASHAN, sms=sms), "嘉善县政协", clock)
    assert found == {Way.SMS: Sms("https://sms.example/send", "嘉善政协", "secret-token", {"DEFAULT": "SMS_1"})}
    assert isinstance(
        carriers(Settings(committee=places.JIASHAN, sms=SmsSettings(url="log:")), "", clock)[Way.SMS], LoggedSms
    )


def test_who_works_for_a_body_is_reached_at_its_contacts_phone(office: Office) -> None:
    """Their account is nobody's of the roster; the list of bodies has a number for them."""
    draft = BodyDraft("县水务局", BodyKind.DEPARTMENT, contact_name="周科长", contact_phone="0573-84222222")
    with office.units.write() as unit:
        body = body_service.add_body(unit, office.clerk, draft).id
    office.tell(office.account("shuiwu", Role.DEPARTMENT, body=body).sub)
    with gateway() as there:
        assert office.send({Way.SMS: Sms(there.url, templates=TEMPLATES)}) == 1
    [(_, told)] = there.posts
    assert json.loads(told)["phone"] == "0573-84222222"
