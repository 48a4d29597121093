"""What the buttons of the pages of totals do: the form is read, and the service decides."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sync.contract.errors import Code, Refusal, Said
from tenant_service.graph import idempotency
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.statistics import opening_rules as rules
from tenant_service.statistics import opening_service as service
from tenant_service.statistics.drafts import FIELDS, draft_of, packed, unpacked
from tenant_service.statistics.reading import Line, read
from tenant_service.storage.unit_of_work import Unit
from tenant_service.web.forms import Form
from tenant_service.web.site import Go, View, Visit

AT = "/figures/openings"


def enter(visit: Visit) -> Go:
    """录入并送审. Pressed twice, there is one entry."""
    draft, counting = draft_of(visit.form), visit.site.services.counting
    told = {name: visit.form.all(name) for name in FIELDS}

    def act(unit: Unit) -> str:
        return service.submit(unit, visit.actor, service.enter(unit, visit.actor, counting, draft))

    return _to(_once(visit, "enter", told, act))


def redraft(visit: Visit) -> Go:
    service.redraft(visit.unit, visit.actor, visit.site.services.counting, visit.id, draft_of(visit.form))
    return _to(service.submit(visit.unit, visit.actor, visit.id))


def correct(visit: Visit) -> Go:
    """更正并送审."""
    total, paper = visit.form.needed_number("total"), visit.form.get("paper")
    id = service.correct(visit.unit, visit.actor, visit.id, total, paper, visit.form.get("reason"))
    service.submit(visit.unit, visit.actor, id)
    return _to(visit.id)


def submit(visit: Visit) -> Go:
    return _to(service.submit(visit.unit, visit.actor, visit.id))


def discard(visit: Visit) -> Go:
    service.discard(visit.unit, visit.actor, visit.id)
    return Go(AT)


def send_back(visit: Visit) -> Go:
    return _to(service.send_back(visit.unit, visit.actor, visit.id, visit.form.get("reason")))


def sign_off(visit: Visit) -> Go:
    told, counting = visit.form.tells("unclassified"), visit.site.services.counting
    return _to(service.sign_off(visit.unit, visit.actor, counting, visit.id, unclassified=told))


def sign_off_all(visit: Visit) -> Go:
    """签发全部待审核的: of those that the page showed. What was left, because the signer entered it, is said there."""
    told, counting = visit.form.tells("unclassified"), visit.site.services.counting
    done = service.sign_off_all(visit.unit, visit.actor, counting, visit.form.all("id"), unclassified=told)
    return Go(f"{AT}?approval=IN_REVIEW&own={len(done.own)}" if done.own else AT)


def withdraw(visit: Visit) -> Go:
    return _to(service.withdraw(visit.unit, visit.actor, visit.id, visit.form.get("reason")))


def choose_start(visit: Visit) -> Go:
    service.choose_start(visit.unit, visit.actor, visit.form.needed_day("day"))
    return Go(AT)


# ── from a file ──


async def parsed(actor: Actor, form: Form) -> Form:
    """The form with the rows of its file in the place of the file. Raises: Refusal FORBIDDEN, and as `read`."""
    actor.require(UseCase.EDIT_OPENINGS)
    if not form.files.get("file"):
        raise Refusal(Code.BAD_VALUE, field="file", why=Said("请选择文件", "choose a file"))
    return replace(form, files={"file": tuple(await asyncio.to_thread(read, form.files["file"][0].data))})


def preview(visit: Visit) -> View:
    """What of the file would be taken, and why the rest is not. Enters nothing."""
    visit.actor.require(UseCase.EDIT_OPENINGS)
    lines = _looked_at(visit, visit.form.files["file"])
    return View("opening_preview.html", {
        "lines": lines, "good": sum(each.draft is not None for each in lines), "rows": packed(lines), "key": visit.key,
    })  # fmt: skip


def take(visit: Visit) -> Go:
    """导入并送审: every row of the preview that fits, or none where one does not fit any more."""
    drafts, counting = unpacked(visit.form), visit.site.services.counting

    def act(unit: Unit) -> str:
        for draft in drafts:
            service.submit(unit, visit.actor, service.enter(unit, visit.actor, counting, draft))
        return str(len(drafts))

    _once(visit, "take", {"rows": visit.form.get("rows")}, act)
    return Go(f"{AT}?approval=IN_REVIEW")


def _looked_at(visit: Visit, lines: tuple[Line, ...]) -> list[Line]:
    """Each row against what is entered already, and against the rows above it."""
    found, before = list[Line](), list[rules.Total]()
    for line in lines:
        if line.draft is None:
            found.append(line)
            continue
        try:
            total, _ = service.fits(visit.unit, visit.site.services.counting, line.draft)
            rules.apart(total, [each for each in before if each.indicator is total.indicator])
            before.append(total)
            found.append(line)
        except Refusal as refusal:
            found.append(replace(line, draft=None, why=refusal))
    return found


def _once(visit: Visit, act: str, told: dict[str, Any], do: Callable[[Unit], str]) -> str:
    """Pressed twice, it is done once; what it comes to is a text, and no record."""
    return idempotency.once(visit.unit, visit.actor, f"page.openings.{act}", visit.key, told, do, str)


def _to(id: str) -> Go:
    return Go(f"{AT}/{id}")
