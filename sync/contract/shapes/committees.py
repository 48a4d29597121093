"""政协委员会 (committee): who is in the federation."""

from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.levels import Level
from sync.contract.visibility import Visible, record, visible


class CommitteeState(Kind):
    """在册状态: where a committee stands in the directory."""

    PENDING = "PENDING", "待审批"
    ACTIVE = "ACTIVE", "在册"
    SUSPENDED = "SUSPENDED", "已暂停"
    CLOSED = "CLOSED", "已撤销"


@record
class CommitteeRecord:
    """政协委员会: one committee of the federation."""

    id: Id = visible(Visible.PUBLIC, "GB/T 2260 code at founding; kept for ever.")
    name: str = visible(Visible.PUBLIC, "Full name.")
    short_name: str = visible(Visible.PUBLIC, "Name of the place alone, as a tile shows it.")
    level: Level = visible(Visible.PUBLIC, "Level it belongs to.")
    parent_id: Id | None = visible(Visible.PUBLIC, "The committee above it; explicit, never read off the code.")
    state: CommitteeState = visible(Visible.PUBLIC, "Where it stands in the directory.")
    current_code: str = visible(Visible.PUBLIC, "GB/T 2260 code in force today.")
    successor_id: Id | None = visible(Visible.PUBLIC, "Who took over when it was closed.", default=None)
