"""What acts of accounts, sign-ins, applications, links and auditors are called, for whoever looks through the log."""

from sync.edge.shell.words import say

AREAS = {
    "account": say("账号"), "session": say("登录"), "client": say("应用"), "grant": say("应用授权"),
    "link": say("外部登录"), "restore": say("恢复备份"),
}  # fmt: skip
"""What such acts begin with → what people call that. Rooms say the same of their own."""

ACTS = {
    "account.create": say("开通账号"), "account.roles": say("变更角色"), "account.body": say("变更所属单位"),
    "account.close": say("关闭账号"),
    "account.password": say("重设首次密码"), "account.own_password": say("修改本人密码"),
    "account.locked": say("多次登录失败被锁定"), "account.export": say("导出账号名单"),
    "session.begin": say("登录"), "session.end": say("退出登录"), "session.ended_elsewhere": say("因外部退出而退出"),
    "client.register": say("登记应用"), "client.remove": say("移除应用"),
    "session.token": say("以密码取得令牌"), "session.end_all": say("退出全部登录"),
    "grant.came_twice": say("授权码或刷新令牌重复使用"),
    "grant.begin": say("授权应用"), "grant.end": say("收回应用授权"),
    "link.add": say("关联外部登录"), "link.remove": say("取消外部登录"),
    "restore.begin_epoch": say("恢复后重新开始共享"), "restore.recover": say("从其他政协找回记录"),
    "audit.look": say("查看审计日志"), "audit.export": say("导出审计日志"), "audit.verify": say("校验审计日志"),
    "audit.look_below": say("查看下级审计日志"), "audit.copy_below": say("导出下级审计日志"),
    "audit.consent": say("委托上级审计"), "audit.consent_withdrawn": say("收回委托"),
}  # fmt: skip
"""Act → what people call it."""
