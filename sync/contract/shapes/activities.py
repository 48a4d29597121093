"""履职活动 (activity): what a committee holds, alone or with others."""

import datetime as dt

from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible


class ActivityKind(Kind):
    """活动类别: closed; a committee may rename the label, never the code."""

    PLENARY = "PLENARY", "全体会议"
    STANDING_COMMITTEE = "STANDING_COMMITTEE", "常委会会议"
    CHAIRS_MEETING = "CHAIRS_MEETING", "主席会议"
    SECRETARIES_MEETING = "SECRETARIES_MEETING", "秘书长会议"
    SPECIAL_COMMITTEE = "SPECIAL_COMMITTEE", "专委会会议"
    THEMATIC_CONSULTATION = "THEMATIC_CONSULTATION", "专题协商"
    BIMONTHLY_CONSULTATION = "BIMONTHLY_CONSULTATION", "双月协商"
    COUNTERPART_CONSULTATION = "COUNTERPART_CONSULTATION", "对口协商"
    SECTOR_CONSULTATION = "SECTOR_CONSULTATION", "界别协商"
    PROPOSAL_CONSULTATION = "PROPOSAL_CONSULTATION", "提案办理协商"
    INVITED_CONSULTATION = "INVITED_CONSULTATION", "请你来协商"
    REMOTE_CONSULTATION = "REMOTE_CONSULTATION", "远程协商"
    ONLINE_DELIBERATION = "ONLINE_DELIBERATION", "网络议政"
    HALL_SESSION = "HALL_SESSION", "民生议事堂协商"
    MICRO_CONSULTATION = "MICRO_CONSULTATION", "小微协商"
    RECEPTION = "RECEPTION", "委员接待（值班）"
    INSPECTION = "INSPECTION", "视察"
    RESEARCH = "RESEARCH", "调研"
    SUPERVISION = "SUPERVISION", "民主监督"
    STUDY = "STUDY", "学习培训"
    READING = "READING", "读书活动"
    PARTY = "PARTY", "党建活动"
    SERVICE_DAY = "SERVICE_DAY", "服务日"
    SALON = "SALON", "沙龙"
    VISIT = "VISIT", "走访联谊"
    FORUM = "FORUM", "论坛"
    LECTURE = "LECTURE", "讲堂"
    JOINT_SESSION = "JOINT_SESSION", "联席会议"


class ActivityFormat(Kind):
    """活动形式."""

    ONSITE = "ONSITE", "线下"
    ONLINE = "ONLINE", "线上"
    HYBRID = "HYBRID", "线上线下结合"


class ActivityPart(Kind):
    """会议环节: what a part of a meeting is."""

    REGISTRATION = "REGISTRATION", "报到"
    OPENING = "OPENING", "开幕会"
    GROUP = "GROUP", "分组讨论"
    JOINT_GROUP = "JOINT_GROUP", "联组会议"
    SESSION = "SESSION", "大会"
    CLOSING = "CLOSING", "闭幕会"


class ActivityState(Kind):
    """活动状态: draft → published → held → closed, or cancelled. A draft is never told to others; all else is."""

    DRAFT = "DRAFT", "拟稿"
    PUBLISHED = "PUBLISHED", "已发布"
    HELD = "HELD", "已举行"
    CLOSED = "CLOSED", "已办结"
    CANCELLED = "CANCELLED", "已取消"


@record
class ActivityRecord:
    """履职活动: a session, inspection, study, service day or visit."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee that owns it; the first of its hosts.")
    title: str = visible(Visible.PUBLIC, "题名, 1–120 characters.")
    kind: ActivityKind = visible(Visible.PUBLIC, "What kind of activity.")
    format: ActivityFormat = visible(Visible.PUBLIC, "Onsite, online or both.")
    state: ActivityState = visible(Visible.PUBLIC, "Where it stands.")
    starts_at: dt.datetime = visible(Visible.PUBLIC, "Begin; an aware instant.")
    ends_at: dt.datetime | None = visible(Visible.PUBLIC, "End; null while open.")
    place: str = visible(Visible.PUBLIC, "Where, in words; for an online one, how to get there.")
    venue_id: Id | None = visible(Visible.PUBLIC, "Venue, if it has one.")
    host_ids: list[Id] = visible(Visible.PUBLIC, "Committees that hold it together; each counts it once.")
    mechanism_id: Id | None = visible(Visible.PUBLIC, "联动机制 under which it is held.")
    series: str | None = visible(Visible.PUBLIC, "Series or brand, such as 杭商荟.")
    issue_no: int | None = visible(Visible.PUBLIC, "第N期 within the series.")
    ordinal: int | None = visible(Visible.PUBLIC, "第N次 of this kind at this venue in its year; given at closing.")
    organizer: str | None = visible(Visible.FEDERATION, "Unit that organises it, by name.")
    capacity: int | None = visible(Visible.FEDERATION, "Most members it takes; null: no limit.")
    sign_up_until: dt.datetime | None = visible(Visible.FEDERATION, "Last moment to sign up.")
    leader_present: bool | None = visible(Visible.FEDERATION, "Whether the place's Party or government leader came.")
    members_present: int | None = visible(Visible.FEDERATION, "委员人次; null before anybody was counted.")
    headcount: int | None = visible(Visible.FEDERATION, "Public present beside the members; null before the report.")
    suggestions: list[str] | None = visible(Visible.MECHANISM, "建议 raised, a line each; null before the report.")
    report: str | None = visible(Visible.MECHANISM, "Closing report.")
    backfilled: bool | None = visible(Visible.FEDERATION, "补录: entered after it was held.")
    change_note: str | None = visible(Visible.FEDERATION, "Why it was last changed or cancelled.")
    parent_id: Id | None = visible(
        Visible.PUBLIC, "Meeting of which it is a part; figures count that once, and no part.", default=None
    )
    part: ActivityPart | None = visible(Visible.PUBLIC, "Which part of it.", default=None)
    is_by_member: bool = visible(Visible.PUBLIC, "委员发起: a member started it.", default=False)
    recurrence: str | None = visible(
        Visible.PUBLIC, "When it is held again: an RRULE, such as `FREQ=MONTHLY;BYMONTHDAY=25`.", default=None
    )
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class ActivityOrder(Kind):
    """活动排序: total orders every committee can serve."""

    STARTS_AT_DESC = "STARTS_AT_DESC", "时间由近到远"
    STARTS_AT_ASC = "STARTS_AT_ASC", "时间由远到近"
    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
