"""The audit administrator looks through the log; the security administrator looks through the audit administrator."""

import csv
import datetime as dt
import io
from collections.abc import Callable

import msgspec
import pytest
from sqlalchemy import Engine, select

from tenant_service.auditing import pages, service
from tenant_service.identity import audit_chain
from tenant_service.identity.models import AuditRow
from tenant_service.identity.policy import Role
from tenant_service.members import service as members
from tenant_service.members.service import PersonDraft
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.browsing import Browser
from tests.tenant_service.identity.tampering import run
from tests.tenant_service.places import JIASHAN, Clock, staff

# A page does not know which database is below it; the log's own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Open = Callable[..., Browser]


def acts(units: Units) -> list[tuple[str, str]]:
    with units.read() as unit:
        return [(row.sub, row.act) for row in unit.session.scalars(select(AuditRow).order_by(AuditRow.seq))]


@pytest.fixture
def auditor(anybody: Open) -> Browser:
    return anybody(Role.AUDIT_ADMIN, name="沈审计")


def test_an_empty_answer_is_said(auditor: Browser) -> None:
    page = auditor.go("/audit?subject=nothing")
    assert page.status == 200
    assert "没有符合条件的审计条目" in page.text
    assert "JSON Lines" not in page.text


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.CLERK, Role.SECRETARY, Role.CHAIR, Role.MEMBER])
def test_nobody_else_sees_the_log(role: Role, anybody: Open, units: Units) -> None:
    page = anybody(role)
    before = acts(units)
    for path in ("/audit", "/audit.csv", "/audit.jsonl"):
        assert page.go(path).status == 403
    assert acts(units) == before


def test_who_is_not_signed_in_is_asked_to(visitor: Browser) -> None:
    assert visitor.go("/audit").path == "/sign-in"


def test_looking_is_noted_before_anything_is_shown(auditor: Browser, units: Units) -> None:
    page = auditor.go("/audit")
    assert acts(units)[-1][1] == "audit.look"
    assert "审计 · 查看审计日志 audit.look" in page.text
    assert "沈审计" in page.text


def test_a_later_page_is_the_same_look_with_the_same_filters_alone(auditor: Browser, units: Units) -> None:
    auditor.go("/audit?act=account")
    before = acts(units)
    auditor.go("/audit?act=account&after=999999")
    assert acts(units) == before
    for filters in ("", "&act=personal", "&who=clerk-1", "&subject=x", "&act=account&from=2026-01-01"):
        auditor.go(f"/audit?after=999999{filters}")
        assert len(acts(units)) == len(before) + 1, filters
        before = acts(units)
        auditor.go(f"/audit?after=999998{filters}")
        assert acts(units) == before


