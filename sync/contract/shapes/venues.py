"""阵地 (venue): a place or an online room with a kind, a type, a brand and a unit."""

import datetime as dt

from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible


class VenueKind(Kind):
    """阵地类别: closed; a committee may rename the label, never the code."""

    PRACTICE_CENTRE = "PRACTICE_CENTRE", "协商民主实践中心"
    SUB_CENTRE = "SUB_CENTRE", "实践分中心（基地）"
    HALL = "HALL", "民生议事堂"
    POST = "POST", "协商驿站"
    STUDIO = "STUDIO", "委员工作室（站）"
    PARLOUR = "PARLOUR", "委员会客厅"
    CONTACT_POINT = "CONTACT_POINT", "社情民意联系点（直报点）"
    READING_ROOM = "READING_ROOM", "读书驿站"
    ONLINE_STUDIO = "ONLINE_STUDIO", "线上委员工作室"
    PARTY_PLACE = "PARTY_PLACE", "党建活动阵地"


class VenueType(Kind):
    """平台类型: the seven types of consultation platforms."""

    VILLAGE = "VILLAGE", "村落社区型"
    BUSINESS = "BUSINESS", "商圈楼宇型"
    PARK = "PARK", "园区产业型"
    INDUSTRY = "INDUSTRY", "行业基地型"
    STREET = "STREET", "专业街区型"
    TOWN = "TOWN", "特色小镇型"
    GROUP = "GROUP", "特定群体型"


class VenueState(Kind):
    """阵地状态: planned → open ⇄ paused → closed."""

    PLANNED = "PLANNED", "筹建"
    OPEN = "OPEN", "开放"
    PAUSED = "PAUSED", "暂停"
    CLOSED = "CLOSED", "已撤销"


@record
class VenueRecord:
    """阵地: a place where people meet the committee, or an online room."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee that runs it.")
    name: str = visible(Visible.PUBLIC, "Name on the door, 1–120 characters.")
    sort_key: str = visible(Visible.PUBLIC, "ASCII; lists of many committees go by it.")
    kind: VenueKind = visible(Visible.PUBLIC, "What kind of venue.")
    type: VenueType | None = visible(Visible.PUBLIC, "Which of the seven types; null where none fits.")
    brand: str | None = visible(Visible.PUBLIC, "品牌: its local brand, such as 红茶议事会.")
    state: VenueState = visible(Visible.PUBLIC, "Whether it is open.")
    area: str | None = visible(Visible.PUBLIC, "Town or street in which it stands, by name.")
    area_id: Id | None = visible(Visible.PUBLIC, "Unit of that town; null when it stands outside the committee.")
    address: str = visible(Visible.PUBLIC, "Where, in words.")
    seats: int | None = visible(Visible.PUBLIC, "Seats of all its spaces; null when never counted.")
    opened_on: dt.date | None = visible(Visible.PUBLIC, "First day, Asia/Shanghai.")
    closed_on: dt.date | None = visible(Visible.PUBLIC, "Last day; null while it exists.", default=None)
    parent_id: Id | None = visible(Visible.PUBLIC, "The centre that it belongs to, perhaps of another committee.")


class VenueOrder(Kind):
    """阵地排序: total orders every committee can serve."""

    SORT_KEY_ASC = "SORT_KEY_ASC", "名称"
    SEATS_DESC = "SEATS_DESC", "座位由多到少"
