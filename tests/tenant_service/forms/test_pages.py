"""The office writes a form as text, the public answers by its code, a member by an account."""

from collections.abc import Callable

import pytest

from tenant_service.forms.drafts import questions_of, written_out
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.browsing import Browser
from tests.tenant_service.forms.office import MOCK, QUIZ, SURVEY, Office

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
WRITTEN = {
    "kind": "QUIZ", "title": "政协知识小测试", "audience": "PUBLIC", "passMark": "60",
    "questions": "单选 政协成立于哪一年 *\n√1949年\n1954年\n\n文字：您的建议",
}  # fmt: skip


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


def test_questions_are_written_as_text_and_read_back(office: Office) -> None:
    del office
    for draft in (QUIZ, SURVEY, MOCK):
        assert questions_of(written_out(draft.questions)) == draft.questions


@pytest.mark.seed(16, 18)
def test_a_quiz_is_written_signed_opened_answered_by_its_code_and_counted(
    clerk_browser: Browser, anybody: Callable[..., Browser], visitor: Browser, office: Office
) -> None:
    assert "暂无表单" in clerk_browser.go("/forms").text
    at = clerk_browser.go("/forms/new").send("/forms/new", **WRITTEN).path
    clerk_browser.send(f"{at}/submit")
    leader = anybody(Role.SECRETARY)
    assert leader.go("/").tile("表单待审签") == 1
    leader.go(at).send(f"{at}/sign-off", unclassified="yes")
    clerk_browser.go(at).send(f"{at}/open")
    form = f"/f/{office.row(at.rpartition('/')[2]).token}"
    assert form in clerk_browser.text
    assert visitor.go(form).send(form).error_of("q1") == "必答"
    page = visitor.go(form).send(form, q1="1", q2="多办讲座").text
    assert "得分：100 分" in page
    assert visitor.go(form).send(form, q1="1").status == 409
    assert "作答不足 5 份" in clerk_browser.go(at).text
    assert clerk_browser.go(f"{at}/answers.csv").status == 409
    clerk_browser.go(at).send(f"{at}/close")
    assert "100.0%" in clerk_browser.go("/forms").text


def test_a_member_answers_and_changes_it(member_browser: Browser, clerk_browser: Browser, office: Office) -> None:
    at = f"/forms/{office.opened(MOCK.__class__(**vars(MOCK) | {'audience': SURVEY.audience}))}"
    member_browser.go(at)
    member_browser.go(f"{at}/answer").send(f"{at}/answer", q1="垃圾分类", q2="进校园")
    assert "修改我的作答" in member_browser.text
    assert "垃圾分类" in member_browser.go(f"{at}/answer").text
    assert "垃圾分类" in clerk_browser.go(f"{at}/answers.csv").text
    assert clerk_browser.go(f"{at}/answers.xlsx").status == 200
    assert member_browser.go(f"{at}/answers.csv").status == 403
    assert member_browser.go("/forms/new").status == 403


def test_what_is_wrong_is_said_beside_its_field(clerk_browser: Browser) -> None:
    page = clerk_browser.go("/forms/new").send("/forms/new", **WRITTEN | {"questions": "哪一年"})
    assert page.error_of("questions") == "第1题须以单选、多选、文字或数字开头"
    assert "政协知识小测试" in page.text
