"""Programmes as pages show them: the list, the targets of one, what was entered, and what each member has."""

from collections.abc import Mapping, Sequence

from sync.contract.ids import Id
from sync.contract.shapes.programmes import ProgrammeKind, ProgrammeOrder, ProgrammeRecord, ProgrammeState
from sync.edge.shell.plots import Bar
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.restoring import recovered
from tenant_service.exchange.sharing import choices
from tenant_service.exchange.watching import freshness as shared
from tenant_service.members import queries as members
from tenant_service.programmes import queries, rules
from tenant_service.programmes.models import ProgrammeEntryRow, ProgrammeRow
from tenant_service.programmes.progress_queries import Deeds
from tenant_service.programmes.rules import Target
from tenant_service.signing.rules import Approval
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit

ACTS = {
    "plan": say("筹备"), "redraft": say("修改方案"), "submit": say("送审"), "send_back": say("退回"),
    "join": say("参加答复"),
    "sign_off": say("签发方案"), "begin": say("启动"), "tick": say("任务完成"), "write_report": say("撰写总结"),
    "close": say("办结"), "cancel": say("取消专项"), "recover": say("找回"),
}  # fmt: skip
"""What people call the steps of a programme's history."""
LOOKS = {ProgrammeState.CANCELLED: "bad", ProgrammeState.RUNNING: "good", ProgrammeState.PLANNED: "warn"}
"""Classes of the style sheet, by state."""


def page(visit: Visit, first: int, after: str | None) -> Page:
    """One page of our programmes that reach the visitor, or with `?from=others` of those shared with us."""
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    return queries.listed(
        visit.unit.session, visit.actor, wanted(visit), ProgrammeOrder.YEAR_DESC, first, after, owners
    )  # fmt: skip


def wanted(visit: Visit) -> queries.Wanted:
    """What the address filters by; what it says that no list has filters nothing."""
    kind, state = ProgrammeKind.known(visit.asked("kind")), ProgrammeState.known(visit.asked("state"))
    approval = Approval.known(visit.asked("approval")) if visit.actor.sees_work else None
    year = visit.asked("year")
    return queries.Wanted(
        (kind,) if kind else (), (state,) if state else (), (approval,) if approval else (),
        int(year) if year.isdecimal() and len(year) == len("2026") else None, None, visit.asked("q")[:80] or None,
    )  # fmt: skip


def table(visit: Visit, rows: Sequence[ProgrammeRecord]) -> Table:
    columns = (
        Column(visit.say(say("题名"))), Column(visit.say(say("年度")), is_figure=True),
        Column(visit.say(say("专项类别"))), Column(visit.say(say("状态"))), Column(visit.say(say("完成期限"))),
        *(Column(visit.say(head), is_figure=True) for head in (say("任务"), say("已完成"), say("指标"), say("已达标"))),
    )  # fmt: skip
    entries, ours = visit.directory.entries, visit.actor.committee
    again = recovered.unchecked_among(visit.unit.session, [row.id for row in rows]) if visit.actor.sees_work else ()

    def line(row: ProgrammeRecord) -> Row:
        whose = f"（{entries[row.committee_id].short_name}）" if row.committee_id != ours else ""
        state = visit.say(row.state.label) + (f" · {visit.say(say('找回'))}" if row.id in again else "")
        targets, tasks = rules.targets_of(row), rules.tasks_of(row)
        cells = (
            row.title + whose, str(row.year), visit.say(row.kind.label), state, str(row.until) if row.until else None,
            len(tasks) if row.tasks is not None else None,
            sum(each.done is not None for each in tasks) if row.tasks is not None else None,
            len(targets) if row.targets is not None else None, _reached(targets) if row.targets is not None else None,
        )  # fmt: skip
        return Row(cells, f"/programmes/{row.id}")

    return Table(visit.say(say("专项计划")), columns, tuple(map(line, rows)), say("暂无专项计划"))


def _reached(targets: Sequence[Target]) -> int | None:
    """Targets that have come to their goal; those that each member has are looked at member by member."""
    told = [each for each in targets if each.counted is not None and each.measure.value != "EACH_MEMBER"]
    return sum((each.share or 0) >= 1 for each in told) if told else None


def share(part: float | None) -> str | None:
    return None if part is None else f"{100 * part:.1f}%"


