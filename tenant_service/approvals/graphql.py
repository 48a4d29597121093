"""事后审核 in GraphQL, for the office."""

import datetime as dt
from functools import partial

import strawberry

from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.approvals import queries, service
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, contract_enum, shown
from tenant_service.identity import deputies
from tenant_service.identity.deputies import Deputy as Held
from tenant_service.identity.deputies import Draft
from tenant_service.identity.policy import Role, UseCase
from tenant_service.signing.queries import Review as Found
from tenant_service.signing.queries import ReviewsWanted
from tenant_service.signing.rules import AtOnce, ReviewState

TENANT = Visible.TENANT
MOST = 200
for each in (AtOnce, ReviewState, UseCase):
    contract_enum(each)


@strawberry.type(description="One thing that was said of what left at once.")
class ReviewStep:
    at: dt.datetime = visible(TENANT, "When.")
    by: Id = visible(TENANT, "Account.")
    state: ReviewState = visible(TENANT, "Where the review stood then.")
    reason: str | None = visible(TENANT, "Why, where that was said.")


@strawberry.type(description="事后审核: an act that left without a signature, and what whoever signs says of it.")
class Review:
    id: Id = visible(TENANT, "Its own id.")
    subject_id: Id = visible(TENANT, "The record.")
    act: AtOnce = visible(TENANT, "What was done.")
    state: ReviewState = visible(TENANT, "Where it stands.")
    did_by: Id = visible(TENANT, "Account that did it.")
    did_at: dt.datetime = visible(TENANT, "When.")
    reason: str | None = visible(TENANT, "Why, where the record's own history does not say it.")
    steps: list[ReviewStep] = visible(TENANT, "What was said of it, oldest first.")


@strawberry.input(description="Which reviews; everything given must hold.")
class ReviewFilter:
    states: list[ReviewState] | None = None
    acts: list[AtOnce] | None = None


@strawberry.type(description="授权: somebody signs in a leader's place from one day to another.")
class Deputy:
    id: Id = visible(TENANT, "Its own id.")
    account_id: Id = visible(TENANT, "Account that signs.")
    uses: list[UseCase] = visible(TENANT, "What it signs; none: all that is signed.")
    behalf: Role = visible(TENANT, "In whose place.")
    since: dt.date = visible(TENANT, "First day.")
    until: dt.date = visible(TENANT, "Last day.")
    given_by: Id = visible(TENANT, "Account that gave it.")
    given_at: dt.datetime = visible(TENANT, "When.")
    reason: str = visible(TENANT, "Why.")
    revoked_at: dt.datetime | None = visible(TENANT, "Since when it carries nothing any more.")
    revoked_by: Id | None = visible(TENANT, "Account that revoked it.")
    revoked_reason: str | None = visible(TENANT, "Why it was revoked.")


@strawberry.type
class ApprovalQuery:
    @shown(TENANT, "授权: every grant there ever was, newest first, for the office.", directives=[Home()])
    def deputies(self, info: Info) -> list[Deputy]:
        return list(map(_granted, deputies.listed(info.context.unit.session, info.context.actor)))

    @shown(TENANT, "事后审核: newest first, behind the id `after`, for the office.", directives=[Home()])
    def reviews(
        self, info: Info, where: ReviewFilter | None = strawberry.UNSET, first: int = 50,
        after: Id | None = strawberry.UNSET,
    ) -> list[Review]:  # fmt: skip
        told = where or ReviewFilter()
        wanted = ReviewsWanted(tuple(told.states or ()), tuple(told.acts or ()))
        size = max(1, min(first, MOST))
        found, _ = queries.listed(info.context.unit.session, info.context.actor, wanted, size, after or None)
        return list(map(_told, found))


@strawberry.type
class ApprovalMutation:
    @shown(TENANT, "授权: an account signs in the secretary's or chair's place on these days; no uses: all of them.")
    def grant_signing(
        self, info: Info, key: Id, account_id: Id, since: dt.date, until: dt.date, reason: str,
        uses: list[UseCase] | None = None,
    ) -> Deputy:  # fmt: skip
        draft = Draft(account_id, since, until, tuple(uses or ()))
        act = partial(deputies.grant, actor=info.context.actor, told=draft, why=reason)
        return _granted(info.context.perform(
            "grantSigning", key,
            plain(account_id=account_id, since=since, until=until, reason=reason, uses=uses), act, kept_as=Held,
        ))  # fmt: skip

    @shown(TENANT, "收回授权, at once.")
    def revoke_signing(self, info: Info, key: Id, id: Id, reason: str) -> Deputy:
        act = partial(deputies.revoke, actor=info.context.actor, id=id, why=reason)
        done = info.context.perform("revokeSigning", key, plain(id=id, reason=reason), act, kept_as=Held)
        return _granted(done)

    @shown(TENANT, "复核: whoever signs has looked at it, and it stands.")
    def confirm_review(self, info: Info, key: Id, id: Id) -> Review:
        act = partial(service.confirm, actor=info.context.actor, id=id)
        return _now(info, info.context.perform("confirmReview", key, plain(id=id), act, kept_as=str))

    @shown(TENANT, "提出异议: it should not have left so; whoever did it has that to do.")
    def object_to_review(self, info: Info, key: Id, id: Id, reason: str) -> Review:
        act = partial(service.object_to, actor=info.context.actor, id=id, why=reason)
        done = info.context.perform("objectToReview", key, plain(id=id, reason=reason), act, kept_as=str)
        return _now(info, done)

    @shown(TENANT, "处理异议: what was done about the objection.")
    def settle_review(self, info: Info, key: Id, id: Id, reason: str) -> Review:
        act = partial(service.settle, actor=info.context.actor, id=id, how=reason)
        done = info.context.perform("settleReview", key, plain(id=id, reason=reason), act, kept_as=str)
        return _now(info, done)


def _now(info: Info, id: str) -> Review:
    return _told(queries.one(info.context.unit.session, info.context.actor, id))


def _told(of: Found) -> Review:
    row = of.row
    steps = [
        ReviewStep(at=each.at, by=Id(each.sub), state=state, reason=each.because)
        for each in of.steps
        if (state := ReviewState.known(each.now))
    ]
    return Review(
        id=Id(row.id), subject_id=Id(row.subject), act=row.act, state=row.state, did_by=Id(row.did_by),
        did_at=row.did_at, reason=row.because, steps=steps,
    )  # fmt: skip


def _granted(of: Held) -> Deputy:
    return Deputy(
        id=Id(of.id), account_id=Id(of.account_id), uses=list(of.uses), behalf=of.behalf, since=of.since,
        until=of.until, given_by=Id(of.given_by), given_at=of.given_at, reason=of.reason, revoked_at=of.revoked_at,
        revoked_by=Id(of.revoked_by) if of.revoked_by else None, revoked_reason=of.revoked_reason,
    )  # fmt: skip
