"""Of what kinds the rows are that each indicator counts, so that every committee and gateway calls them alike."""

from collections.abc import Mapping

from sync.contract.kinds import Kind
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.bookings import BookingKind
from sync.contract.shapes.forms import FormKind
from sync.contract.shapes.items import AssignmentRole, ItemKind
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.posts import PostKind
from sync.contract.shapes.proposals import ProposerKind
from sync.contract.shapes.recognitions import RecognitionLevel
from sync.contract.shapes.reports import ReportKind
from sync.contract.shapes.supervision import CampaignKind
from sync.contract.shapes.topics import TopicSource
from sync.contract.shapes.values import IndicatorCode
from sync.contract.shapes.venues import VenueKind

COUNTED_KINDS: Mapping[IndicatorCode, type[Kind]] = {
    IndicatorCode.ACTIVITIES_HELD: ActivityKind, IndicatorCode.LEADER_ATTENDED: ActivityKind,
    IndicatorCode.MEMBER_TIMES: ActivityKind, IndicatorCode.PUBLIC_TIMES: ActivityKind,
    IndicatorCode.SUGGESTIONS: ActivityKind, IndicatorCode.VENUES_OPEN: VenueKind, IndicatorCode.AREAS: UnitKind,
    IndicatorCode.AREAS_COVERED: UnitKind, IndicatorCode.CAMPAIGNS: CampaignKind,
    IndicatorCode.FINDINGS: CampaignKind, IndicatorCode.FINDINGS_PUT_RIGHT: CampaignKind,
    IndicatorCode.TOPICS_RAISED: TopicSource, IndicatorCode.TOPICS_ACCEPTED: TopicSource,
    IndicatorCode.TOPICS_ANSWERED: TopicSource, IndicatorCode.ITEMS_AGREED: ItemKind,
    IndicatorCode.ITEMS_DONE: ItemKind, IndicatorCode.REPLIES: AssignmentRole,
    IndicatorCode.REPLIES_ON_TIME: AssignmentRole, IndicatorCode.ASSIGNMENTS_LATE: AssignmentRole,
    IndicatorCode.FORM_ANSWERS: FormKind, IndicatorCode.FORM_PASSES: FormKind,
    IndicatorCode.POSTS_PUBLISHED: PostKind, IndicatorCode.THREADS_CONVERTED: PostKind,
    IndicatorCode.REPORTS: ReportKind, IndicatorCode.REPORT_ADVICE: ReportKind,
    IndicatorCode.ADVICE_ADOPTED: RecognitionLevel, IndicatorCode.INSTRUCTIONS: RecognitionLevel,
    IndicatorCode.INSTRUCTIONS_FAVOURABLE: RecognitionLevel, IndicatorCode.MODEL_CASES: RecognitionLevel,
    IndicatorCode.PROPOSALS_FILED: ProposerKind, IndicatorCode.PROPOSALS_SOURCED: ProposerKind,
    IndicatorCode.PROPOSALS_FROM_SECTORS: ProposerKind,
    IndicatorCode.BOOKINGS_RECEIVED: BookingKind, IndicatorCode.VISITORS_RECEIVED: BookingKind,
}  # fmt: skip
"""An indicator that is not there has no kinds that people would choose from; topics of a plan are told by theme, in the
committee's own words."""
NOT_BY_KIND = ""
"""The kind of what was counted before the platform and is not told by kind."""


def label_of(indicator: IndicatorCode, kind: str) -> str:
    """What people call a kind of its rows; one that this release does not know is told by its code."""
    found = COUNTED_KINDS[indicator].known(kind) if indicator in COUNTED_KINDS else None
    return found.label if found else kind
