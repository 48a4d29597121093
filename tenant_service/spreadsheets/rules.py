"""How far a list from a spreadsheet has come, and what a row of it will do. Pure."""

from sync.contract.kinds import Kind


class ImportState(Kind):
    """导入状态: previewing → previewed → applying → applied → undoing → undone.

    What is done in one transaction is never seen on the way.
    """

    PREVIEWING = "PREVIEWING", "预览生成中"
    PREVIEWED = "PREVIEWED", "待确认"
    APPLYING = "APPLYING", "导入中"
    APPLIED = "APPLIED", "已导入"
    UNDOING = "UNDOING", "撤销中"
    UNDONE = "UNDONE", "已撤销"


class Outcome(Kind):
    """预览结论: what taking a row of the file will do."""

    NEW = "NEW", "新增"
    UPDATED = "UPDATED", "更新"
    UNCHANGED = "UNCHANGED", "无变化"
    ERROR = "ERROR", "错误"