def bars(targets: Sequence[Target]) -> list[Bar]:
    """Each target as a bar in hundredths of its goal, no longer than the goal."""
    return [
        Bar(f"{each.name}（{each.goal}{each.unit}）", min(round(100 * each.share), 100),
            note=f"{each.counted}{each.unit}")
        for each in targets if each.share is not None and each.measure.value != "EACH_MEMBER"
    ]  # fmt: skip


def targets(visit: Visit, found: Sequence[Target], seats: int | None) -> Table:
    """A line a target: goal, what it came to, and the share; of what each member has to do, how many members have."""
    heads = (say("指标"), say("计数方式"), say("目标值"), say("已完成"), say("完成率"))
    columns = tuple(Column(visit.say(head), is_figure=place > 1) for place, head in enumerate(heads))

    def line(each: Target) -> Row:
        by = visit.say(each.measure.label)
        if each.measure.value == "EACH_MEMBER":
            goal, part = f"{each.goal}{each.unit}", each.counted / seats if seats and each.counted is not None else None
            done = None if each.counted is None else visit.say(say("%(n)s名委员")) % {"n": each.counted}
            return Row((each.name, by, goal, done, share(part)))
        done = None if each.counted is None else f"{each.counted}{each.unit}"
        return Row((each.name, by, f"{each.goal}{each.unit}", done, share(each.share)))

    return Table(visit.say(say("指标完成情况")), columns, tuple(map(line, found)), say("未设指标"))


def entries(visit: Visit, found: Sequence[ProgrammeEntryRow], told: Mapping[int, str]) -> Table:
    heads = (say("日期"), say("指标"), say("对象"), say("委员"), say("人次"))
    names = members.persons_named(visit.unit.session, {each.person_id for each in found if each.person_id})
    rows = tuple(
        Row((str(each.day), told.get(each.target, ""), each.subject, names.get(each.person_id or ""), each.people))
        for each in found
    )
    columns = tuple(Column(visit.say(head), is_figure=place == len(heads) - 1) for place, head in enumerate(heads))
    return Table(visit.say(say("专项登记")), columns, rows, say("暂无登记"))


def of_each_member(visit: Visit, found: Sequence[Deeds], targets: Sequence[Target]) -> Table:
    """A line a member: what they have of each target, and x of N."""
    names = members.persons_named(visit.unit.session, {each.person_id for each in found})
    columns = (
        Column(visit.say(say("委员"))), *(Column(each.name, is_figure=True) for each in targets),
        Column(visit.say(say("完成情况")), is_figure=True),
    )  # fmt: skip
    rows = tuple(
        Row((names.get(each.person_id, each.person_id), *each.counts, f"{each.done}/{len(targets)}"))
        for each in sorted(found, key=lambda one: (-one.done, one.person_id))
    )
    return Table(visit.say(say("委员完成情况")), columns, rows, say("未设每名委员完成的指标"))


def joined(visit: Visit, row: ProgrammeRow, children: Sequence[ProgrammeRecord]) -> Table:
    """A line for every committee that was told of our programme: what it said, or 未反馈, and how far its own came."""
    answers = queries.answers(visit.unit.session, row.id)
    readers = choices.readers(choices.chosen(row.shares), visit.directory, row.committee_id)
    tasks, of = len(row.tasks or ()), {each.committee_id: each for each in children}
    heads = (say("政协"), say("参加情况"), say("承担任务"), say("理由"), say("下属专项"), say("指标完成情况"))

    def line(id: str, name: str) -> Row:
        said, child = answers.get(id), of.get(Id(id))
        taken = None if said is None or not tasks else {"FULLY": tasks, "NOT_NOW": 0}.get(said.joining, len(said.items))
        done = "；".join(
            f"{each.name} {each.counted}/{each.goal}{each.unit}" for each in rules.targets_of(child)
            if each.counted is not None
        ) if child else None  # fmt: skip
        cells = (
            name, visit.say(said.joining.label if said else say("未反馈")),
            None if taken is None else f"{taken}/{tasks}", said.because if said else None,
            child.title if child else None, done,
        )  # fmt: skip
        return Row(cells, f"/programmes/{child.id}" if child else None)

    rows = tuple(line(each.committee_id, each.name) for each in readers if each.committee_id != row.committee_id)
    columns = tuple(Column(visit.say(head)) for head in heads)
    return Table(visit.say(say("参加情况")), columns, rows, say("未共享给其他政协"))
