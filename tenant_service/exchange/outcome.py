"""What became of a record of ours after a restored backup."""

from sync.contract.kinds import Kind
from sync.edge.shell.words import say


class Outcome(Kind):
    """找回结果: what became of a record that the backup had forgotten, or knew an older version of."""

    ANEW = "ANEW", say("找回，待补私有字段")
    UPDATED = "UPDATED", say("找回，已更新至最后共享的版本")
    WITHDRAWN = "WITHDRAWN", say("已按最后的共享状态收回")
    KEPT = "KEPT", say("恢复后已改动，未覆盖")
    SEALED = "SEALED", say("加密，无法找回")
    FAILED = "FAILED", say("未能还原")
