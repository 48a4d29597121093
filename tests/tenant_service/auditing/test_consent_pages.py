"""The security administrator leaves the audit to the parent on a page, and how heads below stand."""

import datetime as dt
from collections.abc import Callable

import msgspec
import pytest
from sqlalchemy import select, update

from sync.contract.trust.directory import Directory
from tenant_service.auditing.models import HeardConsentRow, HeardHeadRow
from tenant_service.auditing.rules import Standing
from tenant_service.exchange.models import OutboxRow
from tenant_service.identity.models import AuditConsentRow, AuditRow
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.browsing import Browser
from tests.tenant_service.places import Clock
from tests.tenant_service.schema_walk import strangers
from tests.tenant_service.schema_walk.strangers import CHILD, HOME, PARENT, SUSPENDED

# A page does not know which database is below it; the consent's own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Open = Callable[..., Browser]
AT, GIVE, WITHDRAW = "/audit/consent", "/audit/consent/give", "/audit/consent/withdraw"
STRANGERS = [role for role in Role if role not in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)]


@pytest.fixture
def directory(request: pytest.FixtureRequest) -> Directory:
    """In which Jiashan has a child, and this parent."""
    contents, parent = strangers.directory().contents, getattr(request, "param", PARENT)
    entries = [msgspec.structs.replace(each, parent=parent) if each.id == HOME else each for each in contents.entries]
    return Directory(msgspec.structs.replace(contents, entries=entries))


@pytest.fixture
def security(anybody: Open) -> Browser:
    return anybody(Role.SECURITY_ADMIN, name="安全员")


def given(units: Units) -> list[tuple[str, bool]]:
    """Whom each consent names, and whether it is in force."""
    with units.read() as unit:
        return [(row.parent_id, row.withdrawn_at is None) for row in unit.session.scalars(select(AuditConsentRow))]


def traces(units: Units) -> tuple[list[str], list[tuple[str, bool]], int]:
    """What is noted, consented to and published."""
    with units.read() as unit:
        acts = list(unit.session.scalars(select(AuditRow.act).order_by(AuditRow.seq)))
        return acts, given(units), len(unit.session.scalars(select(OutboxRow)).all())


def test_it_is_given_withdrawn_and_given_again(security: Browser, units: Units) -> None:
    page = security.go(AT)
    assert "没有委托" in page.text
    assert "从未委托" in page.text
    page.send(GIVE, reason="本会暂无人选")
    assert (page.status, page.path) == (200, AT)
    assert given(units) == [(PARENT, True)]
    assert "委托有效" in page.text
    assert "本会暂无人选" in page.text
    assert "嘉兴" in page.text
    page.send(WITHDRAW, reason="已有人选，收回")
    assert given(units) == [(PARENT, False)]
    assert "没有委托" in page.text
    page.send(GIVE, reason="人选调离本会")
    assert given(units) == [(PARENT, False), (PARENT, True)]
    assert traces(units)[0][-3:] == ["audit.consent", "audit.consent_withdrawn", "audit.consent"]


@pytest.mark.parametrize(("reason", "said"), [("", "请填写理由"), ("无", "至少4字")])
def test_without_a_reason_nothing_is_given_or_withdrawn(
    security: Browser, units: Units, reason: str, said: str
) -> None:
    page, before = security.go(AT), traces(units)
    page.send(GIVE, reason=reason)
    assert (page.status, traces(units)) == (400, before)
    assert said in page.text
    page.go(AT).send(GIVE, reason="本会暂无人选")
    before = traces(units)
    page.send(WITHDRAW, reason=reason)
    assert (page.status, traces(units)) == (400, before)
    assert said in page.text


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_the_other_two_administrators_see_it_and_can_do_nothing(
    role: Role, anybody: Open, security: Browser, units: Units
) -> None:
    security.go(AT).send(GIVE, reason="本会暂无人选")
    page = anybody(role, name="管理员").go(AT)
    assert page.status == 200
    assert "委托有效" in page.text
    assert '<form class="form"' not in page.text
    csrf, before = page.csrf(), traces(units)
    for path in (GIVE, WITHDRAW):
        assert page.post(path, csrf=csrf, reason="我来决定一下").status == 403
    assert traces(units) == before


@pytest.mark.parametrize("role", STRANGERS)
def test_nobody_else_sees_it_or_acts(role: Role, anybody: Open, units: Units) -> None:
    page = anybody(role)
    csrf, before = page.go("/").csrf(), traces(units)
    assert page.go(AT).status == 403
    for path in (GIVE, WITHDRAW):
        assert page.post(path, csrf=csrf, reason="我来决定一下").status == 403
    assert traces(units) == before


