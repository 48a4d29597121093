"""Deeds of members: the closed list, under which heading a yearly report has them, and what an activity counts as."""

from collections.abc import Mapping

from sync.contract.kinds import Kind
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.posts import PostKind
from sync.contract.shapes.recognitions import RecognitionKind
from sync.contract.shapes.reports import ReportKind


class Deed(Kind):
    """履职事项: closed; what a scheme gives points for."""

    MEETING = "MEETING", "参加会议"
    INVITED_CONSULTATION = "INVITED_CONSULTATION", "请你来协商"
    CONSULTATION = "CONSULTATION", "协商议政"
    INSPECTION = "INSPECTION", "视察"
    RESEARCH = "RESEARCH", "调研"
    SUPERVISION = "SUPERVISION", "民主监督"
    STUDY = "STUDY", "学习培训"
    READING = "READING", "读书"
    ONLINE_READING = "ONLINE_READING", "线上阅读"
    PARTY = "PARTY", "党建活动"
    DUTY = "DUTY", "值班接待"
    SERVICE = "SERVICE", "服务群众"
    EXCHANGE = "EXCHANGE", "走访交流"
    OTHER_ACTIVITY = "OTHER_ACTIVITY", "其他活动"
    TALK = "TALK", "谈心宣讲"
    HELPING = "HELPING", "结对帮扶"
    CONTACT_CARD = "CONTACT_CARD", "联系卡"
    SPEECH = "SPEECH", "大会发言"
    PROPOSAL = "PROPOSAL", "提案"
    CO_SIGNING = "CO_SIGNING", "联名提案"
    TOPIC = "TOPIC", "荐题"
    OPINION = "OPINION", "社情民意信息"
    REPORT = "REPORT", "调研建议成果"
    ADOPTED = "ADOPTED", "采用"
    INSTRUCTION = "INSTRUCTION", "批示"
    AWARD = "AWARD", "表扬奖励"
    ABSENCE = "ABSENCE", "无故缺席"
    CRITICISM = "CRITICISM", "通报批评"


class Heading(Kind):
    """年度履职报告的栏目: under which deeds are added up for people."""

    MEETINGS = "MEETINGS", "会议"
    INVITED = "INVITED", "请你来协商"
    CONSULTATIONS = "CONSULTATIONS", "协商议政"
    INSPECTIONS = "INSPECTIONS", "调查视察"
    SUPERVISION = "SUPERVISION", "民主监督"
    STUDIES = "STUDIES", "学习读书"
    SERVICES = "SERVICES", "联系服务"
    WORDS = "WORDS", "建言成果"
    HONOURS = "HONOURS", "表扬奖励"
    REMARKS = "REMARKS", "缺席与批评"


class LedgerSource(Kind):
    """来源: where a line comes from."""

    HERE = "HERE", "本会"
    ABROAD = "ABROAD", "外地政协"
    ENTERED = "ENTERED", "登记"


_UNDER: Mapping[Heading, tuple[Deed, ...]] = {
    Heading.MEETINGS: (Deed.MEETING,),
    Heading.INVITED: (Deed.INVITED_CONSULTATION,),
    Heading.CONSULTATIONS: (Deed.CONSULTATION,),
    Heading.INSPECTIONS: (Deed.INSPECTION, Deed.RESEARCH),
    Heading.SUPERVISION: (Deed.SUPERVISION,),
    Heading.STUDIES: (Deed.STUDY, Deed.READING, Deed.ONLINE_READING, Deed.PARTY),
    Heading.SERVICES: (
        Deed.DUTY, Deed.SERVICE, Deed.EXCHANGE, Deed.OTHER_ACTIVITY, Deed.TALK, Deed.HELPING, Deed.CONTACT_CARD,
    ),
    Heading.WORDS: (
        Deed.SPEECH, Deed.PROPOSAL, Deed.CO_SIGNING, Deed.TOPIC, Deed.OPINION, Deed.REPORT, Deed.ADOPTED,
        Deed.INSTRUCTION,
    ),
    Heading.HONOURS: (Deed.AWARD,),
    Heading.REMARKS: (Deed.ABSENCE, Deed.CRITICISM),
}  # fmt: skip
HEADING: Mapping[Deed, Heading] = {deed: heading for heading, deeds in _UNDER.items() for deed in deeds}
"""Deed → its heading in a yearly report (seed fact 10: “参加16次：请你来协商3次，调查视察7次……”)."""

