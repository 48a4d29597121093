"""What becomes of a file and of each of its rows, and how that is called. Pure: no clock, no database, no network."""

import msgspec

from sync.contract.kinds import Kind


class FileState(Kind):
    """导入状态: previewed → applied → undone."""

    PREVIEWED = "PREVIEWED", "待确认"
    APPLIED = "APPLIED", "已导入"
    UNDONE = "UNDONE", "已撤销"


class Outcome(Kind):
    """预览结论: what taking a row of the file will do."""

    NEW = "NEW", "新增"
    UPDATED = "UPDATED", "更新"
    UNCHANGED = "UNCHANGED", "无变化"
    ERROR = "ERROR", "错误"


class Line(msgspec.Struct, omit_defaults=True):
    """One row of a file and what became of it.

    `fields`: of the room's form; `before`: these as they stood there, once the row was taken; `is_done`: it was.
    """

    number: int
    cells: list[str]
    name: str
    outcome: Outcome = Outcome.ERROR
    reason: str | None = None
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    record: str | None = None
    revision: int | None = None
    before: dict[str, str] | None = None
    is_done: bool = False
