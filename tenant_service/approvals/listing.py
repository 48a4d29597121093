"""Reviews as the page and its files show them: what the address filters by, and the lines."""

from collections.abc import Sequence

from sync.contract.ids import kind_of
from sync.edge.shell.formats import moment
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.approvals import queries
from tenant_service.identity.audit_log import listing as audit_listing
from tenant_service.signing.queries import Review, ReviewsWanted
from tenant_service.signing.rules import AtOnce, ReviewState
from tenant_service.web.site import Visit

AT = "/reviews"
LOOKS = {ReviewState.WAITING: "warn", ReviewState.OBJECTED: "bad", ReviewState.CONFIRMED: "good"}
"""Classes of the style sheet, by state."""
SAID = {
    ReviewState.CONFIRMED: say("已复核"), ReviewState.OBJECTED: say("提出异议"), ReviewState.SETTLED: say("异议已处理"),
}  # fmt: skip
"""What a step of a review that led there is called."""


def wanted(visit: Visit) -> ReviewsWanted:
    """What the address asks for; a code that is none filters nothing. `mine=review`: what the visitor reviews;
    `mine=did`: what the visitor did.
    """
    state, act = ReviewState.known(visit.asked("state")), AtOnce.known(visit.asked("act"))
    acts: Sequence[AtOnce] = (act,) if act else ()
    if visit.asked("mine") == "review" and not act:
        acts = queries.reviewed_by(visit.actor)
    did_by = visit.actor.sub if visit.asked("mine") == "did" else ""
    return ReviewsWanted((state,) if state else (), acts, did_by)


def table(visit: Visit, found: Sequence[Review]) -> Table:
    heads = (
        say("事项"), say("类型"), say("办理"), say("办理人"), say("办理时间"), say("理由"), say("状态"), say("复核人"),
        say("复核意见"),
    )  # fmt: skip
    names = names_of(visit, found)
    return Table(
        visit.say(say("事后审核")), tuple(Column(visit.say(head)) for head in heads),
        tuple(_line(visit, each, names) for each in found), say("没有需要事后审核的事项"),
    )  # fmt: skip


def names_of(visit: Visit, found: Sequence[Review]) -> dict[str, str]:
    """Account → whose it is, of everybody who did or said something."""
    return audit_listing.names_of(visit.unit.session, {id for each in found for id in each.accounts})


def _line(visit: Visit, of: Review, names: dict[str, str]) -> Row:
    row, last = of.row, of.steps[-1] if of.steps else None
    kind = kind_of(row.subject)
    link = visit.named(kind, row.subject)
    return Row(
        (
            link.text if link else row.subject, visit.called(kind), visit.say(row.act.label),
            names.get(row.did_by, row.did_by), moment(row.did_at, visit.unit.now, visit.here.language), row.because,
            visit.say(row.state.label), names.get(last.sub, last.sub) if last else None,
            last.because if last else None,
        ),
        link.href if link else None,
    )  # fmt: skip
