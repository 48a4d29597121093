"""The one table of who may do what: role → use cases. Also printed in docs/policy.md, which a test compares.

Rights of people from other committees are not here: they read what was shared with their committee
(`tenant_service.identity.actor`), and act only by requests of their own home.
"""

from sync.contract.kinds import Kind


class Role(Kind):
    """角色: what an account is in its committee. An account may hold several."""

    MEMBER = "member", "委员"
    CHAIR = "chair", "主席"
    SECRETARY = "secretary", "秘书长"
    DEPUTY_SECRETARY = "deputy_secretary", "副秘书长"
    CLERK = "clerk", "工作人员"
    CONVENER = "convener", "界别召集人"
    DEPARTMENT = "department", "承办单位联系人"
    STREET = "street", "镇街联络员"
    SUPERVISOR = "supervisor", "民主监督员"
    COORDINATOR = "coordinator", "交办单位（督查室）"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


class UseCase(Kind):
    """What can be done here, beside reading what one is shown anyway."""

    SEE_WORK = "SEE_WORK", "查看内部工作（含拟稿、名单、上级可见内容）"
    DRAFT_ACTIVITY = "DRAFT_ACTIVITY", "拟稿、修改、取消、办结活动"
    SIGN_OFF_ACTIVITY = "SIGN_OFF_ACTIVITY", "审核签发活动"
    CHECK_IN_OTHERS = "CHECK_IN_OTHERS", "为他人签到、登记出席"
    SIGN_UP_OTHERS = "SIGN_UP_OTHERS", "代委员报名、审批请假、上报名单"
    SIGN_UP = "SIGN_UP", "本人报名、请假、取消"
    START_MEETING = "START_MEETING", "本人发起云会议（经签发后举行）"
    EDIT_VENUES = "EDIT_VENUES", "维护阵地"
    BOOK = "BOOK", "本人预约阵地、取消自己的预约"
    HANDLE_BOOKINGS = "HANDLE_BOOKINGS", "前台：登记、确认、核验、取消预约"
    APPROVE_BOOKINGS = "APPROVE_BOOKINGS", "审批有领导出席的旁听预约"
    EDIT_PROCEDURES = "EDIT_PROCEDURES", "拟订、修改、采用规程草案，选择共享"
    ENACT_PROCEDURES = "ENACT_PROCEDURES", "施行、废止规程"
    SEE_MEMBERS = "SEE_MEMBERS", "查看委员通讯录（姓名、职务、界别、工作电话）"
    EDIT_MEMBERS = "EDIT_MEMBERS", "维护委员与组织、导入名册"
    HANDLE_PERSONAL = "HANDLE_PERSONAL", "查看、导出某人的个人信息及其流出情况，写明事由后查看被遮蔽的内容"
    REVEAL_CONTACTS = "REVEAL_CONTACTS", "写明事由后查看活动、阵地联系人的电话"
    ERASE_PERSON = "ERASE_PERSON", "删除离任人员的个人信息"
    EDIT_WORKDAYS = "EDIT_WORKDAYS", "调整工作日历"
    EDIT_OPENINGS = "EDIT_OPENINGS", "录入、导入、更正期初数"
    SIGN_OFF_OPENINGS = "SIGN_OFF_OPENINGS", "签发、退回、撤回期初数，确定启用日期"
    EDIT_SUPERVISION = "EDIT_SUPERVISION", "筹备、办理民主监督和民主评议"
    EDIT_PROGRAMMES = "EDIT_PROGRAMMES", "筹备、办理专项计划"
    SIGN_OFF_PROGRAMMES = "SIGN_OFF_PROGRAMMES", "签发、办结专项计划"
    ENTER_DEEDS = "ENTER_DEEDS", "登记本人为专项所做"
    SIGN_OFF_SUPERVISION = "SIGN_OFF_SUPERVISION", "签发监督方案、办结监督，公布评议结果"
    ADD_FINDINGS = "ADD_FINDINGS", "提出监督发现的问题和整改意见（民主监督员限所派驻的单位）"
    GIVE_BALLOT = "GIVE_BALLOT", "本人填写民主评议票"
    EDIT_POSTS = "EDIT_POSTS", "拟写、发布、撤下各类发布，审看留言，查看已读，选择共享"
    WRITE_POSTS = "WRITE_POSTS", "本人发帖、开讲，对发布留言"
    SIGN_OFF_POSTS = "SIGN_OFF_POSTS", "签发、退回发布"
    EDIT_FORMS = "EDIT_FORMS", "拟制、开放、截止、撤下表单，导出作答，选择共享"
    SIGN_OFF_FORMS = "SIGN_OFF_FORMS", "签发、退回表单"
    RECOMMEND_TOPICS = "RECOMMEND_TOPICS", "荐题：本人提交议题"
    HANDLE_TOPICS = "HANDLE_TOPICS", "登记、受理、筛选、办理议题"
    RECEIVE_TOPICS = "RECEIVE_TOPICS", "首接：审看、受理、移交本人负责的阵地收到的反映"
    SIGN_OFF_TOPICS = "SIGN_OFF_TOPICS", "签发、退回议题的公开答复，扩大议题共享，重新办理"
    EDIT_ITEMS = "EDIT_ITEMS", "拟列清单、转送交办单位、代录没有账号的单位的来文、核实回复、撤回交办，选择共享"
    SIGN_OFF_ITEMS = "SIGN_OFF_ITEMS", "确认清单条目、办结交办、决定重新办理"
    HAND_OVER = "HAND_OVER", "交办、改派、维持交办、审批延期（限转送给本单位的）"
    HANDLE_ASSIGNMENTS = (
        "HANDLE_ASSIGNMENTS",
        "签收、申请退办、申请延期、回复、回应吹哨（限本单位的）",
    )
    CALL_BODIES = "CALL_BODIES", "吹哨：请部门到场，结束或取消吹哨"
    KEEP_LEDGER = "KEEP_LEDGER", "查看全体委员履职台账、登记履职、冲销、年度结账"
    SIGN_OFF_PERFORMANCE = "SIGN_OFF_PERFORMANCE", "施行、停用履职方案，公示、定稿年度履职结果"
    OBJECT_TO_RESULT = "OBJECT_TO_RESULT", "对本人的年度履职结果提出异议"
    SEE_NOTICES = "SEE_NOTICES", "查看通知发送情况、再次发送、登记已另行告知"
    WRITE_REPORTS = "WRITE_REPORTS", "撰写、提交本人的社情民意信息和其他成果"
    EDIT_REPORTS = "EDIT_REPORTS", "初审、采编、合编、归档成果，代委员录入，收取下级报送的来稿"
    SIGN_OFF_REPORTS = "SIGN_OFF_REPORTS", "签发、退回、报送成果，决定是否采用下级来稿"
    CONFIRM_ENTRIES = "CONFIRM_ENTRIES", "确认工作人员为本人代录的事项，或提出异议"
    SETTLE_ENTRIES = "SETTLE_ENTRIES", "处理委员对代录的异议"
    WRITE_PROPOSALS = "WRITE_PROPOSALS", "撰写、联名、提交、撤回本人的提案，附议他人的提案"
    EDIT_PROPOSALS = "EDIT_PROPOSALS", "初审、复审、退回、并案提案，转社情民意信息，代提案者录入，专题项目，归档"
    SIGN_OFF_PROPOSALS = "SIGN_OFF_PROPOSALS", "签发立案，决定不予立案、重点提案、二轮办理"
    SEE_SYNC = "SEE_SYNC", "查看交换状态"
    RUN_SYNC = "RUN_SYNC", "处理交换异常（重新处理、告警已知悉）"
    GIVE_SIGNING = "GIVE_SIGNING", "按日期授权他人代为签发、收回授权"
    MANAGE_ACCOUNTS = "MANAGE_ACCOUNTS", "开通、关闭账号，重设密码"
    GIVE_ROLES = "GIVE_ROLES", "授予、收回角色"
    SEE_ACCOUNTS = "SEE_ACCOUNTS", "查看、导出账号与角色"
    MANAGE_CLIENTS = "MANAGE_CLIENTS", "登记经本会登录的应用"
    LEAVE_AUDIT = "LEAVE_AUDIT", "把审计委托上级、收回委托"
    SEE_AUDIT = "SEE_AUDIT", "查看、导出审计日志"
    SEE_AUDITORS = "SEE_AUDITORS", "查看、导出审计管理员的操作记录"
    SEE_AUDIT_HEADS = "SEE_AUDIT_HEADS", "查看下级政协的审计头"


