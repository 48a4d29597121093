"""What the exchange's codes are called on pages; a code that is not here is shown as it is."""

from sync.edge.shell.words import say

TROUBLES = {
    "FORKED": say("内容与已接收的不衔接"),
    "FORGED": say("签名不符"),
    "UNKNOWN_KEY": say("签名密钥不在目录中"),
}
"""Why a log does not advance: `sync.log.Trouble`."""

STATES = {
    "FOLLOWING": say("接收中"),
    "FROZEN": say("已停止接收，保留副本"),
    "REMOVED": say("已停止接收，副本已删除"),
}
"""`FollowedState`."""

ALARMS = {
    **TROUBLES,
    "STRANGER": say("枢纽上出现非本会发出的内容"),
    "OWN_KEY_UNKNOWN": say("枢纽上有本会更新密钥签发的内容"),
    "RESTORED": say("本会数据库曾从备份恢复"),
    "SALVAGED": say("已从其他政协找回本会数据"),
    "NOT_SALVAGED": say("未能找回，可能有数据丢失"),
    "UNREADABLE": say("内容无法识别"),
    "NOT_ITS_OWN": say("越权发布他会记录"),
    "NOT_ERASED": say("要求擦除的内容与所指记录不符，未擦除"),
    "NOT_A_READER": say("向本会索取无权阅读的内容"),
    "NOT_RECOVERED": say("有找回的记录未能还原"),
    "CLOCK_AHEAD": say("双方时钟相差五分钟以上"),
    "DIRECTORY_REFUSED": say("枢纽分发的目录不可信，仍用上一份"),
    "DEFINED_TWICE": say("目录中被重复登记，两处均无效"),
    "OUTSIDE_PREFIX": say("目录中被越权登记，该登记无效"),
    "PARENT_DISPUTED": say("目录与自述的上级不一致，视为没有上级"),
    "MECHANISM_UNKNOWN": say("目录中的联动机制未由牵头方登记"),
    "REQUEST_BROKE": say("请求未能处理，稍后重试"),
}
