"""What other pages show of the ledger and of yearly results, and what of them waits for whom."""

from sync.contract.errors import Refusal
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.performance import queries, scheme_queries
from tenant_service.performance import result_queries as results
from tenant_service.performance.listing import AT, keeps
from tenant_service.performance.models import SchemeRow
from tenant_service.performance.queries import Wanted
from tenant_service.performance.scheme_rules import SchemeState, shown
from tenant_service.web.site import Panel, Todo, Visit, Waits


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """履职台账 on a person's page, for the office and for the member, with how the year stands by its scheme."""
    if kind != "person" or not (keeps(visit) or (visit.actor.is_home and visit.actor.person == id)):
        return []
    session, year = visit.unit.session, visit.site.today().year
    scheme = scheme_queries.in_force(session, year)
    told = None
    if scheme is not None:
        elapsed = results.elapsed_of(year, visit.site.today())
        told = results.assessed(session, scheme.rules, year, [id], elapsed)[id]
    return [Panel("ledger_beside.html", {
        "person": id, "year": year, "keeps": keeps(visit), "points": shown(told.points) if told else None,
        "is_warned": told.is_warned if told else False,
        "count": queries.count(session, visit.actor, Wanted(id, year, stands=True)),
    })]  # fmt: skip


def starts(visit: Visit) -> list[Link]:
    """登记履职, for the office."""
    return [Link(f"{AT}/new", say("登记履职"))] if keeps(visit) else []


def todos(visit: Visit) -> list[Todo]:
    """Objections for the office, results and schemes for whoever signs; to a member, that the own result is published
    and may be objected to.
    """
    session, today = visit.unit.session, visit.site.today()
    if not visit.actor.is_inside:
        return []

    def count(what: str) -> int:
        return len(results.waiting(session, visit.actor, what, today))

    if visit.actor.sees_work and (keeps(visit) or visit.may(UseCase.SIGN_OFF_PERFORMANCE)):
        drafts = [each for each in scheme_queries.listed(session, visit.actor) if each.state is SchemeState.DRAFT]
        signs = visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_PERFORMANCE)
        return [
            Todo(
                say("履职结果异议待答复"), results.open_objections(session), f"{AT}/objections?state=OPEN",
                visit.waits(Waits.TO_DO, UseCase.KEEP_LEDGER),
            ),
            Todo(say("履职方案待施行"), len(drafts), f"{AT}/schemes?state=DRAFT", signs),
            Todo(say("年度履职结果待公示"), count("publish"), f"{AT}/results?waits=publish", signs),
            Todo(say("年度履职结果待定稿"), count("final"), f"{AT}/results?waits=final", signs),
        ]  # fmt: skip
    mine = count("mine") if visit.actor.person else 0
    return [Todo(say("本人年度履职结果公示中"), mine, f"{AT}/results?waits=mine", Waits.TO_DO)] if mine else []


def named(visit: Visit, kind: str, id: str) -> Link | None:
    """Where a scheme, a year's result and an objection are shown, to whom they are."""
    session, actor = visit.unit.session, visit.actor
    try:
        if kind == "scheme":
            return Link(f"{AT}/schemes/{id}", _called(scheme_queries.one(session, actor, id)))
        if kind == "yearly_result":
            row = results.one(session, actor, id)
            return Link(f"{AT}/results/{id}", visit.say(say("%(year)s年度履职结果")) % {"year": row.year})
        if kind == "objection":
            results.objection(session, actor, id)
            return Link(f"{AT}/objections/{id}", visit.say(say("异议")))
    except Refusal:
        return None
    return None


def _called(row: SchemeRow) -> str:
    return f"{row.year} {row.name}"
