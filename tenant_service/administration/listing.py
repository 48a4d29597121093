"""Accounts as the page and its file show them: what the address filters by, and the lines."""

import datetime as dt
from collections.abc import Sequence

from sync.edge.shell.formats import moment
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.administration.queries import AccountState, Line, Wanted
from tenant_service.identity.policy import Role
from tenant_service.members import queries as members
from tenant_service.web.site import Visit

AT = "/accounts"
ROLES = {
    Role.MEMBER: say("委员"), Role.CHAIR: say("主席"), Role.SECRETARY: say("秘书长"),
    Role.DEPUTY_SECRETARY: say("副秘书长"), Role.CLERK: say("工作人员"), Role.CONVENER: say("界别召集人"),
    Role.DEPARTMENT: say("承办单位联系人"), Role.STREET: say("镇街联络员"), Role.SUPERVISOR: say("民主监督员"),
    Role.COORDINATOR: say("交办单位（督查室）"), Role.SYSTEM_ADMIN: say("系统管理员"),
    Role.SECURITY_ADMIN: say("安全管理员"), Role.AUDIT_ADMIN: say("审计管理员"),
}  # fmt: skip
STATES = {
    AccountState.OPEN: say("在用"), AccountState.FIRST_PASSWORD: say("首次密码未改"),
    AccountState.LOCKED: say("暂时锁定"), AccountState.CLOSED: say("已关闭"),
}  # fmt: skip


NONE = "none"
"""Stands in the address in a role's place for accounts that have none."""


def wanted(visit: Visit) -> Wanted:
    """What the address asks for; a code that is none filters nothing."""
    role, state = visit.asked("role"), AccountState.known(visit.asked("state"))
    return Wanted(visit.asked("q"), Role.known(role), state, without_roles=role == NONE)


def roles_asked(visit: Visit) -> list[tuple[str, str]]:
    """What the list can be narrowed to."""
    return [*((role.value, visit.say(text)) for role, text in ROLES.items()), (NONE, visit.say(say("没有角色")))]


def roles(visit: Visit, codes: Sequence[Role]) -> str | None:
    """Their labels, in the order of the list."""
    return "、".join(visit.say(ROLES[role]) for role in Role if role in codes) or None


def named_roles(visit: Visit, codes: Sequence[str]) -> str | None:
    """The same of codes that another release may have written."""
    return roles(visit, [role for code in codes if (role := Role.known(code))])


def named_bodies(visit: Visit, ids: Sequence[str]) -> str | None:
    """Names of bodies of our list."""
    names = members.bodies_named(visit.unit.session, ids)
    return "、".join(names.get(id, id) for id in ids) or None


def at(visit: Visit, when: dt.datetime | None) -> str | None:
    return moment(when, visit.unit.now, visit.here.language) if when else None


def table(visit: Visit, lines: Sequence[Line]) -> Table:
    heads = (say("用户名"), say("姓名"), say("角色"), say("所属单位"), say("状态"), say("最近登录"), say("锁定至"))
    bodies = members.bodies_named(visit.unit.session, {each.account.body for each in lines if each.account.body})
    rows = [
        Row(
            (
                each.account.username, each.account.name, roles(visit, list(each.account.roles)),
                bodies.get(each.account.body or ""), visit.say(STATES[each.state]),
                at(visit, each.account.signed_in_at), at(visit, each.locked_until),
            ),
            f"{AT}/{each.account.id}",
        )
        for each in lines
    ]  # fmt: skip
    return Table(
        visit.say(say("账号")), tuple(Column(visit.say(head)) for head in heads), tuple(rows),
        say("没有符合条件的账号"),
    )  # fmt: skip
