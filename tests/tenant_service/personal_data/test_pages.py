"""Somebody looks into one person's data: masked, shown one by one for a reason noted first, exported, erased."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from tenant_service.identity.actor import Actor
from tenant_service.identity.models import AuditRow, DisclosureRow
from tenant_service.identity.policy import Role
from tenant_service.members import service as members
from tenant_service.members.service import PersonDraft
from tenant_service.personal_data import retention, showing, words
from tenant_service.personal_data.queries import TABLES
from tenant_service.settings import Settings
from tenant_service.storage.columns import Row
from tenant_service.storage.unit_of_work import Units
from tenant_service.web.site import Site
from tests.tenant_service.browsing import Browser, allow
from tests.tenant_service.identity.tampering import run
from tests.tenant_service.personal_data.people import leave
from tests.tenant_service.places import Clock

# A page does not know which database is below it; the room's own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Open = Callable[..., Browser]
PHONE, BIRTH = "13912345678", "1966-03"


@pytest.fixture
def person(units: Units, clerk: Actor) -> str:
    with units.write() as unit:
        draft = PersonDraft(name="孙五", work_phone=PHONE, birth_month=BIRTH, employer="县医院")
        return members.add_person(unit, clerk, draft).id


def register(units: Units) -> list[tuple[str, str | None, str | None]]:
    with units.read() as unit:
        rows = unit.session.scalars(select(DisclosureRow).order_by(DisclosureRow.id))
        return [(row.act, row.field, row.reason) for row in rows]


def test_somebody_is_looked_up_by_name(clerk_browser: Browser, person: str) -> None:
    assert f'href="/personal/{person}"' in clerk_browser.go("/personal?q=%E5%AD%99").text
    assert "名册中没有此人" in clerk_browser.go("/personal?q=%E6%97%A0").text
    assert 'href="/personal"' in clerk_browser.go("/").text


def test_the_office_sees_masks(clerk_browser: Browser, person: str) -> None:
    page = clerk_browser.go(f"/personal/{person}")
    assert page.status == 200
    assert "139****5678" in page.text
    assert "1966-**" in page.text
    assert "县医院" in page.text
    assert PHONE not in page.text
    assert BIRTH not in page.text


def test_every_column_that_is_shown_has_a_name_that_people_know(
    clerk_browser: Browser, anybody: Open, person: str
) -> None:
    """Of every table that a room tells of somebody: who adds one says there what people call its columns."""
    shown = [
        (table, column.name) for table in TABLES for column in Row.metadata.tables[table].columns
        if column.name not in showing.UNSAID
    ]  # fmt: skip
    unnamed = [each for each in shown if not re.search("[\u4e00-\u9fff]", showing.label(*each))]
    assert not unnamed, "say it in tenant_service/personal_data/words.py, or in sync/contract/fields.py"
    columns = {name for _, name in shown} | {f"{table}.{name}" for table, name in shown}
    assert not words.COLUMNS.keys() - columns, "no table has such a column any more"
    anybody(Role.CLERK, name="孙五", person=person)
    page = clerk_browser.go(f"/personal/{person}").text
    held = page.partition('id="held"')[2].partition("</section>")[0]
    for words_ in ("姓名</span> 孙五", "角色</span> 工作人员", "首次密码未改</span> 否", "操作</span> 开通账号"):
        assert words_ in held
    assert not re.findall(r'<span class="muted">([a-z_]+)</span>', held)
    assert "work phone" in clerk_browser.go(f"/personal/{person}?lang=en").text


def test_the_person_sees_everything_and_no_button_to_erase(anybody: Open, person: str) -> None:
    own = anybody(Role.MEMBER, name="孙五", person=person)
    assert own.go("/personal/mine").path == f"/personal/{person}"
    assert PHONE in own.text
    assert BIRTH in own.text
    assert "没有任何内容离开过本会" in own.text
    assert 'id="erase"' not in own.text
    assert "/reveal" not in own.text
    answer = own.client.get(f"/personal/{person}/data.json")
    assert answer.status_code == 200
    assert PHONE in answer.text
    assert "孙五" in answer.text


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CHAIR, Role.STREET, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_nobody_else_sees_any_of_it(role: Role, anybody: Open, person: str, units: Units) -> None:
    page = anybody(role, name="别人")
    for path in (f"/personal/{person}", f"/personal/{person}/data.json?purpose=LAWFUL", "/personal", "/personal/left"):
        assert page.go(path).status == 403, path
        assert PHONE not in page.text
    assert register(units) == []


def test_one_field_is_shown_for_a_reason(clerk_browser: Browser, person: str, units: Units, clock: Clock) -> None:
    page = clerk_browser.go(f"/personal/{person}")
    page.send(f"/personal/{person}/reveal", field="work_phone", purpose="NOTICE", reason="通知来会领取资料")
    assert PHONE in page.text
    assert BIRTH not in page.text
    assert register(units) == [("personal.reveal", "work_phone", "通知来会领取资料")]
    shown = str(page.client.get(f"/personal/{person}").url)
    assert PHONE not in page.client.get(shown).text
    clock.on(minutes=6)
    with units.read() as unit:
        id = unit.session.scalars(select(DisclosureRow.id)).one()
    assert PHONE not in page.go(f"/personal/{person}?shown={id}").text


def test_without_a_reason_nothing_is_shown(clerk_browser: Browser, person: str, units: Units) -> None:
    page = clerk_browser.go(f"/personal/{person}")
    page.send(f"/personal/{person}/reveal", field="work_phone", purpose="NOTICE", reason="")
    assert page.status == 400
    assert "请填写理由" in page.error_of("reason")
    assert PHONE not in page.text
    page.go(f"/personal/{person}").send(
        f"/personal/{person}/reveal", field="name", purpose="NOTICE", reason="通知来会领取资料"
    )
    assert page.status == 400
    assert register(units) == []


def test_while_the_log_cannot_be_written_nothing_is_shown(
    clerk_browser: Browser, person: str, units: Units, engine: Engine
) -> None:
    page = clerk_browser.go(f"/personal/{person}")
    run(engine, "CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(Exception, match="disk full"):
        page.send(f"/personal/{person}/reveal", field="work_phone", purpose="NOTICE", reason="通知来会领取资料")
    with pytest.raises(Exception, match="disk full"):
        page.go(f"/personal/{person}/data.json?purpose=LAWFUL&reason=法院依法调取")
    assert PHONE not in page.text
    assert register(units) == []


def test_what_was_shown_to_one_is_not_shown_to_another(
    clerk_browser: Browser, anybody: Open, person: str, units: Units
) -> None:
    page = clerk_browser.go(f"/personal/{person}")
    page.send(f"/personal/{person}/reveal", field="work_phone", purpose="NOTICE", reason="通知来会领取资料")
    with units.read() as unit:
        id = unit.session.scalars(select(DisclosureRow.id)).one()
    other = anybody(Role.SECRETARY, name="秘书")
    assert PHONE not in other.go(f"/personal/{person}?shown={id}").text
    with units.write() as unit:
        somebody = members.add_person(unit, a_clerk(units), PersonDraft(name="周六", work_phone="13800000000")).id
    assert "13800000000" not in clerk_browser.go(f"/personal/{somebody}?shown={id}").text


def a_clerk(units: Units) -> Actor:
    return Actor(units.committee, units.committee, "c", roles=frozenset({Role.CLERK}))


def test_the_office_exports_for_a_purpose_and_a_typed_reason_alone(
    clerk_browser: Browser, person: str, units: Units
) -> None:
    page = clerk_browser.go(f"/personal/{person}/data.json")
    assert page.status == 400
    assert "请先选择用途" in page.text
    assert register(units) == []
    for reason, code in (("", "NEEDS_REASON"), ("查", "BAD_VALUE")):
        page = clerk_browser.go(f"/personal/{person}/data.json?purpose=LAWFUL&reason={reason}")
        assert (page.status, code in page.text, BIRTH in page.text) == (400, True, False)
    assert register(units) == []
    assert clerk_browser.go(f"/personal/{person}/data.json?purpose=LAWFUL&reason=法院依法调取").status == 200
    assert register(units) == [("personal.export", None, "法院依法调取")]
    with units.read() as unit:
        assert unit.session.scalars(select(AuditRow.act)).all()[-1] == "personal.export"


def test_who_looks_at_too_many_is_stopped(clerk_browser: Browser, person: str, site: Site) -> None:
    allow(site, 2)
    for expected in (200, 200, 429):
        assert clerk_browser.go(f"/personal/{person}").status == expected
    assert "今日查看的个人信息已达2条" in clerk_browser.text
    assert "139" not in clerk_browser.text


def test_the_secretary_erases_who_has_left(anybody: Open, person: str, units: Units, clerk: Actor) -> None:
    page = anybody(Role.SECRETARY, name="秘书").go(f"/personal/{person}")
    page.send(f"/personal/{person}/erase", purpose="SUBJECT", sure="yes")
    assert "尚未离任" in page.text
    leave(units, clerk, person)
    page.go(f"/personal/{person}").send(f"/personal/{person}/erase", purpose="SUBJECT")
    assert "请先勾选确认" in page.error_of("sure")
    page.go(f"/personal/{person}").send(f"/personal/{person}/erase", purpose="", sure="yes")
    assert "请先选择用途" in page.text
    page.go(f"/personal/{person}").send(f"/personal/{person}/erase", purpose="SUBJECT", sure="yes")
    assert page.status == 200
    assert "（已删除）" in page.text
    assert "孙五" not in page.text


def test_a_clerk_is_offered_no_erasing(clerk_browser: Browser, person: str) -> None:
    page = clerk_browser.go(f"/personal/{person}")
    assert "/erase" not in page.text
    assert page.post(f"/personal/{person}/erase", csrf=page.csrf(), purpose="SUBJECT", sure="yes").status == 403


def test_a_records_way_out_is_asked_for_by_its_id(clerk_browser: Browser, person: str) -> None:
    page = clerk_browser.go(f"/personal/left?record={person}")
    assert page.status == 200
    assert "没有任何内容离开过本会" in page.text
    assert clerk_browser.go("/personal/left?record=x").status == 400
    assert clerk_browser.go("/personal/330421.person.00000000000000000000000000000000").status == 404


def test_who_is_not_signed_in_is_asked_to(visitor: Browser, person: str) -> None:
    assert visitor.go("/personal/mine").path == "/sign-in"
    assert visitor.go(f"/personal/{person}").path == "/sign-in"


def test_the_pages_speak_english(clerk_browser: Browser, person: str) -> None:
    assert "See one masked field" in clerk_browser.go(f"/personal/{person}?lang=en").text
    assert "rows of personal data looked at today" in clerk_browser.go("/personal").text


def test_a_person_reads_and_prints_who_saw_what(
    clerk_browser: Browser, anybody: Open, person: str, units: Units
) -> None:
    clerk_browser.go(f"/personal/{person}").send(
        f"/personal/{person}/reveal", field="work_phone", purpose="NOTICE", reason="通知来会领取资料"
    )
    own = anybody(Role.MEMBER, name="孙五", person=person).go(f"/personal/{person}?whole=1")
    for text in ("查看与导出", "通知来会领取资料", "通知联络", "王一", PHONE):
        assert text in own.text
    assert "<form" not in own.text.partition("<main")[2].partition("</main")[0]
    told = own.client.get(f"/personal/{person}/data.json").json()
    assert [(each["act"], each["who"], each["purpose"]) for each in told["disclosed"]] == [
        ("personal.reveal", "王一", "NOTICE"), ("personal.export", "孙五", "SUBJECT"),
    ]  # fmt: skip


def test_what_retention_dropped_and_will_drop_is_shown(clerk_browser: Browser, anybody: Open, site: Site) -> None:
    assert "没有留存规则" in clerk_browser.go("/personal/retention").text
    rules = retention.rules_of(Settings(committee=site.committee))
    object.__setattr__(site, "services", replace(site.services, retention_rules=rules))
    with site.units.write() as unit:
        retention.note_run(unit, rules[0], 12)
    page = anybody(Role.SYSTEM_ADMIN, name="管理员").go("/").go("/personal/retention")
    assert "本会名单上外地来宾的姓名：活动后 30 天" in page.text
    assert ">12<" in page.text
    assert "Will drop" in page.go("/personal/retention?lang=en").text
    assert anybody(Role.MEMBER, name="委员").go("/personal/retention").status == 403


@pytest.fixture
def venue(clerk_browser: Browser) -> str:
    clerk_browser.go("/venues/new").send("/venues/new", name="议事堂", kind="HALL", address="一号", contactName="李二",
                                         contactPhone=PHONE)  # fmt: skip
    return clerk_browser.path.rpartition("/")[2]


def test_a_contacts_phone_is_masked_on_its_page_and_in_its_form(
    clerk_browser: Browser, anybody: Open, venue: str, units: Units
) -> None:
    at = f"/personal/contact/{venue}"
    for browser in (clerk_browser, anybody(Role.CHAIR, name="主席")):
        assert "139****5678" in browser.go(f"/venues/{venue}").text
        assert PHONE not in browser.text
        assert (at in browser.text) is (browser is clerk_browser)
    form = clerk_browser.go(f"/venues/{venue}/change")
    assert 'value="139****5678"' in form.text
    form.send(f"/venues/{venue}/change", name="议事堂", kind="HALL", address="二号", contactPhone="139****5678")
    page = clerk_browser.go(at)
    assert "139****5678" in page.text
    assert PHONE not in page.text
    page.send(at, purpose="NOTICE", reason="")
    assert "请填写理由" in page.error_of("reason")
    page.go(at).send(at, purpose="NOTICE", reason="请其开门")
    assert PHONE in page.text
    assert register(units) == [("personal.reveal", "contact_phone", "请其开门")]
    assert PHONE not in page.go(at).text


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CHAIR, Role.CONVENER, Role.SYSTEM_ADMIN])
def test_a_contact_is_shown_to_who_has_a_use_for_it(role: Role, anybody: Open, venue: str, units: Units) -> None:
    page = anybody(role, name="别人")
    assert page.go(f"/personal/contact/{venue}").status == 403
    assert PHONE not in page.text
    assert register(units) == []


def test_while_the_log_cannot_be_written_no_contact_is_shown(
    clerk_browser: Browser, venue: str, engine: Engine
) -> None:
    page = clerk_browser.go(f"/personal/contact/{venue}")
    run(engine, "CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(Exception, match="disk full"):
        page.send(f"/personal/contact/{venue}", purpose="NOTICE", reason="请其开门")
    assert PHONE not in page.text
