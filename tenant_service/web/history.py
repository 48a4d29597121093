"""办理经过 as a page shows it: when what was done, for the office also by whom, and why."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sync.edge.shell.words import say
from tenant_service.exchange.restoring.recovering import BY
from tenant_service.history.taken import Step
from tenant_service.identity import accounts
from tenant_service.web.site import Visit


@dataclass(frozen=True)
class Done:
    """One step. `who`: by name; "" where the visitor is not told. `more`: what stands beside the act, such as where it
    led.
    """

    at: dt.datetime
    act: str
    now: str
    who: str
    because: str | None
    more: str


_NOBODYS = {"reporter": say("反映人"), "booker": say("预约人")}
"""As what people without an account stand in the history."""


def told(visit: Visit, steps: Iterable[Step], more: Mapping[int, str] | None = None) -> list[Done]:
    """`more`: number of a step → what stands beside its act."""
    steps = list(steps)
    sees = visit.actor.sees_work
    names = accounts.named(visit.unit.session, {each.sub for each in steps}) if sees else {}
    return [
        Done(
            each.at, each.act, each.now, by_whom(visit, each.iss, each.sub, names) if sees else "", each.because,
            (more or {}).get(each.seq, ""),
        )
        for each in steps
    ]  # fmt: skip


def by_whom(visit: Visit, iss: str, sub: str, names: Mapping[str, str]) -> str:
    """What the account is called today, or its id; of another committee that committee's name as well. What we only
    heard of another committee was done by nobody whom we know.
    """
    if not iss:
        return visit.say(_NOBODYS.get(sub, sub))
    if iss == visit.unit.committee:
        login, here = accounts.login_of(sub), visit.say(say("本机命令行"))
        if login is not None:
            return f"{here} {login}".rstrip()
        return visit.say(say("备份恢复")) if sub == BY else names.get(sub, sub)
    listed = visit.directory.entries.get(iss)
    return f"{listed.short_name or listed.name if listed else iss} {sub}".rstrip()