_HELD_AS: Mapping[Deed, tuple[ActivityKind, ...]] = {
    Deed.MEETING: (
        ActivityKind.PLENARY, ActivityKind.STANDING_COMMITTEE, ActivityKind.CHAIRS_MEETING,
        ActivityKind.SECRETARIES_MEETING, ActivityKind.SPECIAL_COMMITTEE, ActivityKind.JOINT_SESSION,
    ),
    Deed.INVITED_CONSULTATION: (ActivityKind.INVITED_CONSULTATION,),
    Deed.CONSULTATION: (
        ActivityKind.THEMATIC_CONSULTATION, ActivityKind.BIMONTHLY_CONSULTATION,
        ActivityKind.COUNTERPART_CONSULTATION, ActivityKind.SECTOR_CONSULTATION, ActivityKind.PROPOSAL_CONSULTATION,
        ActivityKind.REMOTE_CONSULTATION, ActivityKind.ONLINE_DELIBERATION, ActivityKind.HALL_SESSION,
        ActivityKind.MICRO_CONSULTATION,
    ),
    Deed.INSPECTION: (ActivityKind.INSPECTION,),
    Deed.RESEARCH: (ActivityKind.RESEARCH,),
    Deed.SUPERVISION: (ActivityKind.SUPERVISION,),
    Deed.STUDY: (ActivityKind.STUDY, ActivityKind.LECTURE),
    Deed.READING: (ActivityKind.READING,),
    Deed.PARTY: (ActivityKind.PARTY,),
    Deed.DUTY: (ActivityKind.RECEPTION,),
    Deed.SERVICE: (ActivityKind.SERVICE_DAY,),
    Deed.EXCHANGE: (ActivityKind.SALON, ActivityKind.VISIT, ActivityKind.FORUM),
}  # fmt: skip
TAKING_PART: Mapping[ActivityKind, Deed] = {kind: deed for deed, kinds in _HELD_AS.items() for kind in kinds}
"""What somebody is credited with who was present at an activity of this kind."""
ATTENDED = frozenset({*TAKING_PART.values(), Deed.OTHER_ACTIVITY})
"""Deeds that are taking part in an activity: what “参加N次” counts."""

HANDED_IN: Mapping[ReportKind, Deed] = {
    ReportKind.OPINION_INFO: Deed.OPINION, ReportKind.SPEECH: Deed.SPEECH, ReportKind.RESEARCH: Deed.REPORT,
    ReportKind.SPECIAL: Deed.REPORT, ReportKind.RECOMMENDATION: Deed.REPORT, ReportKind.ADVICE: Deed.REPORT,
}  # fmt: skip
"""What each author of a report is credited with when it is signed."""
RECOGNISED: Mapping[RecognitionKind, Deed] = {
    RecognitionKind.INSTRUCTION: Deed.INSTRUCTION, RecognitionKind.ADOPTION: Deed.ADOPTED,
    RecognitionKind.CONVERSION: Deed.ADOPTED, RecognitionKind.INTO_POLICY: Deed.ADOPTED,
    RecognitionKind.MODEL_CASE: Deed.ADOPTED, RecognitionKind.AWARD: Deed.AWARD, RecognitionKind.PRAISE: Deed.AWARD,
}  # fmt: skip
"""What somebody is credited with whose work was recognised in this way."""
READ = frozenset({
    PostKind.READING, PostKind.BOOK_LIST, PostKind.LECTURE, PostKind.COLUMN, PostKind.PUBLICATION, PostKind.CASE
})  # fmt: skip
"""Posts whose reading is credited: nobody reads notices, rules and threads for the sake of reading."""


def deed_at(kind: ActivityKind | None) -> Deed:
    """What being present counts as; 其他活动, where the activity is not known here or is of a newer kind."""
    return TAKING_PART.get(kind, Deed.OTHER_ACTIVITY) if kind else Deed.OTHER_ACTIVITY


def by_heading(deeds: Mapping[Deed, int]) -> list[tuple[Heading, int]]:
    """A year as its report has it: how often under each heading, in their order; what was never done is left out."""
    found = {each: sum(number for deed, number in deeds.items() if HEADING[deed] is each) for each in Heading}
    return [(each, number) for each, number in found.items() if number]


def attended(deeds: Mapping[Deed, int]) -> int:
    """参加N次: of all deeds those of being at an activity."""
    return sum(number for deed, number in deeds.items() if deed in ATTENDED)
