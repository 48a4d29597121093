"""How a campaign is described by the office, and how rows take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked
from sync.contract.shapes.supervision import MOST_LINES, CampaignKind
from tenant_service import wording
from tenant_service.members import queries as members
from tenant_service.storage.unit_of_work import Unit
from tenant_service.supervision.models import CampaignBodyRow, CampaignLineRow, CampaignRow
from tenant_service.supervision.rules import LineKind

FIRST_YEAR, LAST_YEAR = 1949, 2999


@dataclass(frozen=True)
class Draft:
    """A campaign as the office plans it: whatever it supervises, at least one line or one body of our list."""

    title: str
    kind: CampaignKind
    year: int
    policy: str | None = None
    measures: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    body_ids: tuple[str, ...] = ()


def describe(unit: Unit, row: CampaignRow, told: Draft) -> None:
    """The row is as `told`; its lines and bodies are for `list_subjects`, once it is there.

    Raises:
        Refusal: BAD_VALUE, CLASSIFIED, BAD_ID; NOT_FOUND, there is no such body of ours; OUT_OF_TURN, it is closed.
    """
    if not FIRST_YEAR <= told.year <= LAST_YEAR:
        raise Refusal(Code.BAD_VALUE, field="year", why=f"{FIRST_YEAR}–{LAST_YEAR}")
    row.title, row.kind, row.year = wording.text("title", told.title, 120), told.kind, told.year
    row.policy = wording.optional("policy", told.policy, 120)
    row.measures, row.works = _lines("measures", told.measures), _lines("works", told.works)
    row.bodies = sorted(_body(unit, each) for each in dict.fromkeys(told.body_ids))
    if not (row.measures or row.works or row.bodies):
        why = Said("请列出所监督的措施、工作或单位", "say what is supervised: measures, works or bodies")
        raise Refusal(Code.BAD_VALUE, field="bodyIds", why=why)


def list_subjects(unit: Unit, row: CampaignRow, bodies: Sequence[str]) -> None:
    """What the campaign supervises stands in rows of its own, so that a finding can name it.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN.
    """
    list_again(unit, row, {body: _body(unit, body) for body in bodies})


def list_again(unit: Unit, row: CampaignRow, bodies: Mapping[str, str]) -> None:
    """The same, of bodies by their names, whatever became of them since."""
    for model in (CampaignLineRow, CampaignBodyRow):
        unit.session.execute(delete(model).where(model.campaign_id == row.id))
    for kind, texts in ((LineKind.MEASURE, row.measures), (LineKind.WORK, row.works)):
        for number, text in enumerate(texts or (), 1):
            unit.session.add(CampaignLineRow(campaign_id=row.id, kind=kind, number=number, text=text))
    for body, name in bodies.items():
        unit.session.add(CampaignBodyRow(campaign_id=row.id, body_id=body, name=name))
    unit.session.flush()


def _lines(field: str, told: Sequence[str]) -> list[str]:
    if len(told) > MOST_LINES:
        raise Refusal(Code.BAD_VALUE, field=field, why=f"≤ {MOST_LINES}")
    return [wording.text(field, each, 200) for each in told]


def _body(unit: Unit, id: str) -> str:
    """The name of an open body of ours, which stays open until the act is over."""
    row = members.locked_body(unit.session, checked(id))
    if row.until is not None:
        raise Refusal(Code.OUT_OF_TURN, now=Said("已撤销", "CLOSED"))
    return row.name