THREE = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""三员: one opens and closes accounts, one gives them roles, one reads what was done. Nobody holds two."""
_STAFF = {Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.CLERK}
_OFFICE = _STAFF | {Role.STREET}
_LEADERS = {Role.CHAIR, Role.SECRETARY, Role.DEPUTY_SECRETARY}

ALLOWED: dict[UseCase, frozenset[Role]] = {
    UseCase.SEE_WORK: frozenset(_OFFICE | _LEADERS),
    UseCase.DRAFT_ACTIVITY: frozenset(_OFFICE | {Role.CONVENER}),
    UseCase.SIGN_OFF_ACTIVITY: frozenset(_LEADERS),
    UseCase.CHECK_IN_OTHERS: frozenset(_OFFICE | {Role.CONVENER}),
    UseCase.SIGN_UP_OTHERS: frozenset(_STAFF),
    UseCase.SIGN_UP: frozenset({Role.MEMBER, Role.CHAIR, Role.CONVENER}),
    UseCase.START_MEETING: frozenset({Role.MEMBER, Role.CHAIR, Role.CONVENER}),
    UseCase.EDIT_VENUES: frozenset(_OFFICE),
    UseCase.BOOK: frozenset({Role.MEMBER, Role.CHAIR, Role.CONVENER}),
    UseCase.HANDLE_BOOKINGS: frozenset(_OFFICE | _LEADERS),
    UseCase.APPROVE_BOOKINGS: frozenset(_LEADERS),
    UseCase.EDIT_PROCEDURES: frozenset(_STAFF),
    UseCase.ENACT_PROCEDURES: frozenset(_LEADERS),
    UseCase.SEE_MEMBERS: frozenset(_OFFICE | _LEADERS | {Role.MEMBER, Role.CONVENER}),
    UseCase.EDIT_MEMBERS: frozenset(_STAFF),
    UseCase.HANDLE_PERSONAL: frozenset(_STAFF),
    UseCase.REVEAL_CONTACTS: frozenset(_OFFICE),
    UseCase.ERASE_PERSON: frozenset({Role.SECRETARY, Role.DEPUTY_SECRETARY}),
    UseCase.EDIT_WORKDAYS: frozenset(_STAFF),
    UseCase.EDIT_OPENINGS: frozenset(_STAFF),
    UseCase.SIGN_OFF_OPENINGS: frozenset(_LEADERS),
    UseCase.EDIT_SUPERVISION: frozenset(_STAFF),
    UseCase.SIGN_OFF_SUPERVISION: frozenset(_LEADERS),
    UseCase.EDIT_PROGRAMMES: frozenset(_STAFF),
    UseCase.SIGN_OFF_PROGRAMMES: frozenset(_LEADERS),
    UseCase.ENTER_DEEDS: frozenset({Role.MEMBER, Role.CHAIR, Role.CONVENER}),
    UseCase.ADD_FINDINGS: frozenset(_STAFF | {Role.SUPERVISOR}),
    UseCase.GIVE_BALLOT: frozenset({Role.MEMBER, Role.CHAIR, Role.CONVENER, Role.SUPERVISOR}),
    UseCase.EDIT_POSTS: frozenset(_STAFF),
    UseCase.WRITE_POSTS: frozenset({Role.MEMBER, Role.CHAIR, Role.CONVENER}),
    UseCase.SIGN_OFF_POSTS: frozenset(_LEADERS),
    UseCase.EDIT_FORMS: frozenset(_STAFF),
    UseCase.SIGN_OFF_FORMS: frozenset(_LEADERS),
    UseCase.RECOMMEND_TOPICS: frozenset({Role.MEMBER, Role.CHAIR, Role.CONVENER}),
    UseCase.HANDLE_TOPICS: frozenset(_OFFICE),
    UseCase.RECEIVE_TOPICS: frozenset({Role.MEMBER, Role.CONVENER}),
    UseCase.SIGN_OFF_TOPICS: frozenset(_LEADERS),
    UseCase.EDIT_ITEMS: frozenset(_STAFF),
    UseCase.SIGN_OFF_ITEMS: frozenset(_LEADERS),
    UseCase.HAND_OVER: frozenset({Role.COORDINATOR}),
    UseCase.HANDLE_ASSIGNMENTS: frozenset({Role.DEPARTMENT}),
    UseCase.CALL_BODIES: frozenset(_OFFICE),
    UseCase.KEEP_LEDGER: frozenset(_STAFF),
    UseCase.SIGN_OFF_PERFORMANCE: frozenset(_LEADERS),
    UseCase.OBJECT_TO_RESULT: frozenset({Role.MEMBER, Role.CHAIR, Role.CONVENER}),
    UseCase.SEE_NOTICES: frozenset(_OFFICE),
    UseCase.WRITE_REPORTS: frozenset(_STAFF | {Role.MEMBER, Role.CHAIR, Role.CONVENER}),
    UseCase.EDIT_REPORTS: frozenset(_STAFF),
    UseCase.SIGN_OFF_REPORTS: frozenset(_LEADERS),
    UseCase.CONFIRM_ENTRIES: frozenset({Role.MEMBER, Role.CHAIR, Role.CONVENER}),
    UseCase.SETTLE_ENTRIES: frozenset(_STAFF),
    UseCase.WRITE_PROPOSALS: frozenset(_STAFF | {Role.MEMBER, Role.CHAIR, Role.CONVENER}),
    UseCase.EDIT_PROPOSALS: frozenset(_STAFF),
    UseCase.SIGN_OFF_PROPOSALS: frozenset(_LEADERS),
    UseCase.SEE_SYNC: frozenset(_STAFF | {Role.SYSTEM_ADMIN}),
    UseCase.RUN_SYNC: frozenset(_STAFF | {Role.SYSTEM_ADMIN}),
    UseCase.GIVE_SIGNING: frozenset({Role.CHAIR, Role.SECRETARY, Role.SECURITY_ADMIN}),
    UseCase.MANAGE_ACCOUNTS: frozenset({Role.SYSTEM_ADMIN}),
    UseCase.GIVE_ROLES: frozenset({Role.SECURITY_ADMIN}),
    UseCase.SEE_ACCOUNTS: frozenset(THREE),
    UseCase.MANAGE_CLIENTS: frozenset({Role.SYSTEM_ADMIN}),
    UseCase.LEAVE_AUDIT: frozenset({Role.SECURITY_ADMIN}),
    UseCase.SEE_AUDIT: frozenset({Role.AUDIT_ADMIN}),
    UseCase.SEE_AUDITORS: frozenset({Role.SECURITY_ADMIN}),
    UseCase.SEE_AUDIT_HEADS: frozenset(THREE),
}

SIGNS_OWN = frozenset({Role.CHAIR, Role.SECRETARY})
"""Roles in which somebody also signs and reviews what they drafted or did themselves: there may be nobody above them in
the office. Everybody else who signs leaves their own to another one.
"""

SIGNABLE = (
    UseCase.SIGN_OFF_ACTIVITY, UseCase.SIGN_OFF_TOPICS, UseCase.SIGN_OFF_ITEMS, UseCase.SIGN_OFF_SUPERVISION,
    UseCase.ENACT_PROCEDURES, UseCase.SIGN_OFF_OPENINGS, UseCase.SIGN_OFF_REPORTS,
    UseCase.SIGN_OFF_POSTS, UseCase.SIGN_OFF_PROGRAMMES, UseCase.SIGN_OFF_FORMS, UseCase.SIGN_OFF_PROPOSALS,
    UseCase.SIGN_OFF_PERFORMANCE,
)  # fmt: skip
"""What may be left to a deputy by a dated grant (授权), each by itself or all together."""

BY_CONSENT = {UseCase.SEE_AUDIT: Role.AUDIT_ADMIN}
"""What people of the parent may do here, in which role there, while our consent to it is in force: look, and nothing
else (`tenant_service.identity.audit_log.consents`).
"""

STAFF = ALLOWED[UseCase.SEE_WORK]
"""Roles that see, abroad as well, what is shared with their committee as an institution and not with its members."""


FOR_A_BODY = frozenset({Role.DEPARTMENT, Role.COORDINATOR})
"""Roles that are nothing without the body for which somebody works: whoever has one reaches what is that body's."""


def incompatible(roles: set[Role]) -> bool:
    """三员: one person may not hold two of the three administrators' roles."""
    return len(roles & set(THREE)) > 1
