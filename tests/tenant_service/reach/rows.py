"""One committee with a row for each way in which somebody of it is shown something; each is called what it is."""

import enum
from typing import Any

from sqlalchemy import Column

from sync.contract.ids import record_id
from sync.contract.shapes.activities import ActivityState
from sync.contract.shapes.forms import FormAudience, FormState
from sync.contract.shapes.items import AssignmentState, ItemState
from sync.contract.shapes.members import MembershipKind, MembershipState
from sync.contract.shapes.posts import PostState
from sync.contract.shapes.procedures import ProcedureState
from sync.contract.shapes.programmes import ProgrammeState
from sync.contract.shapes.proposals import ProposalState
from sync.contract.shapes.recognitions import RecognitionState
from sync.contract.shapes.reports import ReportState
from sync.contract.shapes.supervision import AppraisalState, CampaignState
from sync.contract.shapes.topics import TopicState
from tenant_service.activities.models import ActivityRow
from tenant_service.appraisals.models import AppraisalRow, AppraiserRow
from tenant_service.assignments.models import AssignmentRow, CallAnswerRow, CallRow, ItemRow
from tenant_service.attendance.models import ParticipationRow
from tenant_service.exchange.models import SharedOutRow
from tenant_service.files.models import FileBytesRow, FileRow
from tenant_service.forms.models import FormInvitedRow, FormRow
from tenant_service.members.models import BodyRow, MembershipRow, PersonRow, UnitRow
from tenant_service.posts.models import PostRow
from tenant_service.procedures.models import ProcedureRow
from tenant_service.programmes.models import ProgrammeRow
from tenant_service.proposals.models import ProposalRow, ProposalSignerRow
from tenant_service.reports.models import RecognitionRow, ReportAuthorRow, ReportRow
from tenant_service.requests.models import RequestRow
from tenant_service.signing.rules import Approval
from tenant_service.storage.columns import Instant, Listing, Row
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.supervision.models import CampaignBodyRow, CampaignRow
from tenant_service.topics.models import TopicReporterRow, TopicRow
from tenant_service.venues.models import VenueRow
from tests.tenant_service import places

HOME = places.JIASHAN
PARTNERS = f"m_{places.DELTA.rpartition('.')[2]}"
CALLED: dict[type[Row], str] = {
    TopicRow: "title", CampaignRow: "title", AppraisalRow: "body", ItemRow: "text", AssignmentRow: "body",
    CallRow: "title", ActivityRow: "title", ProcedureRow: "name", VenueRow: "name", UnitRow: "name",
    ReportRow: "title", ProposalRow: "title", PostRow: "title", RecognitionRow: "title",
    ProgrammeRow: "title", FormRow: "title",
}  # fmt: skip
"""By what a row of each kind is found and known on a page."""
WORD = "廊桥"
"""Stands in all of them."""


def id_of(kind: str, name: str) -> str:
    return record_id(HOME, kind, name.encode().hex()[:32].ljust(32, "0"))


A, B, OTHER = (id_of("body", each) for each in ("a", "b", "other"))
MEMBER, IN_CHARGE, SUPERVISOR, EXPERT = (
    id_of("person", each) for each in ("member", "in-charge", "supervisor", "expert")
)  # fmt: skip


