"""What can be searched for across committees, and in which order it is found."""

from sync.contract.kinds import Kind


class SearchKind(Kind):
    """检索范围: kinds of records that are searched."""

    ACTIVITY = "ACTIVITY", "履职活动"
    VENUE = "VENUE", "阵地"
    UNIT = "UNIT", "组织单元"


class SearchOrder(Kind):
    """检索结果排序: total orders every committee can serve."""

    ENTERED_DESC = "ENTERED_DESC", "新录入的在前"
    ENTERED_ASC = "ENTERED_ASC", "早录入的在前"
