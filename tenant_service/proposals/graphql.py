"""Proposals in GraphQL: what can be asked, and what can be done."""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.proposals import NotFiledReason, ProposalOrder, ProposalRecord
from sync.contract.visibility import Visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import ShareInput, plain, shares_of
from tenant_service.graph.lists import Connection
from tenant_service.graph.types import Home, Merge, shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.proposals import past_service as past
from tenant_service.proposals import project_queries, queries, rating_queries, rating_service, service
from tenant_service.proposals import project_service as projects
from tenant_service.proposals import review_service as review
from tenant_service.proposals import signer_service as signers
from tenant_service.proposals.graphql_types import (
    PastProposalInput,
    Proposal,
    ProposalFilter,
    ProposalProject,
    ProposalProjectInput,
    ProposalStage,
    RatingInput,
    WrittenProposalInput,
)
from tenant_service.storage.unit_of_work import Unit

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
T = TypeVar("T")


@strawberry.type
class ProposalQuery:
    @shown(PUBLIC, "Proposals, one page.", directives=[Merge(by="orderBy")])
    def proposals(
        self, info: Info, where: ProposalFilter | None = strawberry.UNSET, first: int = 20,
        order_by: ProposalOrder = ProposalOrder.YEAR_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Proposal]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One proposal.")
    def proposal(self, info: Info, id: Id) -> Proposal | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]

    @shown(TENANT, "专题项目 of a year, by name. For the office.", directives=[Home()])
    def proposal_projects(self, info: Info, year: int) -> list[ProposalProject]:
        info.context.actor.require(UseCase.SEE_WORK)
        return list(map(ProposalProject.of, project_queries.of_year(info.context.unit.session, year)))

    @shown(
        TENANT, "What first proposers said of a year's proposals, round by round. For the office.", directives=[Home()]
    )
    def proposal_stages(self, info: Info, year: int) -> list[ProposalStage]:
        info.context.actor.require(UseCase.SEE_WORK)
        return list(map(ProposalStage.of, rating_queries.by_stage(info.context.unit.session, year)))