class Rows:
    """What stands in the committee: kind → name → id."""

    def __init__(self, unit: Unit, supervisor: str) -> None:
        self.unit, self.supervisor = unit, supervisor
        self.ids: dict[str, dict[str, str]] = {}

    def add(self, model: type[Row], name: str, *channels: str, **given: Any) -> str:
        kind = {"org_unit": "unit"}.get(model.__tablename__, model.__tablename__)
        id = id_of(kind, name)
        self.ids.setdefault(kind, {})[name] = id
        if model in CALLED:
            given = {CALLED[model]: f"{WORD}〔{kind}-{name}〕"} | given
        self._put(model, id=id, **given)
        for channel in channels:
            self._put(SharedOutRow, record=id, channel=channel, is_shared=True)
        if kind in ("topic", "activity", "assignment", "procedure", "report", "post", "proposal"):
            self._put(FileRow, id=f"{kind}-{name}", subject=id, digest="d")
        return id

    def beside(self, model: type[Row], **given: Any) -> None:
        self._put(model, **given)

    def _put(self, model: type[Row], **given: Any) -> None:
        table: Any = model.__table__
        values = {each.name: given.get(each.name, self._value(each)) for each in table.columns}
        self.unit.session.add(model(**values))
        self.unit.session.flush()

    def _value(self, column: Column[Any]) -> Any:
        """Something that may stand there and says nothing."""
        if column.nullable:
            return None
        if column.name == "committee_id":
            return HOME
        if isinstance(column.type, Instant):
            return places.SPRING
        if isinstance(column.type, Listing):
            return []
        kind: Any = column.type.python_type
        if issubclass(kind, enum.Enum):
            return next(iter(kind))
        plain: dict[type, Any] = {type(places.SPRING.date()): places.SPRING.date(), bool: False, int: 1, dict: {}}
        return plain.get(kind, f"{len(self.ids)}-{sum(map(len, self.ids.values()))}")


def filled(units: Units, supervisor: str) -> dict[str, dict[str, str]]:
    """Kind → name → id of everything that is put in; one item is proposed by the supervisor's account."""
    with units.write() as unit:
        rows = Rows(unit, supervisor)
        rows.beside(FileBytesRow, digest="d", data=b"")
        rooms = _posts, _forms, _topics, _supervised, _listed, _called, _reported, _proposed
        for each in (_people, _public, *rooms, _persons_own):
            each(rows)
        return rows.ids


def _people(rows: Rows) -> None:
    for name in ("a", "b", "other"):
        rows.add(BodyRow, name)
    for name in ("member", "in-charge", "supervisor", "expert"):
        rows.add(PersonRow, name)
    active, posting = MembershipState.ACTIVE, MembershipKind.POSTING
    rows.add(MembershipRow, "seat", kind=MembershipKind.MEMBER, state=active, person_id=MEMBER)
    rows.add(MembershipRow, "post", kind=posting, state=active, person_id=SUPERVISOR, body_id=A)
    ended = MembershipState.ENDED
    rows.add(MembershipRow, "ended", kind=posting, state=ended, person_id=SUPERVISOR, body_id=OTHER)


def _public(rows: Rows) -> None:
    rows.add(VenueRow, "ours")
    rows.add(VenueRow, "open", "o")
    rows.add(UnitRow, "ours")
    rows.add(UnitRow, "open", "o")
    draft, in_force = ProcedureState.DRAFT, ProcedureState.IN_FORCE
    rows.add(ProcedureRow, "draft", state=draft, version=1)
    rows.add(ProcedureRow, "in-force", state=in_force, version=2)
    rows.add(ProcedureRow, "open", "o", state=in_force, version=3)
    published, signed = ActivityState.PUBLISHED, Approval.SIGNED
    rows.add(ActivityRow, "draft", state=ActivityState.DRAFT, approval=Approval.DRAFTING)
    rows.add(ActivityRow, "signed", state=published, approval=signed)
    rows.add(ActivityRow, "partners", PARTNERS, state=published, approval=signed)
    rows.add(ActivityRow, "parent", "c", state=published, approval=signed)
    rows.add(ActivityRow, "open", "o", state=published, approval=signed)


def _posts(rows: Rows) -> None:
    told: dict[str, Any] = {"state": PostState.PUBLISHED, "approval": Approval.SIGNED}
    told["published_on"] = places.SPRING.date()
    rows.add(PostRow, "draft", state=PostState.DRAFT, approval=Approval.DRAFTING)
    rows.add(PostRow, "by-supervisor", state=PostState.DRAFT, drafted_by=rows.supervisor)
    rows.add(PostRow, "reviewed", state=PostState.REVIEWED, approval=Approval.SIGNED)
    rows.add(PostRow, "published", **told)
    rows.add(PostRow, "partners", PARTNERS, **told)
    rows.add(PostRow, "withdrawn-open", "o", **told | {"state": PostState.WITHDRAWN})
    rows.add(PostRow, "open", "o", **told)


