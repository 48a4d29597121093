"""The audit logs of the committees below: how they stand, and the log of one that left its audit to us.

The viewer's own committee notes each look before the log is asked for; the committee whose log it is decides whether
it is shown, and notes the look as well.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.console import audits, questions
from gateway.console.console import Console
from gateway.identity.callers import Caller
from sync.contract.bounds import LARGEST
from sync.contract.errors import Code, Refusal
from sync.contract.trust.directory import Listed
from sync.edge.address import number_in
from sync.edge.shell.words import say

ON_A_PAGE, AT_ONCE, MOST_EXPORTED = 100, 500, 5_000
"""Entries of a page, of one question, and of one file."""


def routes(console: Console) -> list[Route]:
    async def listed(request: Request, caller: Caller) -> Response:
        told = (await console.questions.ask(caller, questions.AUDITS_BELOW))["auditBelow"]
        table = audits.below(told, names(console), console.words(request), may_look=_may_look(caller))
        return console.pages.show(
            request, "audits.html", console.visitors.frame(caller), table=table, may_look=_may_look(caller),
            is_left=any(each["leftAt"] for each in told),
        )  # fmt: skip

    async def log(request: Request, caller: Caller) -> Response:
        of, asked, words = console.listed(request), request.query_params, console.words(request)
        wanted, before = audits.wanted(asked), number_in(asked, "after", LARGEST)
        state = await _noted(console, caller, of, copying=False)
        try:
            found = await _entries(console, caller, of, wanted, ON_A_PAGE, before)
        except Refusal as refusal:
            if refusal.code is not Code.FORBIDDEN:
                raise
            found = None
        table = audits.entries(found or [], names(console), words)
        return console.pages.show(
            request, "audit_log.html", console.visitors.frame(caller), status=403 if found is None else 200, of=of,
            table=table, closed=found is None, state=audits.state(state, words), is_fine=state["state"] == "OK",
            heard_at=state["heardAt"], more=found[-1]["seq"] if found and len(found) == ON_A_PAGE else None,
            most=MOST_EXPORTED,
        )  # fmt: skip

    async def copy(request: Request, caller: Caller) -> Response:
        of, suffix, words = console.listed(request), request.path_params["suffix"], console.words(request)
        if suffix not in ("csv", "xlsx"):
            raise Refusal(Code.NO_SUCH_PAGE)
        wanted = audits.wanted(request.query_params)
        await _noted(console, caller, of, copying=True)
        found: list[dict[str, Any]] = []
        is_all = False
        while not is_all and len(found) < MOST_EXPORTED:
            before = found[-1]["seq"] if found else None
            some = await _entries(console, caller, of, wanted, AT_ONCE, before)
            found += some
            is_all = len(some) < AT_ONCE
        left_out = words.say(say("只有最近 %(n)s 条，更早的请按日期分批导出")) % {"n": MOST_EXPORTED}
        table = audits.sheet(found, of.short_name or of.name, words, () if is_all else (left_out,))
        return table.file(f"audit-{of.id}", suffix)

    return [
        Route("/audit", console.signed_in(listed)),
        Route("/audit/{committee}.{suffix:str}", console.signed_in(copy, noted=True)),
        Route("/audit/{committee}", console.signed_in(log, noted=True)),
    ]


def names(console: Console) -> dict[str, str]:
    entries = console.visitors.parts.federation.now().directory.entries
    return {id: each.short_name or each.name for id, each in entries.items()}


def _may_look(caller: Caller) -> bool:
    return caller.claims is not None and audits.AUDITOR in caller.claims.roles


async def _noted(console: Console, caller: Caller, of: Listed, *, copying: bool) -> dict[str, Any]:
    """It stands in our own committee's log that its auditor looks there; how that log stands.

    Raises:
        Refusal: FORBIDDEN, it is no auditor of ours; NOT_FOUND, it is not right below us.
    """
    told = await console.questions.ask(caller, questions.AUDIT_LOOK, of=of.id, copying=copying)
    found: dict[str, Any] = told["auditLookBelow"]
    return found


async def _entries(
    console: Console, caller: Caller, of: Listed, where: dict[str, Any], first: int, before: int | None
) -> list[dict[str, Any]]:
    """Raises: Refusal FORBIDDEN, the committee does not leave its audit to us; AWAY, it does not answer."""
    told = await console.questions.ask(
        caller, questions.AUDIT_LOG, id=of.id, where=where, first=first, before=before
    )  # fmt: skip
    found: list[dict[str, Any]] | None = told["auditLog"]
    if found is None:
        raise Refusal(Code.AWAY)
    return found
