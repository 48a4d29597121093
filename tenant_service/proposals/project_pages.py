"""Pages of 专题项目 (projects) of a year, what is handled in each, and what proposers said stage by stage."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from sync.edge.shell.formats import share
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.members import posting_queries as postings
from tenant_service.members import queries as members
from tenant_service.proposals import acts, listing, rating_queries
from tenant_service.proposals import project_queries as queries
from tenant_service.web.site import View, Visit

_ALL, _ONE = "/proposals/projects", "/proposals/projects/{id}"


def routes(get: Callable[[str, object], Route], post: Callable[..., Route]) -> list[Route]:
    """`get` and `post` make the routes of the site."""
    return [
        get(_ALL, listed),
        get(f"{_ALL}.{{suffix:str}}", exported),
        post(_ALL, acts.plan_project, listed),
        get("/proposals/stages.{suffix:str}", stages_exported),
        get(_ONE, one),
        get(f"{_ONE}/proposals.{{suffix:str}}", one_exported),
        post(f"{_ONE}/change", acts.change_project, one),
        post(f"{_ONE}/group", acts.group, one),
        post(f"{_ONE}/part", acts.part_with, one),
        post(f"{_ONE}/end", acts.end_project, one),
    ]


def listed(visit: Visit) -> View:
    """Projects of a year, and what first proposers said of its proposals by round and stage."""
    visit.actor.require(UseCase.SEE_WORK)
    year, stages = _year(visit), rating_queries.by_stage(visit.unit.session, _year(visit))
    return View("proposal_projects.html", {
        "table": _table(visit), "stages": _stages(visit), "year": year, "years": queries.years(visit.unit.session),
        "may_edit": visit.may(UseCase.EDIT_PROPOSALS), "bodies": _bodies(visit), "key": visit.key,
        "fields": ("title", "leader", "bodyId", "year"), "rows": stages,
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    visit.actor.require(UseCase.SEE_WORK)
    return _table(visit).file("proposal-projects", visit.request.path_params["suffix"])


def stages_exported(visit: Visit) -> Response:
    visit.actor.require(UseCase.SEE_WORK)
    return _stages(visit).file("proposal-stages", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One project with its proposals, and those of the year that may join it."""
    visit.actor.require(UseCase.SEE_WORK)
    session, row = visit.unit.session, queries.one(visit.unit.session, visit.id)
    may_edit = visit.may(UseCase.EDIT_PROPOSALS) and row.ended_at is None
    return View("proposal_project.html", {
        "it": row, "body": members.bodies_named(session, [row.body_id]).get(row.body_id) if row.body_id else None,
        "proposals": queries.proposals(session, row.id), "looks": listing.LOOKS, "may_edit": may_edit,
        "joinable": queries.joinable(session, row.year) if may_edit else (), "bodies": _bodies(visit),
        "fields": ("title", "leader", "bodyId", "proposal"),
        "values": {"title": row.title, "leader": row.leader or "", "bodyId": row.body_id or ""},
        "panels": visit.beside("project", row.id),
    })  # fmt: skip


def one_exported(visit: Visit) -> Response:
    visit.actor.require(UseCase.SEE_WORK)
    project = queries.one(visit.unit.session, visit.id)
    rows = [each.record() for each in queries.proposals(visit.unit.session, project.id)]
    return listing.table(visit, rows).file("proposal-project", visit.request.path_params["suffix"])


# ── parts ──


def _year(visit: Visit) -> int:
    asked = visit.asked("year")
    return int(asked) if asked.isdecimal() and len(asked) == len("2026") else visit.site.today().year


def _bodies(visit: Visit) -> list[tuple[str, str]]:
    return [(each.id, each.name) for each in postings.listed_bodies(visit.unit.session, visit.site.today())]


def _table(visit: Visit) -> Table:
    columns = (
        Column(visit.say(say("专题项目"))), Column(visit.say(say("领办领导"))),
        Column(visit.say(say("提案")), is_figure=True), Column(visit.say(say("已答复")), is_figure=True),
        Column(visit.say(say("状态"))),
    )  # fmt: skip
    found = queries.of_year(visit.unit.session, _year(visit))
    rows = tuple(
        Row(
            (
                each.row.title, each.row.leader, each.proposals, each.replied,
                visit.say(say("已办结")) if each.row.ended_at else visit.say(say("办理中")),
            ),
            f"/proposals/projects/{each.row.id}",
        )
        for each in found
    )  # fmt: skip
    return Table(visit.say(say("专题项目")), columns, rows, say("本年度尚无专题项目"))


def _stages(visit: Visit) -> Table:
    columns = (
        Column(visit.say(say("轮次")), is_figure=True), Column(visit.say(say("阶段"))),
        Column(visit.say(say("已反馈")), is_figure=True), Column(visit.say(say("满意和基本满意")), is_figure=True),
        Column(visit.say(say("不满意")), is_figure=True), Column(visit.say(say("未反馈")), is_figure=True),
        Column(visit.say(say("满意率")), is_figure=True),
    )  # fmt: skip
    found = rating_queries.by_stage(visit.unit.session, _year(visit))
    rows = tuple(
        Row((
            str(each.round), f"{each.stage} {each.name}".strip(), each.told, each.pleased, each.told - each.pleased,
            each.silent, share(each.pleased, each.told),
        ))
        for each in found
    )  # fmt: skip
    return Table(visit.say(say("两轮测评")), columns, rows, say("本年度提案尚无测评"))