def _forms(rows: Rows) -> None:
    told: dict[str, Any] = {"state": FormState.OPEN, "approval": Approval.SIGNED, "audience": FormAudience.MEMBERS}
    told["opened_on"] = places.SPRING.date()
    rows.add(FormRow, "draft", state=FormState.DRAFT, approval=Approval.DRAFTING)
    rows.add(FormRow, "members", **told)
    invited = rows.add(FormRow, "invited", **told | {"audience": FormAudience.INVITED})
    rows.beside(FormInvitedRow, form_id=invited, person_id=MEMBER)
    rows.add(FormRow, "partners", PARTNERS, **told)
    rows.add(FormRow, "open", "o", **told)


def _topics(rows: Rows) -> None:
    rows.add(TopicRow, "raised", state=TopicState.RAISED)
    recommended = rows.add(TopicRow, "recommended", state=TopicState.RAISED)
    rows.beside(TopicReporterRow, id="r", topic_id=recommended, person_id=MEMBER)
    rows.add(TopicRow, "entrusted", state=TopicState.RAISED, in_charge_id=IN_CHARGE)
    rows.add(TopicRow, "of-body-a", state=TopicState.RAISED, in_charge_id=A)
    rows.add(TopicRow, "accepted", state=TopicState.ACCEPTED)
    rows.add(TopicRow, "partners", PARTNERS, state=TopicState.STORED)
    rows.add(TopicRow, "open", "o", state=TopicState.CLOSED)
    rows.add(TopicRow, "returned-open", "o", state=TopicState.RETURNED)


def _supervised(rows: Rows) -> None:
    draft, signed = Approval.DRAFTING, Approval.SIGNED
    of_a = rows.add(CampaignRow, "draft-of-a", state=CampaignState.PLANNED, approval=draft)
    rows.beside(CampaignBodyRow, campaign_id=of_a, body_id=A)
    rows.add(CampaignRow, "signed", state=CampaignState.RUNNING, approval=signed)
    for name, body in (("signed-of-a", A), ("signed-of-other", OTHER)):
        of_body = rows.add(CampaignRow, name, state=CampaignState.RUNNING, approval=signed)
        rows.beside(CampaignBodyRow, campaign_id=of_body, body_id=body)
    campaign = rows.add(CampaignRow, "open", "o", state=CampaignState.RUNNING, approval=signed)
    rows.add(ProgrammeRow, "draft", state=ProgrammeState.PLANNED, approval=draft)
    rows.add(ProgrammeRow, "signed", state=ProgrammeState.RUNNING, approval=signed)
    rows.add(ProgrammeRow, "open", "o", state=ProgrammeState.RUNNING, approval=signed)
    given, day = {"campaign_id": campaign, "state": AppraisalState.OPEN}, places.SPRING.date()
    rows.add(AppraisalRow, "begun", **given)
    for name, person in (("asks-member", MEMBER), ("asks-supervisor", SUPERVISOR), ("asks-expert", EXPERT)):
        rows.beside(AppraiserRow, appraisal_id=rows.add(AppraisalRow, name, **given), person_id=person)
    rows.add(AppraisalRow, "published", campaign_id=campaign, state=AppraisalState.FINAL, published_on=day)
    rows.add(AppraisalRow, "open", "o", campaign_id=campaign, state=AppraisalState.FINAL, published_on=day)


def _proposed(rows: Rows) -> None:
    rows.add(ProposalRow, "draft", state=ProposalState.DRAFTING, seq=1, filed_on=None)
    asked = rows.add(ProposalRow, "asks-member", state=ProposalState.CO_SIGNING, seq=2, filed_on=None)
    rows.beside(ProposalSignerRow, proposal_id=asked, seq=2, person_id=MEMBER, invited_at=rows.unit.now)
    named = rows.add(ProposalRow, "names-member", state=ProposalState.DRAFTING, seq=3, filed_on=None)
    rows.beside(ProposalSignerRow, proposal_id=named, seq=2, person_id=MEMBER, invited_at=None)
    filed: dict[str, Any] = {"state": ProposalState.FILED, "approval": Approval.SIGNED}
    filed["filed_on"] = places.SPRING.date()
    rows.add(ProposalRow, "filed", seq=4, is_open=False, **filed)
    rows.add(ProposalRow, "members", seq=5, is_open=True, **filed)
    rows.add(ProposalRow, "partners", PARTNERS, seq=6, is_open=False, **filed)
    rows.add(ProposalRow, "open", "o", seq=7, is_open=False, **filed)


