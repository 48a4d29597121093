"""Where a roster file stands, and what becomes of its rows. Pure: no clock, no database, no network."""

from sync.contract.kinds import Kind


class BatchState(Kind):
    """导入状态: previewing → previewed → applying → applied → undoing → undone."""

    PREVIEWING = "PREVIEWING", "预览生成中"
    PREVIEWED = "PREVIEWED", "待确认"
    APPLYING = "APPLYING", "导入中"
    APPLIED = "APPLIED", "已导入"
    UNDOING = "UNDOING", "撤销中"
    UNDONE = "UNDONE", "已撤销"


class Verdict(Kind):
    """预览结论: what applying a row of the file will do."""

    NEW = "NEW", "新增"
    UPDATED = "UPDATED", "更新"
    UNCHANGED = "UNCHANGED", "无变化"
    ERROR = "ERROR", "错误"