def test_what_cannot_be_noted_is_not_shown(auditor: Browser, engine: Engine) -> None:
    run(engine, "CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    for path in ("/audit", "/audit.csv"):
        with pytest.raises(Exception, match="disk full"):
            auditor.go(path)


def test_the_security_administrator_sees_what_auditors_did_and_nothing_else(
    auditor: Browser, anybody: Open, units: Units
) -> None:
    with units.write() as unit:
        members.add_person(unit, staff(JIASHAN, Role.CLERK), PersonDraft(name="赵一"))
    auditor.go("/audit.csv")
    page = anybody(Role.SECURITY_ADMIN, name="安全员").go("/audit")
    assert "audit.export" in page.text
    assert "person.add" not in page.text
    assert "account.create" not in page.text


def test_filters_find_by_who_what_and_when(auditor: Browser, units: Units, clock: Clock) -> None:
    clerk = staff(JIASHAN, Role.CLERK, sub="clerk-1")
    with units.write() as unit:
        person = members.add_person(unit, clerk, PersonDraft(name="赵一")).id
    clock.on(days=2)
    with units.write() as unit:
        members.tag_person(unit, clerk, person, ["水利"])
    assert "person.add" in auditor.go("/audit?who=clerk-1").text
    assert "audit.look" not in auditor.go("/audit?who=clerk-1").text
    page = auditor.go("/audit?act=account").text
    assert "账号 · 开通账号 account.create" in page
    assert "2026-04-01 10:00:" in page, "a moment has its year"
    for begins in ("client", "grant", "link", "restore"):
        assert f'value="{begins}"' in page, "and is filtered by"
    assert "person.tag" not in auditor.go("/audit?act=account").text
    assert "person.tag" not in auditor.go("/audit?to=2026-04-02").text
    assert "person.add" not in auditor.go("/audit?from=2026-04-02").text
    assert "person.tag" in auditor.go(f"/audit?subject={person}").text
    for wrong in ("from=nonsense", "to=9999-12-31", "from=0001-01-01", "after=x", "after=9999999999999999999999"):
        before = acts(units)
        for path in ("/audit", *(() if "after" in wrong else ("/audit.csv",))):
            assert auditor.go(f"{path}?{wrong}").status == 400, wrong
        assert acts(units) == before, "who sees nothing has not looked"
    assert "没有符合条件" in auditor.go("/audit?who=nobody").text
    assert "audit.look" in auditor.go("/audit?who=%E6%B2%88%E5%AE%A1%E8%AE%A1").text


def test_a_page_leads_to_the_next(auditor: Browser, units: Units) -> None:
    clerk = staff(JIASHAN, Role.CLERK)
    for n in range(120):
        with units.write() as unit:
            service.note_look(unit, clerk, f"venue.n{n:03}")
    first = auditor.go("/audit?act=venue")
    assert "venue.n119" in first.text
    assert "venue.n019" not in first.text
    with units.read() as unit:
        place = unit.session.scalar(select(AuditRow.seq).where(AuditRow.act == "venue.n020"))
    assert f"after={place}" in first.text
    before = len(acts(units))
    second = auditor.go(f"/audit?act=venue&after={place}")
    assert "venue.n019" in second.text
    assert len(acts(units)) == before, "a further page is the same look"


def test_who_begins_at_a_later_page_looks_as_well(auditor: Browser, units: Units, clock: Clock) -> None:
    assert "account.create" in auditor.go("/audit?after=999999").text
    assert acts(units)[-1][1] == "audit.look"
    clock.on(hours=1)
    before = len(acts(units))
    auditor.go("/audit?after=999999")
    assert len(acts(units)) == before + 1, "an hour later it is another look"


def test_an_exported_log_proves_itself(auditor: Browser, units: Units) -> None:
    answer = auditor.client.get("/audit.jsonl")
    told = [msgspec.json.decode(line, type=dict[str, object]) for line in answer.text.splitlines()]
    assert [each["act"] for each in told] == ["account.create", "audit.export"]
    entries = [msgspec.json.decode(line, type=Line) for line in answer.text.splitlines()]
    for each in entries:
        digest = bytes.fromhex(each.digest) if each.digest else None
        entry = AuditRow(at=each.at, iss=each.iss, sub=each.sub, act=each.act, subject=each.subject, digest=digest)
        assert audit_chain.link(bytes.fromhex(each.prior), each.seq, entry).hex() == each.chain
    assert entries[0].prior == audit_chain.GENESIS.hex()
    assert entries[1].prior == entries[0].chain
    rows = list(csv.reader(io.StringIO(auditor.client.get("/audit.csv").content.decode("utf-8-sig"))))
    assert rows[0] == ["seq", "at", "iss", "sub", "act", "subject", "digest", "prior", "chain"]
    assert [row[4] for row in rows[1:]] == ["account.create", "audit.export", "audit.export"]


class Line(msgspec.Struct):
    seq: int
    at: dt.datetime
    iss: str
    sub: str
    act: str
    subject: str
    digest: str | None
    prior: str
    chain: str


def test_too_long_a_file_is_refused(auditor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_EXPORTED", 1)
    auditor.go("/audit")
    page = auditor.go("/audit.csv")
    assert page.status == 429
    assert "超过一个文件的1行" in page.text


def test_the_home_page_leads_there_whom_it_concerns(auditor: Browser, clerk_browser: Browser, anybody: Open) -> None:
    assert 'href="/audit"' in auditor.go("/").text
    assert 'href="/audit"' not in clerk_browser.go("/").text
    assert 'href="/audit/heads"' in anybody(Role.SYSTEM_ADMIN, name="系统员").go("/").text


def test_heads_below_are_shown_and_nobody_below_is_said(auditor: Browser, clerk_browser: Browser) -> None:
    page = auditor.go("/audit/heads")
    assert page.status == 200
    assert "没有下级政协" in page.text
    assert "尚未上报" in page.text
    assert clerk_browser.go("/audit/heads").status == 403
    assert auditor.go("/audit/heads/330102.jsonl").status == 404


def test_the_pages_speak_english(auditor: Browser) -> None:
    assert "Who did what to which record" in auditor.go("/audit?lang=en").text
    assert "No committees below" in auditor.go("/audit/heads").text