@strawberry.type
class ProposalMutation:
    # ── its proposers ──

    @shown(TENANT, "拟稿: write a proposal down, for its proposers and the office.")
    def write_proposal(self, info: Info, key: Id, proposal: WrittenProposalInput) -> Proposal:
        told = plain(proposal=proposal)
        return _act(info, "writeProposal", key, told, lambda unit, who: service.write(unit, who, proposal.draft()))  # type: ignore[return-value]

    @shown(TENANT, "Write a draft anew; where 案由 or 建议 change, co-signers confirm anew.")
    def redraft_proposal(self, info: Info, key: Id, id: Id, proposal: WrittenProposalInput) -> Proposal:
        return _act(  # type: ignore[return-value]
            info, "redraftProposal", key, plain(id=id, proposal=proposal),
            lambda unit, who: service.redraft(unit, who, id, proposal.draft()),
        )  # fmt: skip

    @shown(TENANT, "作废: a draft that was never handed in is not there any more; as it was.")
    def discard_proposal(self, info: Info, key: Id, id: Id) -> Proposal:
        return _act(info, "discardProposal", key, plain(id=id), lambda unit, who: service.discard(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "发起联名: whoever is named is asked to co-sign until that day.")
    def call_proposal_signers(self, info: Info, key: Id, id: Id, until: dt.date) -> Proposal:
        return _act(  # type: ignore[return-value]
            info, "callProposalSigners", key, plain(id=id, until=until),
            lambda unit, who: signers.call_signers(unit, who, id, until),
        )  # fmt: skip

    @shown(TENANT, "收回修改: nobody co-signs until it is called again.")
    def recall_proposal(self, info: Info, key: Id, id: Id) -> Proposal:
        return _act(info, "recallProposal", key, plain(id=id), lambda unit, who: signers.recall(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "附议. `seq`: by the office for somebody who signed on paper (代录).")
    def co_sign_proposal(self, info: Info, key: Id, id: Id, seq: int | None = None) -> Proposal:
        told = plain(id=id, seq=seq)
        return _act(info, "coSignProposal", key, told, lambda unit, who: signers.sign(unit, who, id, seq))  # type: ignore[return-value]

    @shown(TENANT, "不附议, also of whoever did before. `seq`: by the office from paper.")
    def decline_proposal(self, info: Info, key: Id, id: Id, seq: int | None = None) -> Proposal:
        told = plain(id=id, seq=seq)
        return _act(info, "declineProposal", key, told, lambda unit, who: signers.decline(unit, who, id, seq))  # type: ignore[return-value]

    @shown(TENANT, "提交: the office has it for 初审; who was asked to co-sign and said nothing is no co-signer.")
    def hand_in_proposal(self, info: Info, key: Id, id: Id) -> Proposal:
        return _act(info, "handInProposal", key, plain(id=id), lambda unit, who: service.hand_in(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "撤回, with the reason, before it is filed.")
    def withdraw_proposal(self, info: Info, key: Id, id: Id, reason: str) -> Proposal:
        told = plain(id=id, reason=reason)
        return _act(info, "withdrawProposal", key, told, lambda unit, who: service.withdraw(unit, who, id, reason))  # type: ignore[return-value]

    # ── the office, and whoever signs ──

    @shown(TENANT, "退回: its proposers have it again, with the reason.")
    def give_back_proposal(self, info: Info, key: Id, id: Id, reason: str) -> Proposal:
        told = plain(id=id, reason=reason)
        return _act(info, "giveBackProposal", key, told, lambda unit, who: review.give_back(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "初审通过.")
    def review_proposal_first(self, info: Info, key: Id, id: Id) -> Proposal:
        return _act(  # type: ignore[return-value]
            info, "reviewProposalFirst", key, plain(id=id), lambda unit, who: review.review_first(unit, who, id)
        )

    @shown(TENANT, "复审通过: it waits to be signed as filed.")
    def review_proposal_second(self, info: Info, key: Id, id: Id) -> Proposal:
        return _act(  # type: ignore[return-value]
            info, "reviewProposalSecond", key, plain(id=id), lambda unit, who: review.review_second(unit, who, id)
        )

    @shown(TENANT, "并案: it goes on as a part of another one, which its signers co-sign.")
    def merge_proposal(self, info: Info, key: Id, id: Id, into_id: Id) -> Proposal:
        told = plain(id=id, into=into_id)
        return _act(info, "mergeProposal", key, told, lambda unit, who: review.merge(unit, who, id, into_id))  # type: ignore[return-value]

    @shown(TENANT, "转社情民意: it goes on as a report of the same authors.")
    def convert_proposal(self, info: Info, key: Id, id: Id) -> Proposal:
        return _act(info, "convertProposal", key, plain(id=id), lambda unit, who: review.convert(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "不予立案, by a coded reason and in words.")
    def not_file_proposal(self, info: Info, key: Id, id: Id, because: NotFiledReason, reason: str) -> Proposal:
        return _act(  # type: ignore[return-value]
            info, "notFileProposal", key, plain(id=id, because=because, reason=reason),
            lambda unit, who: review.not_file(unit, who, id, because, reason),
        )  # fmt: skip

    @shown(TENANT, "退回复审, with the reason.")
    def send_back_proposal(self, info: Info, key: Id, id: Id, reason: str) -> Proposal:
        told = plain(id=id, reason=reason)
        return _act(info, "sendBackProposal", key, told, lambda unit, who: review.send_back(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "签发立案; `unclassified` confirms 已经保密审查，不涉密.")
    def sign_off_proposal(self, info: Info, key: Id, id: Id, unclassified: bool) -> Proposal:  # noqa: FBT001
        info.context.actor.require(UseCase.SIGN_OFF_PROPOSALS)
        filing = info.context.services.filing
        return _act(  # type: ignore[return-value]
            info, "signOffProposal", key, plain(id=id, unclassified=unclassified),
            lambda unit, who: review.sign_off(unit, who, filing, id, unclassified=unclassified),
        )  # fmt: skip

    # ── years before ──

    @shown(TENANT, "补录: one of years before, with what came of it; it waits for its signature (signOffProposal).")
    def backfill_proposal(self, info: Info, key: Id, proposal: PastProposalInput) -> Proposal:
        return _act(  # type: ignore[return-value]
            info, "backfillProposal", key, plain(proposal=proposal),
            lambda unit, who: past.backfill(unit, who, proposal.draft(), proposal.past()),
        )  # fmt: skip

    @shown(TENANT, "撤销补录: what nobody signed yet is not there any more; what it was.")
    def take_back_proposal(self, info: Info, key: Id, id: Id) -> Proposal:
        return _act(info, "takeBackProposal", key, plain(id=id), lambda unit, who: past.take_back(unit, who, id))  # type: ignore[return-value]

    # ── after it is filed ──

    @shown(TENANT, "测评: what a proposer says of how it is handled. `seq`: by the office from paper.")
    def rate_proposal(self, info: Info, key: Id, id: Id, rating: RatingInput, seq: int | None = None) -> Proposal:
        return _act(  # type: ignore[return-value]
            info, "rateProposal", key, plain(id=id, rating=rating, seq=seq),
            lambda unit, who: rating_service.rate(unit, who, id, rating.told(), seq),
        )  # fmt: skip

    @shown(TENANT, "重点提案, with who leads and supervises it; or none any more.")
    def mark_key_proposal(
        self, info: Info, key: Id, id: Id, is_key: bool, leads: str | None = None, supervises: str | None = None  # noqa: FBT001
    ) -> Proposal:  # fmt: skip
        return _act(  # type: ignore[return-value]
            info, "markKeyProposal", key, plain(id=id, is_key=is_key, leads=leads, supervises=supervises),
            lambda unit, who: projects.mark_key(unit, who, id, is_key=is_key, leads=leads, supervises=supervises),
        )  # fmt: skip

    @shown(TENANT, "专题项目: plan one.")
    def plan_proposal_project(
        self, info: Info, key: Id, project: ProposalProjectInput, year: int | None = None
    ) -> ProposalProject:
        context = info.context
        id = context.perform(
            "planProposalProject", key, plain(project=project, year=year),
            lambda unit: str(projects.plan(unit, context.actor, project.told(), year).id), kept_as=str,
        )  # fmt: skip
        return ProposalProject.of(project_queries.told(context.unit.session, id))

    @shown(TENANT, "归并: these filed proposals are handled in the project.")
    def group_proposals(self, info: Info, key: Id, project_id: Id, ids: list[Id]) -> list[Proposal]:
        context = info.context
        made: Any = context.perform(
            "groupProposals", key, plain(project_id=project_id, ids=ids),
            lambda unit: projects.group(unit, context.actor, project_id, ids), kept_as=list[ProposalRecord],
        )  # fmt: skip
        return made  # type: ignore[no-any-return]

    @shown(TENANT, "移出: the proposal is handled by itself again.")
    def part_proposal(self, info: Info, key: Id, id: Id) -> Proposal:
        return _act(info, "partProposal", key, plain(id=id), lambda unit, who: projects.part_with(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "归档.")
    def archive_proposal(self, info: Info, key: Id, id: Id) -> Proposal:
        return _act(info, "archiveProposal", key, plain(id=id), lambda unit, who: service.archive(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "Share a filed proposal with exactly these.")
    def share_proposal(self, info: Info, key: Id, id: Id, shares: list[ShareInput]) -> Proposal:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "shareProposal", key, plain(id=id, shares=shares),
            lambda unit: service.share(unit, context.actor, context.directory, id, shares_of(shares)),
        )  # fmt: skip


def _act(info: Info, name: str, key: Id, told: dict[str, Any], act: Callable[[Unit, Actor], T]) -> T:
    """The proposal after what its caller does; asked twice under one key, it is done once."""
    context = info.context
    return context.perform(name, key, told, lambda unit: act(unit, context.actor))