def _reported(rows: Rows) -> None:
    rows.add(ReportRow, "draft", state=ReportState.DRAFTING, issue=1)
    theirs = rows.add(ReportRow, "of-member", state=ReportState.HANDED_IN, issue=2)
    rows.beside(ReportAuthorRow, report_id=theirs, person_id=MEMBER)
    signed = {"state": ReportState.SIGNED, "approval": Approval.SIGNED}
    rows.add(ReportRow, "signed", issue=3, **signed)
    rows.add(ReportRow, "partners", PARTNERS, issue=4, **signed)
    rows.add(ReportRow, "open", "o", issue=5, **signed)
    rows.add(RecognitionRow, "recorded", state=RecognitionState.RECORDED)
    rows.add(RecognitionRow, "confirmed", state=RecognitionState.CONFIRMED)
    rows.add(RecognitionRow, "parent", "c", state=RecognitionState.CONFIRMED)
    rows.add(RecognitionRow, "open", "o", state=RecognitionState.CONFIRMED)


def _listed(rows: Rows) -> None:
    of, agreed = {"list_id": rows.ids["campaign"]["open"]}, ItemState.AGREED
    rows.add(ItemRow, "proposed", state=ItemState.PROPOSED, **of)
    rows.add(ItemRow, "by-supervisor", state=ItemState.PROPOSED, proposed_by=rows.supervisor, **of)
    rows.add(ItemRow, "proposed-of-a", state=ItemState.PROPOSED, body_id=A, **of)
    rows.add(ItemRow, "agreed", state=agreed, number=1, **of)
    rows.add(ItemRow, "agreed-of-a", state=agreed, number=2, body_id=A, **of)
    rows.add(ItemRow, "agreed-of-other", state=agreed, number=3, body_id=OTHER, **of)
    given = rows.add(ItemRow, "assigned", state=ItemState.ASSIGNED, number=4, **of)
    opened = rows.add(ItemRow, "open", "o", state=ItemState.ASSIGNED, number=5, **of)
    of_a = rows.add(ItemRow, "assigned-of-a", state=ItemState.ASSIGNED, number=6, body_id=A, **of)
    forwarded = rows.add(ItemRow, "forwarded", state=ItemState.ASSIGNED, number=7, **of)
    state = AssignmentState.IN_PROGRESS
    rows.add(AssignmentRow, "to-a", state=state, item_id=given, body_id=A, office_id=B, reply="已修好")
    rows.add(AssignmentRow, "to-other", state=state, item_id=given, body_id=OTHER, office_id=OTHER)
    rows.add(AssignmentRow, "open", "o", state=state, item_id=opened, body_id=OTHER, office_id=OTHER)
    rows.add(AssignmentRow, "of-a", state=state, item_id=of_a, body_id=OTHER, office_id=OTHER)
    rows.add(AssignmentRow, "forwarded", state=AssignmentState.FORWARDED, item_id=forwarded, office_id=B, body=None)


def _called(rows: Rows) -> None:
    about = {"about_id": rows.ids["campaign"]["open"]}
    for name, channels, body in (("to-a", (), A), ("to-other", (), OTHER), ("open", ("o",), OTHER)):
        rows.beside(CallAnswerRow, call_id=rows.add(CallRow, name, *channels, **about), body_id=body)
    elsewhere = rows.add(CallRow, "elsewhere", about_id=rows.ids["campaign"]["signed"])
    rows.beside(CallAnswerRow, call_id=elsewhere, body_id=OTHER)


def _persons_own(rows: Rows) -> None:
    of = {"activity_id": rows.ids["activity"]["signed"]}
    for name, person in (("of-member", MEMBER), ("of-in-charge", IN_CHARGE)):
        rows.add(ParticipationRow, name, person_id=person, participant=person, **of)
        rows.add(RequestRow, name, person_id=person, subject_id=rows.ids["activity"]["signed"])
