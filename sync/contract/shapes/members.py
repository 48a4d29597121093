"""委员与组织 (members): units, bodies, persons and memberships of one committee.

A person has one pseudonymous id in the whole federation; the name travels only with consent, everything else never.
"""

import datetime as dt

from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.shapes.sectors import Party, Sector
from sync.contract.visibility import Visible, record, visible


class UnitKind(Kind):
    """组织单元类别: closed; a committee may rename the label, never the code."""

    SPECIAL_COMMITTEE = "SPECIAL_COMMITTEE", "专门委员会"
    SECTOR = "SECTOR", "界别"
    LIAISON = "LIAISON", "联络室（工委）"
    MEMBER_GROUP = "MEMBER_GROUP", "委员小组"
    SERVICE_GROUP = "SERVICE_GROUP", "服务团组"
    SUPERVISION_GROUP = "SUPERVISION_GROUP", "监督组"
    PARTY_LEADING_GROUP = "PARTY_LEADING_GROUP", "党组"
    PARTY_GENERAL_BRANCH = "PARTY_GENERAL_BRANCH", "党总支"
    PARTY_BRANCH = "PARTY_BRANCH", "党支部"
    TEMPORARY_PARTY_BRANCH = "TEMPORARY_PARTY_BRANCH", "临时党支部"
    PARTY_GROUP = "PARTY_GROUP", "党小组"
    TEMPORARY_PARTY_GROUP = "TEMPORARY_PARTY_GROUP", "临时党小组"
    OFFICE = "OFFICE", "机关处室"
    TOWN = "TOWN", "镇街"
    COMMUNITY = "COMMUNITY", "社区（村）"
    GRID = "GRID", "网格"


class BodyKind(Kind):
    """单位类别: closed."""

    DEPARTMENT = "DEPARTMENT", "承办部门"
    PARTY_GOVERNMENT = "PARTY_GOVERNMENT", "党委政府"
    ENTERPRISE = "ENTERPRISE", "企业"
    SOCIAL_ORGANISATION = "SOCIAL_ORGANISATION", "社会组织"
    SCHOOL = "SCHOOL", "学校"
    VILLAGE_COMMITTEE = "VILLAGE_COMMITTEE", "村（居）委会"


class MembershipKind(Kind):
    """任职类别: closed."""

    MEMBER = "MEMBER", "政协委员"
    PARTY_MEMBER = "PARTY_MEMBER", "党员编组"
    CONVENER = "CONVENER", "召集人"
    STAFF = "STAFF", "工作人员"
    POSTING = "POSTING", "派驻（联系）"
    CONTACT = "CONTACT", "一对一联系"


class MembershipState(Kind):
    """任职状态: proposed → active → ended."""

    PROPOSED = "PROPOSED", "拟任"
    ACTIVE = "ACTIVE", "在任"
    ENDED = "ENDED", "已止"


class MembershipEntry(Kind):
    """任职方式: how a membership began."""

    TERM = "TERM", "换届产生"
    ADDED = "ADDED", "增补"


class MembershipEnding(Kind):
    """终止方式: how a membership ended."""

    RESIGNED = "RESIGNED", "辞去"
    REVOKED = "REVOKED", "撤销"
    STOPPED = "STOPPED", "停止履职"
    TERM_OVER = "TERM_OVER", "届满"
    MOVED = "MOVED", "调整"
    DECEASED = "DECEASED", "去世"


class UnitOrder(Kind):
    """组织单元排序: total orders every committee can serve."""

    SORT_KEY_ASC = "SORT_KEY_ASC", "名称"


