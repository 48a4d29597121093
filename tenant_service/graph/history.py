"""办理经过 in GraphQL: how a record of ours came to stand where it stands, for the office alone."""

import datetime as dt

import strawberry

from sync.contract.ids import owner_of
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.history import taken
from tenant_service.identity import accounts

TENANT = Visible.TENANT


@strawberry.type(description="办理经过: one step of a record.")
class StepTaken:
    at: dt.datetime = visible(TENANT, "When.")
    act: str = visible(TENANT, "What was done, by its code.")
    was: str | None = visible(TENANT, "Code of the state before; null: it was the first step.")
    now: str = visible(TENANT, "Code of the state after it.")
    sub: str = visible(TENANT, "Account that did it; of a reporter `reporter`.")
    who: str | None = visible(TENANT, "What that account is called today; null: it is none of this committee.")
    because: str | None = visible(TENANT, "Why, as it was typed.")


def steps_of(info: Info, id: str) -> list[StepTaken] | None:
    """Every step, the oldest first; None where the caller is not of the office of the record's committee."""
    session, actor = info.context.unit.session, info.context.actor
    if not actor.sees_work or owner_of(id) != actor.committee:
        return None
    found = taken.of(session, id)
    names = accounts.named(session, {each.sub for each in found if each.iss == actor.committee})
    return [
        StepTaken(
            at=each.at, act=each.act, was=each.was, now=each.now, sub=each.sub, who=names.get(each.sub),
            because=each.because,
        )
        for each in found
    ]  # fmt: skip
