"""Who is at the console, and the frame that its pages have for them."""

from dataclasses import dataclass

from starlette.requests import Request

from gateway.app import Parts
from gateway.console import own_work
from gateway.console.audits import ADMINISTRATORS
from gateway.console.sign_in import SignIns
from gateway.identity.callers import Caller
from sync.contract.errors import Code, Refusal
from sync.edge.shell.pages import Frame, Link
from sync.edge.shell.words import say

LINKS = (Link("/", say("驾驶舱")), Link("/m", say("联动机制")), Link("/health", say("联网运行状况")))
OWN_WORK = Link("/", say("我的工作"))
"""In the cockpit's place, for whom no figure concerns."""
AUDIT = Link("/audit", say("下级审计"))
"""For whoever sees at home how the audit logs below stand."""


HUB_AWAY = say("本网关与枢纽的连接已中断，正在重连：各地的数据为此前共享的内容，并非各地停止运行。")


@dataclass(frozen=True)
class Visitors:
    """Who looks at pages, and what is around those."""

    parts: Parts
    sign_ins: SignIns
    title: str
    version: str

    async def caller(self, request: Request) -> Caller:
        """Raises: Refusal NOT_SIGNED_IN; also when the session has ended."""
        caller = await self.parts.entry.visitor(request)
        if caller.claims is None:
            raise Refusal(Code.NOT_SIGNED_IN)
        return caller

    def frame(self, caller: Caller | None, freshness: str = "") -> Frame:
        notice = "" if self.parts.is_connected() else HUB_AWAY
        if caller is None or caller.claims is None:
            return Frame(self.title, sign_in="/sign-in", version=self.version, notice=notice)
        home = self.parts.federation.now().directory.entries[caller.claims.iss]
        who = f"{caller.claims.name or caller.claims.sub} · {home.short_name or home.name}"
        links = [OWN_WORK, *LINKS[1:]] if own_work.concerns(caller.claims) else [*LINKS]
        links += [AUDIT] if ADMINISTRATORS.intersection(caller.claims.roles) else []
        return Frame(self.title, tuple(links), who, version=self.version, freshness=freshness, notice=notice)
