"""参与记录 (participation): one person at one activity. Owned by the host; travels to the member's home only."""

import datetime as dt

from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible


class ParticipationRole(Kind):
    """参与身份."""

    ATTENDEE = "ATTENDEE", "参加"
    CHAIR = "CHAIR", "主持"
    SPEAKER = "SPEAKER", "发言"
    WRITTEN_SPEAKER = "WRITTEN_SPEAKER", "书面发言"
    DEPARTMENT = "DEPARTMENT", "部门代表"


class ParticipationState(Kind):
    """参与状态: invited → registered / waitlisted / declined / on leave / withdrawn → present / absent."""

    INVITED = "INVITED", "已邀请"
    REGISTERED = "REGISTERED", "已报名"
    WAITLISTED = "WAITLISTED", "候补"
    DECLINED = "DECLINED", "不参加"
    LEAVE_ASKED = "LEAVE_ASKED", "请假待批"
    ON_LEAVE = "ON_LEAVE", "已请假"
    WITHDRAWN = "WITHDRAWN", "已取消报名"
    PRESENT = "PRESENT", "出席"
    ABSENT = "ABSENT", "缺席"


class LeaveKind(Kind):
    """请假类别."""

    OFFICIAL = "OFFICIAL", "公务"
    SICK = "SICK", "病假"
    PERSONAL = "PERSONAL", "事假"


@record
class ParticipationRecord:
    """参与记录: one person at one activity, as the host knows it."""

    id: Id = visible(Visible.FEDERATION, "Global id.")
    committee_id: Id = visible(Visible.FEDERATION, "Host that owns the record.")
    activity_id: Id = visible(Visible.FEDERATION, "Activity.")
    person_id: Id | None = visible(
        Visible.MECHANISM, "Who, by pseudonym; told to that person's home only.", personal=True
    )
    home_id: Id | None = visible(Visible.MECHANISM, "Home committee of the person.")
    role: ParticipationRole = visible(Visible.FEDERATION, "In which role.")
    state: ParticipationState = visible(Visible.FEDERATION, "Where it stands.")
    checked_in_at: dt.datetime | None = visible(Visible.MECHANISM, "签到: when; null if never.")
    checked_out_at: dt.datetime | None = visible(Visible.MECHANISM, "签退: when.")
    reason: str | None = visible(Visible.MECHANISM, "Why on leave, declined or corrected.", personal=True)
    revision: int = visible(Visible.FEDERATION, "Grows with every change.")
