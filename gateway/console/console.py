"""What every page of the console stands on. Whatever they show they asked through the gateway's own engine, as the one
who looks.
"""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.console import questions
from gateway.console.boards import Words
from gateway.console.cockpit import Cockpit, Places, cockpit, print_of
from gateway.console.history import History
from gateway.console.periods import NAMES, chosen, earlier, twelve_months
from gateway.console.questions import Questions
from gateway.console.visitors import Visitors
from gateway.identity.callers import NOBODY, Caller
from gateway.rates import name_of
from sync.contract.errors import Code, Refusal
from sync.contract.instants import SHANGHAI
from sync.contract.shapes.values import IndicatorCode
from sync.contract.trust.directory import Listed
from sync.edge.own_pages import is_led_here
from sync.edge.shell.pages import Pages
from sync.edge.shell.plots import ceiling

TEMPLATES = Path(__file__).parent / "templates"
AGAIN = "x-again"
"""What live.js says when it fetches a page anew because something changed on it."""
Showing = Callable[[Request, Caller], Awaitable[Response]]


@dataclass(frozen=True)
class Console:
    """What the console's pages stand on.

    Attributes:
        under: The cockpit shows the committees below these; none: those below the viewer's own committee.
        places: Row and column of each committee's tile, from 1; the others follow in the directory's order.
    """

    pages: Pages
    questions: Questions
    visitors: Visitors
    history: History
    under: tuple[str, ...] = ()
    places: Places = field(default_factory=dict)

    def signed_in(
        self, show: Showing, *, looks: bool = False, noted: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        """The page, for who has signed in; others choose their committee first. Each counts as one request,
        and each question it puts as one more. Refusals are pages as well.

        `noted`: who looks is written down at home. Another site's page makes nobody look then, and HEAD is refused.
        `looks`: their browser asks by itself, which keeps no session from being idle; no more does a page that it
        fetches anew by itself.
        """

        async def answer(request: Request) -> Response:
            caller, rates = None, self.visitors.parts.rates
            if noted and request.method == "HEAD":
                return Response(status_code=405, headers={"Allow": "GET"})
            try:
                if noted:
                    _come_by_themselves(request)
                caller = await self.visitors.caller(request)
                if not looks and AGAIN not in request.headers:
                    self.visitors.parts.entry.use(request)
                rates.request(name_of(caller, ""))
                return await show(request, caller)
            except Refusal as refusal:
                if refusal.code is not Code.NOT_SIGNED_IN:
                    return self.pages.refuse(request, refusal, self.visitors.frame(caller))
            try:
                rates.request(name_of(NOBODY, request.client.host if request.client else ""))
            except Refusal as refusal:
                return self.pages.refuse(request, refusal, self.visitors.frame(None))
            return RedirectResponse("/sign-in", 303)

        return answer

    def at(self, caller: Caller) -> dict[str, Any]:
        """Whom the cockpit is about: those that the settings name, else those below the viewer's own committee, else
        its partners in mechanisms and itself.
        """
        if self.under or caller.home is None:
            return {"under": list(self.under)} if self.under else {}
        directory = self.visitors.parts.federation.now().directory
        if directory.subtree(caller.home):
            return {"under": [caller.home]}
        return {"ids": [caller.home, *directory.partners(caller.home)]}

    def name(self, caller: Caller) -> str:
        """What the cockpit is called."""
        listed = self.visitors.parts.federation.now().directory.entries.get(caller.home or "")
        return self.visitors.title if self.under or listed is None else listed.name

    def listed(self, request: Request) -> Listed:
        """The committee that the address names. Raises: Refusal UNKNOWN_COMMITTEE."""
        found = self.visitors.parts.federation.now().directory.get(request.path_params["committee"])
        if found.kind != "committee":
            raise Refusal(Code.UNKNOWN_COMMITTEE, id=found.id)
        return found

    def today(self) -> dt.date:
        return self.pages.clock().astimezone(SHANGHAI).date()

    def words(self, request: Request) -> Words:
        language = self.pages.here(request).language
        return Words(lambda text: self.pages.say(text, language), language, self.pages.clock())

    async def look(self, request: Request, caller: Caller, at: dict[str, Any]) -> Cockpit:
        """What the cockpit shows for this address. Raises: Refusal."""
        asked, today = request.query_params, self.today()
        period = chosen(asked, today)
        indicator = IndicatorCode.known(asked.get("by", "")) or IndicatorCode.ACTIVITIES_HELD
        before, (first_month, last_month) = period.a_year_earlier(), twelve_months(today)
        data = await self.questions.ask(
            caller, questions.COCKPIT, at=at, fan={"read": "LIVE" if asked.get("live") else "AUTO"},
            indicators=[code.value for code in IndicatorCode], one=[indicator.value],
            **{"from": str(period.first), "to": str(period.last)},
            fromBefore=str(before.first), toBefore=str(before.last),
            fromMonth=str(earlier(first_month)), toMonth=str(last_month),
        )  # fmt: skip
        view = cockpit(data, period, indicator, today, self.pages.clock(), self.places)
        self.history.note(view.standings, self.pages.clock())
        return view

    def draw(self, request: Request, caller: Caller, view: Cockpit, heading: str, mechanism: str = "") -> Response:
        """The cockpit; `mechanism`: it is about the members of this one, and first about what they did under it."""
        words = self.words(request)
        path, query = request.url.path.rstrip("/"), urlencode([*request.query_params.items(), ("seen", print_of(view))])
        bars, with_leader = view.bars(), view.indicator is IndicatorCode.ACTIVITIES_HELD
        kinds, mechanisms = (
            [replace(bar, label=words.say(bar.label)) for bar in bars] for bars in (view.kinds, view.mechanisms)
        )
        return self.pages.show(
            request, "cockpit.html", self.visitors.frame(caller, words.whole(view)), packed=True, view=view,
            is_mechanism=bool(mechanism), under=view.under.get(mechanism, 0),
            freshness=words.freshness(view), missing=words.missing(view), heading=heading,
            events=f"{path}/events?{query}", exports=f"{path}/export",
            only_live=bool(request.query_params.get("live")),
            periods=NAMES.items(), tiles=words.kpis(view), figures=words.table(view), kinds=kinds,
            imported=words.imported(view),
            mechanisms=mechanisms, most_mechanism=ceiling(max((bar.value or 0 for bar in mechanisms), default=1)),
            unit=view.figures[view.indicator].about.unit, part_label=words.part_label() if with_leader else "",
            most=ceiling(max((bar.value or 0 for bar in bars), default=1)),
            most_kind=ceiling(max((bar.value or 0 for bar in view.kinds), default=1)),
        )  # fmt: skip


def _come_by_themselves(request: Request) -> None:
    """Raises: Refusal CROSS_SITE, another site's page led the browser here."""
    if is_led_here(request.headers):
        raise Refusal(Code.CROSS_SITE)
