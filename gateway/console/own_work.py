"""Where somebody's own work is, whom no figure concerns: the three administrators, and people of bodies (contacts and
coordinators). Committees tell them no figures, so a cockpit of theirs would say of everybody that nothing is known.
"""

from dataclasses import dataclass

from gateway.console.audits import ADMINISTRATORS, AUDITOR
from sync.contract.trust.directory import Listed
from sync.contract.trust.tokens import Claims
from sync.edge.shell.words import say

OF_A_BODY = {"department", "coordinator"}
"""Roles at home of people who work for a body of its list."""
_ENTRANCE = "/gateway-sign-in"
"""What an address under which a committee signs its people in ends with."""


@dataclass(frozen=True)
class Way:
    """A page of somebody's own; `what` is done there. A relative address is the gateway's."""

    href: str
    text: str
    what: str


def concerns(claims: Claims | None) -> bool:
    """Whether whoever this is has none but such roles."""
    return claims is not None and bool(claims.roles) and set(claims.roles) <= ADMINISTRATORS | OF_A_BODY


def ways(roles: set[str], home: Listed) -> list[Way]:
    """The pages of who has these roles, at home first."""
    entrance = home.login_url or ""
    at = entrance.removesuffix(_ENTRANCE) if entrance.endswith(_ENTRANCE) else ""
    found = []
    if at and roles & OF_A_BODY:
        found.append(Way(f"{at}/", say("交办事项"), say("签收、办理、回复交办给贵单位的事项")))
    if at and "system_admin" in roles:
        found.append(Way(f"{at}/accounts", say("账号"), say("开通、关闭账号，重设首次密码")))
        found.append(Way(f"{at}/exchange", say("交换状态"), say("查看、处理与其他政协的交换异常")))
    if at and "security_admin" in roles:
        found.append(Way(f"{at}/accounts", say("角色"), say("授予、收回角色，变更所属单位")))
    if at and AUDITOR in roles:
        found.append(Way(f"{at}/audit", say("审计日志"), say("查看、导出、校验本会的审计日志")))
    if roles & ADMINISTRATORS:
        found.append(Way("/audit", say("下级审计"), say("查看下级政协审计日志的衔接情况")))
    return found