def test_who_is_not_signed_in_is_asked_to_and_changes_nothing(visitor: Browser, units: Units) -> None:
    assert visitor.go(AT).path == "/sign-in"
    before = traces(units)
    visitor.post(GIVE, reason="我来决定一下")
    assert traces(units) == before


def test_a_form_of_another_page_changes_nothing(security: Browser, units: Units) -> None:
    security.go(AT)
    before = traces(units)
    assert security.post(GIVE, csrf="x", reason="本会暂无人选").status == 400
    assert traces(units) == before


@pytest.mark.parametrize("directory", [None], indirect=True)
def test_who_has_nobody_above_is_told_so(anybody: Open, units: Units) -> None:
    page = anybody(Role.SECURITY_ADMIN)
    csrf = page.go(AT).csrf()
    assert "目录中没有本会的上级" in page.text
    before = traces(units)
    page.post(GIVE, csrf=csrf, reason="本会暂无人选")
    assert (page.status, traces(units)) == (409, before)


def test_with_it_nobody_is_missing_of_the_three(security: Browser, anybody: Open, units: Units) -> None:
    anybody(Role.SYSTEM_ADMIN, name="系统员")
    assert "<li>审计管理员</li>" in security.go("/accounts").text
    security.go(AT).send(GIVE, reason="本会暂无人选")
    assert "空缺" not in security.go("/accounts").text
    with units.write() as unit:
        unit.session.execute(update(AuditConsentRow).values(parent_id=SUSPENDED))
    assert "<li>审计管理员</li>" in security.go("/accounts").text, "it names no parent of ours"
    assert "三员空缺" in security.go("/").text
    assert "不起作用" in security.go(AT).text


def heard(units: Units, standing: Standing, broken_at: int | None = None, ago: dt.timedelta = dt.timedelta()) -> None:
    with units.write() as unit:
        at = unit.now - ago
        unit.session.add(
            HeardHeadRow(
                committee_id=CHILD, month="2026-04", seq=40, chain="ab", signed_at=at, heard_at=at, last_at=at,
                proof="x", standing=standing, broken_at=broken_at,
            )
        )  # fmt: skip


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_a_child_that_says_itself_that_entries_are_gone_is_shown(role: Role, anybody: Open, units: Units) -> None:
    page = anybody(role)
    heard(units, Standing.FIRST)
    assert 'class="bad"' not in page.go("/audit/heads").text
    assert "首次收到" in page.text
    heard(units, Standing.NOT_WHOLE, broken_at=7)
    row = page.go("/audit/heads").text.partition('class="bad"')[2].partition("</tr>")[0]
    assert "罗星" in row
    assert "自报有缺失" in row
    assert "第 7 条" in row
    assert "按时" in row
    number = page.go("/").tile("下级审计头异常")
    assert page.go("/audit/heads?wrong=1").text.partition("<tbody>")[2].count("<tr") == number > 0
    heard(units, Standing.CONTINUES)
    assert "自报有缺失" in page.go("/audit/heads").text, "what is said once stays"


def test_a_child_that_tells_nothing_is_overdue_and_one_that_left_its_audit_to_us_is_named(
    security: Browser, units: Units, clock: Clock
) -> None:
    assert "逾期未报" in security.go("/audit/heads").text
    assert "委托本会" not in security.text.partition("<tbody>")[2]
    with units.write() as unit:
        row = HeardConsentRow(id=f"{CHILD}.audit_consent.1", committee_id=CHILD, given_at=unit.now, heard_at=unit.now)
        unit.session.add(row)
    heard(units, Standing.FIRST, ago=dt.timedelta(hours=4))
    page = security.go("/audit/heads")
    assert "逾期未报" in page.text
    assert "委托本会" in page.text.partition("<tbody>")[2]
    assert "由本会审计管理员在联动网关的" in page.text
    assert SUSPENDED not in page.text


def test_the_heads_of_a_child_are_handed_out(security: Browser, anybody: Open, units: Units) -> None:
    heard(units, Standing.NOT_WHOLE, broken_at=7)
    answer = security.client.get(f"/audit/heads/{CHILD}.jsonl")
    assert answer.status_code == 200
    assert '"standing":"NOT_WHOLE"' in answer.text
    assert anybody(Role.CLERK).go(f"/audit/heads/{CHILD}.jsonl").status == 403


def test_the_page_speaks_english(security: Browser) -> None:
    assert "Leave the audit to the parent" in security.go(f"{AT}?lang=en").text
