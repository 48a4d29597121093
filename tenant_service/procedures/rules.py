"""Steps of a procedure, what each needs before it is left, and the life of a version. Pure: no clock, no database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.procedures import Need, ProcedureState, ProcedureUse
from tenant_service.steps import Steps, leading, staying


class Act(StrEnum):
    """What may be done with a version, as the service's functions are named."""

    REDRAFT = "redraft"
    DISCARD = "discard"
    ENACT = "enact"
    RETIRE = "retire"


STATES = Steps(
    {
        Act.REDRAFT: staying(ProcedureState.DRAFT),
        Act.DISCARD: staying(ProcedureState.DRAFT),
        Act.ENACT: leading(ProcedureState.IN_FORCE, ProcedureState.DRAFT),
        Act.RETIRE: leading(ProcedureState.RETIRED, ProcedureState.IN_FORCE),
    }
)
"""A version that was in force is never written again, and never comes back: what began under it keeps it."""


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        workdays: How many it may take; 0: no term.
        needs: What must be there before it is left.
        papers: 所需材料 by name; looked at where `needs` names PAPER.
        roles: Codes of roles that leave it; none: whoever handles such matters.
        stage: 阶段 that it belongs to, such as 盼、商、办; empty: none.
    """

    code: str
    name: str
    workdays: int = 0
    needs: tuple[Need, ...] = ()
    papers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    stage: str = ""


@dataclass(frozen=True)
class Procedure:
    """One version, as what is handled by it reads it."""

    id: str
    code: str
    version: int
    name: str
    use: ProcedureUse
    steps: tuple[Step, ...] = field(default=())

    @property
    def first(self) -> Step:
        return self.steps[0]

    def step(self, code: str) -> Step:
        """Raises: Refusal NOT_FOUND."""
        found = next((each for each in self.steps if each.code == code), None)
        if found is None:
            raise Refusal(Code.NOT_FOUND)
        return found

    def after(self, code: str) -> Step | None:
        """The step behind this one; None: it is the last. Raises: Refusal NOT_FOUND."""
        at = self.steps.index(self.step(code)) + 1
        return self.steps[at] if at < len(self.steps) else None


def missing(step: Step, met: Collection[Need], papers: Collection[str]) -> list[Said]:
    """What is not there yet, in the order in which the step names it; papers that are missing by their names."""
    found: list[Said] = []
    for need in step.needs:
        if need is Need.PAPER:
            found += [Said(f"材料“{each}”", f"the paper {each}") for each in step.papers if each not in papers]
        elif need not in met:
            found.append(Said(need.label, need.value))
    return found


def require(step: Step, met: Collection[Need], papers: Collection[str]) -> None:
    """The step may be left.

    Raises:
        Refusal: NEED_NOT_MET, with all that is missing in words, such as 不调研不协商.
    """
    found = missing(step, met, papers)
    if found:
        what = Said("；".join(each.zh for each in found), "; ".join(each.en for each in found))
        raise Refusal(Code.NEED_NOT_MET, step=step.name, what=what)


@dataclass(frozen=True)
class Compared:
    """One step in two versions; None: that version has no such step. `moved`: it stands elsewhere among the others."""

    before: Step | None
    after: Step | None
    moved: bool = False

    @property
    def is_same(self) -> bool:
        return self.before == self.after and not self.moved


def compared(before: Sequence[Step], after: Sequence[Step]) -> list[Compared]:
    """The steps of two versions side by side, by their codes: in the order of the later one, what it left out last."""
    old, new = ({each.code: each for each in steps} for steps in (before, after))
    kept_before = [each.code for each in before if each.code in new]
    kept_after = [each.code for each in after if each.code in old]
    stands = {code: at for at, code in enumerate(kept_before)}
    found = [
        Compared(old.get(each.code), each, each.code in old and stands[each.code] != kept_after.index(each.code))
        for each in after
    ]
    return [*found, *(Compared(each, None) for each in before if each.code not in new)]
