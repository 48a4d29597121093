"""授权: who signs in whose place from one day to another, with a form for who may leave it to somebody."""

from starlette.responses import Response
from starlette.routing import Route

from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity import deputies
from tenant_service.identity.audit_log import listing as audit_listing
from tenant_service.identity.deputies import Deputy, Draft
from tenant_service.identity.policy import SIGNABLE, Role, UseCase
from tenant_service.web.site import Go, Site, View, Visit

AT = "/deputies"
FIELDS = ("accountId", "use", "since", "until", "reason")
SIGNED = {
    UseCase.SIGN_OFF_ACTIVITY: say("活动"), UseCase.SIGN_OFF_TOPICS: say("议题答复"),
    UseCase.SIGN_OFF_ITEMS: say("清单和交办"), UseCase.SIGN_OFF_SUPERVISION: say("民主监督和评议"),
    UseCase.ENACT_PROCEDURES: say("规程"), UseCase.SIGN_OFF_OPENINGS: say("期初数"),
    UseCase.SIGN_OFF_REPORTS: say("报送成果"), UseCase.SIGN_OFF_PROPOSALS: say("提案立案"),
    UseCase.SIGN_OFF_POSTS: say("发布"),
    UseCase.SIGN_OFF_PROGRAMMES: say("专项计划"), UseCase.SIGN_OFF_FORMS: say("表单"),
    UseCase.SIGN_OFF_PERFORMANCE: say("履职方案和年度结果"),
}  # fmt: skip
"""What is signed by whom may do it."""
BEHALF = {Role.SECRETARY: say("受秘书长委托"), Role.CHAIR: say("受主席委托")}


def routes(site: Site) -> list[Route]:
    return [
        Route(AT, site.shows(shown), methods=["GET"]),
        Route(AT + ".{suffix:str}", site.shows(exported), methods=["GET"]),
        Route(AT, site.acts(grant, shown), methods=["POST"]),
        Route(AT + "/{id}/revoke", site.acts(revoke, shown), methods=["POST"]),
    ]


def shown(visit: Visit) -> View:
    """Every grant there ever was, those in force first to be seen as such."""
    session, today = visit.unit.session, visit.site.today()
    found = deputies.listed(session, visit.actor)
    may = visit.may(UseCase.GIVE_SIGNING)
    values = {name: visit.form.get(name) for name in FIELDS}
    return View("deputies.html", {
        "rows": [(each, _state(each, today)) for each in found], "signed": SIGNED, "behalf": BEHALF,
        "names": audit_listing.names_of(session, _accounts(found)), "may": may, "fields": FIELDS,
        "people": deputies.people(session, visit.actor) if may else [],
        "uses": [(use.value, visit.say(SIGNED[use])) for use in SIGNABLE],
        "values": values if visit.form.values else {"since": today.isoformat()},
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """Every grant, as a file."""
    found = deputies.listed(visit.unit.session, visit.actor)
    return _table(visit, found).file("deputies", visit.request.path_params["suffix"])


def _table(visit: Visit, found: list[Deputy]) -> Table:
    heads = (
        say("被授权人"), say("状态"), say("受谁委托"), say("签发范围"), say("自"), say("至"), say("授权人"),
        say("事由"), say("收回人"), say("收回事由"),
    )  # fmt: skip
    names, today = audit_listing.names_of(visit.unit.session, _accounts(found)), visit.site.today()
    rows = tuple(
        Row((
            names.get(each.account_id, each.account_id), visit.say(_state(each, today)),
            visit.say(BEHALF[each.behalf]),
            "、".join(visit.say(SIGNED[use]) for use in each.uses) or visit.say(say("全部")),
            str(each.since), str(each.until), names.get(each.given_by, each.given_by), each.reason,
            names.get(each.revoked_by, each.revoked_by) if each.revoked_by else None, each.revoked_reason,
        ))
        for each in found
    )  # fmt: skip
    return Table(visit.say(say("授权记录")), tuple(Column(visit.say(head)) for head in heads), rows)


def grant(visit: Visit) -> Go:
    form = visit.form
    use = form.kind("use", UseCase)
    told = Draft(
        form.get("accountId"), form.needed_day("since"), form.needed_day("until"), (use,) if use else ()
    )  # fmt: skip
    deputies.grant(visit.unit, visit.actor, told, form.get("reason"))
    return Go(AT)


def revoke(visit: Visit) -> Go:
    deputies.revoke(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return Go(AT)


def _state(of: Deputy, today: object) -> str:
    """What is said of it today."""
    if of.revoked_at is not None:
        return say("已收回")
    if of.since > today:  # type: ignore[operator]
        return say("未开始")
    return say("生效中") if of.until >= today else say("已到期")  # type: ignore[operator]


def _accounts(found: list[Deputy]) -> set[str]:
    return {id for each in found for id in (each.account_id, each.given_by, each.revoked_by) if id}
