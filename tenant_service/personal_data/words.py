"""What people call the columns of the tables that hold something of them, where the fields of the API do not say it, or
say it of something else. A column of one table stands as `table.column` where others mean another thing by it.
"""

COLUMNS = {
    # ── whose it is, when, by whom ──
    "person_id": "人员编号", "person_name": "姓名", "account_id": "账号编号", "at": "时间", "iss": "操作人所属政协",
    "sub": "操作人账号", "act": "操作", "subject": "对象", "seq": "序号", "number": "序号", "created_at": "建立时间",
    "seen_at": "最近使用", "began_at": "开始时间", "expires_at": "失效时间", "kept_until": "保存至", "rows": "条数",
    "channels": "共享渠道", "as_of": "数据截至", "is_open": "在用", "revision": "版本",
    # ── people and what they are ──
    "person.name": "姓名", "gender": "性别", "left_on": "离任日期", "tag": "标签", "holder_unit_id": "派驻的单元",
    "with_person_id": "联系对象",
    "membership.title": "职务", "party": "党派", "entry": "任职方式", "decided_by": "决定会议",
    "decided_on": "决定日期", "ending": "离任方式", "ended_by": "决定离任的会议", "ended_on": "决定离任的日期",
    "since": "开始日期",
    # ── activities and taking part ──
    "held_on": "举行日期", "suggestion_count": "建议条数", "checked_in": "签到人数", "ordinal_year": "场次所属年度",
    "desk_secret": "签到台密钥", "drafted_by": "拟稿人", "signed_by": "签发人", "signed_at": "签发时间",
    "activity_id": "活动编号", "must_answer": "须回复", "recorded_by": "登记人", "queued_at": "候补时间",
    "home_id": "所属政协", "checked_in_at": "签到时间", "checked_out_at": "签退时间", "participation.name": "姓名",
    "issued_code.until": "有效至", "contact_phone": "联系电话", "qr_token": "二维码", "participation.role": "参加身份",
    "seen_participation.role": "参加身份", "request.code": "答复代码", "incoming_request.code": "答复代码",
    "initiated_by": "发起委员", "papers_open": "材料开放", "root_id": "所属会议", "group_name": "分组",
    # ── bookings ──
    "space_id": "空间编号", "begins_at": "开始时间", "came": "实到人数", "with_leaders": "有领导参加",
    "booked_at": "预约时间",
    # ── posts, forms, reports ──
    "author_id": "作者", "converted_on": "转化日期", "post_id": "发布编号", "hidden_because": "隐藏原因",
    "form_id": "表单编号", "respondent": "作答人", "score": "得分", "has_passed": "合格", "given_on": "作答日期",
    "given_at": "作答时间", "report_id": "成果编号",
    # ── proposals ──
    "proposal_id": "提案编号", "invited_at": "邀请附议时间", "signer_seq": "提案者序号",
    "stage": "测评阶段", "result": "办理结果评价", "because": "理由", "lead_leader": "领办领导",
    "supervising_leader": "督办领导", "leader": "领办领导", "told": "来源说明", "record_id": "来源记录",
    "signed_title": "联名时的案由", "signed_advice": "联名时的建议", "project_id": "专题项目编号",
    "stages": "测评阶段名称",
    "rate_until": "征询意见截止日期", "rate_workdays": "征询意见工作日", "again_at": "二轮办理开始时间",
    "assignment_id": "交办编号", "handler": "承办人", "talked": "答前沟通", "talked_on": "沟通日期",
    "told_on": "办结日期",
    "ended_at": "结束时间",
    # ── what was entered for members ──
    "entered_at": "代录时间",
    # ── the ledger ──
    "deed": "事项", "is_late": "补记", "counters_id": "冲销的记录", "written_at": "记入时间", "written_by": "登记人",
    "points": "得分", "grade": "等次", "is_warned": "低于预警线", "is_capped": "已达总分上限", "scored": "各项得分",
    "short": "未达要求的事项", "first_points": "公示时得分", "first_grade": "公示时等次", "line_id": "所涉履职记录",
    "objection.was": "更正前得分", "became": "更正后得分",
    # ── notifications ──
    "recipient": "收件人", "read_at": "阅读时间", "notification_id": "通知编号", "way": "方式",
    "is_digest": "每日汇总", "due_at": "发送时间", "failure": "未送达原因", "sent_at": "送达时间",
    "settled_by": "登记告知的账号", "ways": "方式", "mobile": "手机号", "email": "电子邮件",
    # ── requests ──
    "asked_by": "提出人", "reason_zh": "答复理由", "reason_en": "答复理由（英文）", "result_id": "结果编号",
    "answered_at": "答复时间", "to_id": "送达政协", "subject_id": "所涉记录", "asked_at": "提出时间",
    "paper_by": "录入账号",
    "answer_id": "答复编号", "arrived_at": "收到时间", "tries": "尝试次数", "try_after": "再试时间",
    # ── rosters, appraisals, files ──
    "batch_id": "导入批次", "verdict": "核对结果", "cells": "原文", "plan": "拟作变更", "before": "变更前",
    "roster_line.name": "姓名", "roster_line.is_open": "待处理", "appraisal_id": "评议编号", "has_given": "已投票",
    "size": "字节数", "width": "宽", "height": "高", "by_reporter": "反映人提交", "added_at": "上传时间",
    "added_on": "上传日期", "file.name": "文件名", "file.subject": "所属记录",
    # ── programmes ──
    "programme_id": "专项编号", "target": "指标序号",
    # ── topics and assignments ──
    "topic_id": "议题编号", "topic_reporter.name": "姓名", "shows_name": "同意向承办单位显示姓名",
    "code_digest": "查询码摘要", "told_step": "已告知的步骤", "told_at": "告知时间", "rating": "评价",
    "rated_at": "评价时间", "unsettled_at": "提出仍未解决的时间", "verification": "核实情况",
    "topic_reporter.words": "反映原文", "topic_reporter.place": "问题地点", "topic_reporter.phone": "电话",
    "topic_reporter.channel": "提交途径", "reporter_id": "反映编号", "topic_rating.remark": "评价说明",
    "unsettled_words": "仍未解决的内容", "for_department": "同意告知办理单位",
    # ── accounts and signing in ──
    "account.name": "姓名", "roles": "角色", "password_hash": "密码摘要", "must_change": "首次密码未改",
    "tokens_from": "令牌生效起点", "signed_in_at": "最近登录", "given": "授予", "withdrawn": "收回", "csrf": "表单口令",
    "browser_session.address": "登录地址", "agent": "浏览器", "session_digest": "会话摘要", "issuer": "外部登录方",
    "sid": "外部会话", "hint": "外部登录凭证", "client_id": "应用编号", "scope": "授权范围", "linked_at": "关联时间",
    "sign_in_link.subject": "外部账号", "linked_session.subject": "外部账号", "field": "项目", "purpose": "用途",
    "list_id": "名单编号", "key": "请求键", "idempotency_key.answer": "应答",
}  # fmt: skip
