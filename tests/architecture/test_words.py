"""Every text that a page shows has its English, and the English fits."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from sync.contract.channels import Scope
from sync.contract.kinds import Kind
from sync.contract.levels import Level
from sync.contract.records import LABELS
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityOrder, ActivityPart, ActivityState
from sync.contract.shapes.bookings import BookingChannel, BookingKind, BookingState
from sync.contract.shapes.forms import FormAudience, FormKind, FormOrder, FormState, QuestionKind
from sync.contract.shapes.items import (
    AssignmentOrder,
    AssignmentRole,
    AssignmentState,
    CallOrder,
    CallState,
    ItemKind,
    ItemOrder,
    ItemState,
    ReplyClass,
    Satisfaction,
)
from sync.contract.shapes.members import BodyKind
from sync.contract.shapes.participations import LeaveKind, ParticipationRole, ParticipationState
from sync.contract.shapes.posts import PostKind, PostOrder, PostOrigin, PostState
from sync.contract.shapes.procedures import Need, ProcedureState, ProcedureUse
from sync.contract.shapes.programmes import Joining, ProgrammeKind, ProgrammeOrder, ProgrammeState, TargetMeasure
from sync.contract.shapes.proposals import NotFiledReason, ProposalOrder, ProposalState, ProposerKind
from sync.contract.shapes.recognitions import RecognitionKind, RecognitionLevel, RecognitionOrder, RecognitionState
from sync.contract.shapes.reports import ReportKind, ReportOrder, ReportOutcome, ReportState
from sync.contract.shapes.requests import RequestKind, RequestState
from sync.contract.shapes.supervision import (
    AppraisalOrder,
    AppraisalState,
    BallotOpinion,
    CampaignKind,
    CampaignOrder,
    CampaignState,
)
from sync.contract.shapes.topics import (
    ReturnReason,
    TopicCategory,
    TopicChannel,
    TopicOrder,
    TopicSource,
    TopicState,
)
from sync.contract.shapes.values import INDICATORS, IndicatorCode
from sync.contract.shapes.venues import VenueKind, VenueOrder, VenueState, VenueType
from sync.contract.visibility import Visible
from tenant_service.activities.rules import HalfDay
from tenant_service.assignments.reminder_rules import ReminderKind
from tenant_service.assignments.rules import TalkedBy
from tenant_service.files.rules import FileKind
from tenant_service.identity.disclosures import Purpose
from tenant_service.members.rules import BodyState, Lacking
from tenant_service.notifications.rules import DeliveryState, Failure, NotificationKind, Way
from tenant_service.on_behalf.rules import Entered, EntryState
from tenant_service.performance.result_rules import ObjectionState, ResultState
from tenant_service.performance.rules import Deed, Heading, LedgerSource
from tenant_service.performance.scheme_rules import Cut, Grade, SchemeState
from tenant_service.personal_data.rules import MaskedField
from tenant_service.proposals.rules import SignerState
from tenant_service.signing.rules import Approval, AtOnce, ReviewState
from tenant_service.spreadsheets.rules import ImportState, Outcome
from tenant_service.topics.rules import PublicStep
from tests.architecture.tree import ROOT, files, modules

PLACE = re.compile(r"%\((\w+)\)s")
SHOWN_KINDS: tuple[type[Kind], ...] = (
    ActivityFormat, ActivityKind, ActivityOrder, ActivityPart, ActivityState, HalfDay,
    Approval, FileKind, IndicatorCode, LeaveKind, Level,
    MaskedField, Need, ParticipationRole, ParticipationState, ProcedureState, ProcedureUse, Purpose, RequestKind,
    RequestState, Scope, VenueKind, BookingChannel, BookingKind, BookingState,
    VenueOrder, VenueState, VenueType, Visible,
    PostKind, PostOrder, PostOrigin, PostState,
    FormAudience, FormKind, FormOrder, FormState, QuestionKind,
    AssignmentOrder, AssignmentRole, AssignmentState, ReminderKind, CallOrder, CallState,
    ItemKind, ItemOrder, ItemState, ReplyClass, Satisfaction,
    AppraisalOrder, AppraisalState, BallotOpinion, CampaignKind, CampaignOrder, CampaignState,
    Joining, ProgrammeKind, ProgrammeOrder, ProgrammeState, TargetMeasure,
    AtOnce, ReviewState,
    DeliveryState, Failure, NotificationKind, Way, Entered, EntryState,
    ReportKind, ReportOrder, ReportOutcome, ReportState,
    NotFiledReason, ProposalOrder, ProposalState, ProposerKind, SignerState, TalkedBy,
    RecognitionKind, RecognitionLevel, RecognitionOrder, RecognitionState,
    Deed, Heading, LedgerSource, ObjectionState, ResultState, Cut, Grade, SchemeState,
    ImportState, BodyKind, BodyState, Lacking, Outcome,
    PublicStep, ReturnReason, TopicCategory, TopicChannel, TopicOrder, TopicSource, TopicState,
)  # fmt: skip


@cache
def said() -> list[tuple[str, str]]:
    """Where, and what: texts in templates, texts marked with `say`, and labels of the closed lists that pages show."""
    return [*of_templates(), *of_modules(), *labels()]


def of_templates() -> Iterator[tuple[str, str]]:
    """Where, and what a template says."""
    for path in files():
        if PurePosixPath(path).suffix in {".html", ".jinja"} and "/templates/" in path:
            with (ROOT / path).open("rb") as opened:
                for line, _name, text, _comments in babel_extract(opened, ["_", "gettext"], [], {"silent": "false"}):
                    first = text[0] if isinstance(text, tuple) else text
                    if first:  # None: `_(link.text)`, said where the text comes from
                        yield f"{path}:{line}", first


def of_modules() -> Iterator[tuple[str, str]]:
    """Where, and what is marked with `say`."""
    for path in modules("sync", "gateway", "tenant_service"):
        with (ROOT / path).open("rb") as opened:
            for found in extract("python", opened, keywords={"say": None}):
                yield f"{path}:{found[0]}", str(found[1])


def labels() -> Iterator[tuple[str, str]]:
    """Of closed lists, kinds of records and units of indicators."""
    for kind in SHOWN_KINDS:
        for each in kind:
            yield f"{kind.__module__.replace('.', '/')}:{kind.__name__}.{each.name}", each.label
    for name, label in LABELS.items():
        yield f"tenant_service/rooms.py:CALLED[{name}]", label  # no page of a gateway says them
    for indicator in INDICATORS.values():
        yield f"INDICATORS[{indicator.code}]", indicator.unit


# A site reads the shell's catalogue and its own ones, and nobody else's.
SITES = {"gateway": ("sync/", "gateway/"), "tenant_service": ("sync/", "tenant_service/")}


def english(*of: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in files():
        if path.endswith("en.po") and path.startswith(of or ("",)):
            with (ROOT / path).open("rb") as opened:
                found |= {str(each.id): str(each.string) for each in read_po(opened, locale="en") if each.id}
    return found


def test_every_text_of_a_page_is_chinese() -> None:
    assert not {where: text for where, text in said() if not re.search(r"[\u4e00-\u9fff]", text)}, "pages say Chinese"


@pytest.mark.parametrize("site", SITES)
def test_every_text_of_a_site_has_its_english(site: str) -> None:
    known, elsewhere = english(*SITES[site]), tuple(SITES.keys() - {site})
    missing = {text: where for where, text in said() if not known.get(text) and not where.startswith(elsewhere)}
    assert not missing, "add the English to the en.po beside the templates"


def test_no_catalogue_keeps_a_text_that_no_page_says() -> None:
    assert not set(english()) - {text for _where, text in said()}


def test_a_translation_names_what_the_text_names() -> None:
    assert not {text: told for text, told in english().items() if set(PLACE.findall(text)) != set(PLACE.findall(told))}


@pytest.mark.parametrize("text", ["共%(n)s条"])
def test_the_rule_sees_a_place(text: str) -> None:
    assert PLACE.findall(text) == ["n"]