@record
class UnitRecord:
    """组织单元: a special committee, sector, town group or party branch; units form trees."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee that it belongs to.")
    kind: UnitKind = visible(Visible.PUBLIC, "What kind of unit.")
    name: str = visible(Visible.PUBLIC, "Name, 1–80 characters.")
    sort_key: str = visible(Visible.PUBLIC, "ASCII; lists of many committees go by it.")
    sector: Sector | None = visible(Visible.PUBLIC, "Of a sector: the shared code it counts under.", default=None)
    parent_id: Id | None = visible(Visible.PUBLIC, "The unit above it, of the same committee.", default=None)
    since: dt.date | None = visible(Visible.PUBLIC, "First day, Asia/Shanghai; null: always.", default=None)
    until: dt.date | None = visible(Visible.PUBLIC, "Last day; null while it exists.", default=None)
    merged_into_id: Id | None = visible(Visible.PUBLIC, "The unit that took its place.", default=None)


@record
class BodyRecord:
    """单位: a department, enterprise or organisation that the committee works with."""

    id: Id = visible(Visible.FEDERATION, "Global id.")
    committee_id: Id = visible(Visible.FEDERATION, "Committee whose list it is on.")
    kind: BodyKind = visible(Visible.FEDERATION, "What kind of body.")
    name: str = visible(Visible.FEDERATION, "Name, 1–120 characters.")
    sort_key: str = visible(Visible.FEDERATION, "ASCII; lists go by it.")
    until: dt.date | None = visible(Visible.FEDERATION, "Last day; null while it exists.", default=None)


@record
class PersonRecord:
    """人员: a member, expert or staff person, under one pseudonym in the whole federation."""

    id: Id = visible(Visible.FEDERATION, "Pseudonymous global id.")
    committee_id: Id = visible(Visible.FEDERATION, "Home committee.")
    name: str | None = visible(
        Visible.TENANT, "Name; told to no other committee without consent.", default=None, personal=True
    )
    sort_key: str | None = visible(Visible.TENANT, "ASCII; lists of persons go by it.", default=None, personal=True)
    tags: list[str] | None = visible(Visible.TENANT, "标签: specialities.", default=None, personal=True)


@record
class MembershipRecord:
    """任职: what a person is in a unit or in the committee, and for how long."""

    id: Id = visible(Visible.FEDERATION, "Global id.")
    committee_id: Id = visible(Visible.FEDERATION, "Committee in which it is held.")
    kind: MembershipKind = visible(Visible.FEDERATION, "What kind of membership.")
    state: MembershipState = visible(Visible.FEDERATION, "Where it stands.")
    person_id: Id | None = visible(Visible.TENANT, "Who holds it.", default=None, personal=True)
    unit_id: Id | None = visible(Visible.TENANT, "In which unit; null: in the committee itself.", default=None)
    body_id: Id | None = visible(Visible.TENANT, "With which body, of a posting to one.", default=None)
    holder_unit_id: Id | None = visible(Visible.TENANT, "The unit that is posted, where it is no person.", default=None)
    with_person_id: Id | None = visible(
        Visible.TENANT, "With whom, of a one-to-one contact.", default=None, personal=True
    )
    title: str | None = visible(Visible.TENANT, "职务: 主席, 常委, 委员 …", default=None, personal=True)
    term: int | None = visible(Visible.TENANT, "届次: number of the term.", default=None)
    sector: Sector | None = visible(Visible.TENANT, "界别, by its shared code.", default=None)
    party: Party | None = visible(Visible.TENANT, "党派.", default=None, personal=True)
    since: dt.date | None = visible(Visible.TENANT, "First day.", default=None)
    until: dt.date | None = visible(Visible.TENANT, "Last day; null while it lasts.", default=None)
    entry: MembershipEntry | None = visible(Visible.TENANT, "How it began.", default=None)
    decided_by: str | None = visible(Visible.TENANT, "Meeting that decided it.", default=None)
    decided_on: dt.date | None = visible(Visible.TENANT, "Day of that meeting.", default=None)
    ending: MembershipEnding | None = visible(Visible.TENANT, "How it ended.", default=None)
    ended_by: str | None = visible(Visible.TENANT, "Meeting that decided its end.", default=None)
    ended_on: dt.date | None = visible(Visible.TENANT, "Day of that meeting.", default=None)
