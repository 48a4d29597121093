"""The list of forms: what its address filters by, and its lines; what a form came to, and its answers as a table."""

from collections.abc import Sequence

from sync.contract.shapes.forms import FormKind, FormOrder, FormRecord, FormState, QuestionKind
from sync.edge.shell import formats
from sync.edge.shell.plots import Bar
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.restoring import recovered
from tenant_service.exchange.watching import freshness as shared
from tenant_service.forms import queries, rules
from tenant_service.forms.models import FormAnswerRow, FormRow
from tenant_service.signing.rules import Approval
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit

ACTS = {
    "draft": say("拟稿"), "redraft": say("修改"), "submit": say("送审"), "send_back": say("退回"),
    "sign_off": say("签发"), "open_form": say("开放填写"), "answer": say("作答"), "close": say("截止"),
    "withdraw": say("撤下"), "recover": say("找回"),
}  # fmt: skip
"""What people call the steps of a form's history, and its acts."""
LOOKS = {FormState.OPEN: "good", FormState.WITHDRAWN: "bad", FormState.REVIEWED: "warn", FormState.DRAFT: "warn"}
"""Classes of the style sheet, by state."""


def page(visit: Visit, first: int, after: str | None) -> Page:
    """One page of our forms that reach the visitor, or with `?from=others` of those shared with us."""
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    return queries.listed(
        visit.unit.session, visit.actor, wanted(visit), FormOrder.CHANGED_AT_DESC, first, after, owners
    )  # fmt: skip


def wanted(visit: Visit) -> queries.Wanted:
    """What the address filters by; what it says that no list has filters nothing."""
    kind, state = FormKind.known(visit.asked("kind")), FormState.known(visit.asked("state"))
    approval = Approval.known(visit.asked("approval")) if visit.actor.sees_work else None
    person = visit.actor.person if visit.asked("mine") == "asked" and visit.actor.is_inside else None
    return queries.Wanted(
        (kind,) if kind else (), (state,) if state else (), (approval,) if approval else (),
        visit.asked("q")[:80] or None, (person, visit.site.today()) if person else None,
    )  # fmt: skip


def table(visit: Visit, rows: Sequence[FormRecord]) -> Table:
    columns = (
        Column(visit.say(say("题名"))), Column(visit.say(say("表单类别"))), Column(visit.say(say("状态"))),
        Column(visit.say(say("填写范围"))), Column(visit.say(say("开放日期"))), Column(visit.say(say("截止日期"))),
        Column(visit.say(say("题数")), is_figure=True), Column(visit.say(say("作答数")), is_figure=True),
        Column(visit.say(say("合格率")), is_figure=True),
    )  # fmt: skip
    entries, ours = visit.directory.entries, visit.actor.committee
    again = recovered.unchecked_among(visit.unit.session, [row.id for row in rows]) if visit.actor.sees_work else ()

    def line(row: FormRecord) -> Row:
        whose = f"（{entries[row.committee_id].short_name}）" if row.committee_id != ours else ""
        state = visit.say(row.state.label) + (f" · {visit.say(say('找回'))}" if row.id in again else "")
        passing = rules.rate(row.answers, row.passed) if row.answers and row.passed is not None else None
        cells = (
            row.title + whose, visit.say(row.kind.label), state, visit.say(row.audience.label), _day(row.opened_on),
            _day(row.closes_on), len(row.question_texts), row.answers, share(passing),
        )  # fmt: skip
        return Row(cells, f"/forms/{row.id}")

    return Table(visit.say(say("表单")), columns, tuple(map(line, rows)), say("暂无表单，可从“拟制表单”开始"))


def share(rate: float | None) -> str | None:
    return None if rate is None else f"{100 * rate:.1f}%"


def bars(found: queries.Results) -> list[tuple[queries.Told, list[Bar]]]:
    """Each question with its options as bars, each with its share of those who answered the question."""
    return [
        (each, [Bar(text, number, note=share(number / each.answered if each.answered else None) or "")
                for text, number in each.options])
        for each in found.questions
    ]  # fmt: skip


def answers(visit: Visit, row: FormRow, rows: Sequence[FormAnswerRow]) -> Table:
    """The answers one by one; who gave them only where the kind of form says so to whoever answers."""
    named, questions = row.kind in rules.NAMED, row.questions()
    heads = [say("序号"), *([say("姓名")] if named else []), say("作答时间"), *([say("得分")] if row.pass_mark else [])]
    columns = [*(Column(visit.say(head)) for head in heads), *(Column(each.text) for each in questions)]

    def line(number: int, given: FormAnswerRow) -> Row:
        who = [given.name or visit.say(say("公众"))] if named else []
        points = [given.score] if row.pass_mark else []
        at = formats.moment(given.given_at, visit.unit.now, visit.here.language) if named else str(given.given_on)
        said = [_said(each, told) for each, told in zip(questions, given.given, strict=True)]
        return Row((str(number), *who, at, *points, *said))

    lines = tuple(line(number, each) for number, each in enumerate(rows, 1))
    return Table(visit.say(say("作答明细")), tuple(columns), lines, say("尚无人作答"))


def _said(question: rules.Question, told: Sequence[str]) -> str:
    if question.kind in (QuestionKind.SINGLE, QuestionKind.MULTI):
        return "；".join(question.options[int(each) - 1] for each in told)
    return "".join(told)


def _day(day: object) -> str | None:
    return str(day) if day else None
