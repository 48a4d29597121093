"""What proposers said of how their proposals were handled, one by one and together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.proposals import ProposalState
from tenant_service.proposals import rules
from tenant_service.proposals.models import ProposalRatingRow, ProposalRow

_ASKED = (ProposalState.REPLIED, ProposalState.RATED, ProposalState.SECOND_ROUND, ProposalState.ARCHIVED)


def of(session: Session, proposal: str) -> Sequence[ProposalRatingRow]:
    """In the order of rounds, stages and proposers."""
    rows = select(ProposalRatingRow).where(ProposalRatingRow.proposal_id == proposal)
    by = ProposalRatingRow.round, ProposalRatingRow.stage, ProposalRatingRow.signer_seq
    return session.scalars(rows.order_by(*by)).all()


@dataclass(frozen=True)
class StageTold:
    """What first proposers of a year's proposals said at one stage of one round.

    Attributes:
        name: Of the stage, as most of these proposals have it.
        result, attitude: Satisfaction → how many said so.
        silent: 未反馈: proposals that came so far, and of which nothing was said.
    """

    round: int
    stage: int
    name: str
    result: dict[Satisfaction, int]
    attitude: dict[Satisfaction, int]
    silent: int

    @property
    def told(self) -> int:
        return sum(self.result.values())

    @property
    def pleased(self) -> int:
        """满意 and 基本满意 with the result."""
        return self.told - self.result.get(Satisfaction.DISSATISFIED, 0)


def by_stage(session: Session, year: int) -> list[StageTold]:
    """Two rounds of as many stages as these proposals have: what their first proposers said, round by round."""
    rows = session.scalars(select(ProposalRow).where(ProposalRow.year == year, ProposalRow.filed_on.is_not(None))).all()
    said = select(ProposalRatingRow).where(
        ProposalRatingRow.proposal_id.in_([row.id for row in rows]), ProposalRatingRow.signer_seq == 1
    )
    told = {(each.proposal_id, each.round, each.stage): each for each in session.scalars(said)}
    places = sorted({
        (turn, stage)
        for row in rows
        for turn in range(1, (row.round or 1) + 1)
        for stage in range(1, rules.last_stage(row.stages) + 1)
    })  # fmt: skip
    return [_stage(rows, told, turn, stage) for turn, stage in places]


def _stage(
    rows: Sequence[ProposalRow], told: dict[tuple[str, int, int], ProposalRatingRow], round: int, stage: int
) -> StageTold:
    asked = [row for row in rows if _came_to(row, round, stage)]
    found = [told[key] for row in asked if (key := (row.id, round, stage)) in told]
    names = Counter(row.stages[stage - 1] for row in asked if len(row.stages) >= stage)
    return StageTold(
        round, stage, names.most_common(1)[0][0] if names else "", dict(Counter(each.result for each in found)),
        dict(Counter(each.attitude for each in found)), len(asked) - len(found),
    )  # fmt: skip


def _came_to(row: ProposalRow, round: int, stage: int) -> bool:
    if stage > rules.last_stage(row.stages) or (row.round or 1) < round:
        return False
    if (row.round or 1) > round:
        return True
    if stage == rules.last_stage(row.stages):
        return row.state in _ASKED and row.state is not ProposalState.SECOND_ROUND
    return row.state in (*_ASKED, ProposalState.HANDED_OVER)
