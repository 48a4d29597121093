"""成果认定 (recognition): that somebody took up what a committee worked out: 批示, 采纳, 纳入文件, 典型案例 and others.

Of an instruction (批示) it says from what level, on which day and whether it was favourable; its text is never kept,
and neither is whose hand it was (practice rule 4).
"""

import datetime as dt

from sync.contract.bounds import Bound
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible


class RecognitionKind(Kind):
    """认定类别: closed."""

    INSTRUCTION = "INSTRUCTION", "领导批示"
    ADOPTION = "ADOPTION", "采纳落实"
    CONVERSION = "CONVERSION", "成果转化"
    INTO_POLICY = "INTO_POLICY", "纳入文件"
    MODEL_CASE = "MODEL_CASE", "典型案例"
    AWARD = "AWARD", "获奖"
    PRAISE = "PRAISE", "通报表扬"


class RecognitionLevel(Kind):
    """认定层级: of instructions the leader's, of all else the office's that recognised it."""

    NATION_LEADER = "NATION_LEADER", "国家领导"
    PROVINCE_MAIN = "PROVINCE_MAIN", "省主要领导"
    PROVINCE_LEADER = "PROVINCE_LEADER", "省领导"
    CITY_MAIN = "CITY_MAIN", "市主要领导"
    CITY_LEADER = "CITY_LEADER", "市领导"
    DISTRICT_MAIN = "DISTRICT_MAIN", "区县主要领导"
    DISTRICT_LEADER = "DISTRICT_LEADER", "区县领导"
    NATION = "NATION", "国家级"
    PROVINCE = "PROVINCE", "省级"
    CITY = "CITY", "市级"
    DISTRICT = "DISTRICT", "区县级"
    TOWN = "TOWN", "镇街级"


class RecognitionState(Kind):
    """认定状态: recorded → confirmed ⇄ put right; or withdrawn."""

    RECORDED = "RECORDED", "已登记"
    CONFIRMED = "CONFIRMED", "已确认"
    WITHDRAWN = "WITHDRAWN", "已撤销"


@record
class RecognitionRecord:
    """成果认定: what was recognised, in which way, by whom and when."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee that wrote it down.")
    kind: RecognitionKind = visible(Visible.PUBLIC, "In which way.")
    level: RecognitionLevel = visible(Visible.PUBLIC, "By whom, as a level and never by name.")
    state: RecognitionState = visible(Visible.PUBLIC, "Whether it counts.")
    day: dt.date = visible(Visible.PUBLIC, "On which day.")
    title: str = visible(Visible.PUBLIC, "What was recognised, by its title.", bound=Bound(longest=120))
    subject_id: Id | None = visible(Visible.FEDERATION, "The same as a record; null: it is none of the platform.")
    favourable: bool | None = visible(Visible.FEDERATION, "肯定性; null where that says nothing.")
    document: str | None = visible(
        Visible.FEDERATION, "Into which document, on which list, which award.", bound=Bound(longest=200)
    )
    side: str | None = visible(
        Visible.FEDERATION, "Which side or office recognised it, by name; of instructions null.",
        bound=Bound(longest=120),
    )  # fmt: skip
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class RecognitionOrder(Kind):
    """认定排序: total orders every committee can serve."""

    DAY_DESC = "DAY_DESC", "日期由近到远"
    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
