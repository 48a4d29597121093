"""What people call the fields of the API and of forms in Chinese, where a refusal names one."""

FIELDS = {
    # ── activities ──
    "title": "题名", "kind": "类别", "format": "形式", "startsAt": "开始时间", "endsAt": "结束时间", "place": "地点",
    "venueId": "阵地", "organizer": "组织单位", "hostIds": "主办", "mechanismId": "联动机制", "series": "品牌",
    "issueNo": "期次", "capacity": "名额", "signUpUntil": "报名截止", "membersPresent": "委员到场人数",
    "headcount": "群众到场人数", "leaderPresent": "党政领导到场", "suggestions": "建议", "report": "情况",
    "part": "环节", "recurrence": "周期", "isByMember": "委员发起", "Activity.parentId": "所属会议编号",
    # ── taking part ──
    "lines": "分组与座位", "names": "姓名", "unitIds": "组织", "groupName": "分组", "seat": "座位",
    "personId": "人员", "participant": "参加人", "reason": "理由", "note": "理由", "to": "改为", "role": "角色",
    "detail": "请假类别", "leave": "请假类别", "code": "履职码", "digits": "六位数字", "text": "内容", "id": "编号",
    # ── venues ──
    "name": "名称", "type": "平台类型", "brand": "品牌", "area": "镇街", "areaId": "镇街", "address": "地址",
    "openedOn": "启用日期", "parentId": "所属中心", "spaces": "空间", "space": "空间名称", "seats": "座位数",
    "day": "日期", "contactName": "联系人", "contactPhone": "电话",
    # ── members ──
    "birthMonth": "出生年月", "workPhone": "办公电话", "employer": "工作单位", "rosterNo": "名册编号", "tags": "标签",
    "term": "届次", "unitId": "去处", "bodyId": "所属单位", "sector": "界别", "meeting": "会议", "file": "文件",
    "after": "翻页位置", "coordinates": "可任交办单位", "closedBecause": "撤销理由", "last": "最后一天",
    # ── columns of lists ──
    "committeeId": "政协编号", "state": "状态", "sortKey": "排序码", "ordinal": "年度场次", "backfilled": "补录",
    "changeNote": "变更说明", "revision": "版本", "changedAt": "更新时间", "approval": "审签", "closedOn": "撤销日期",
    "mergedIntoId": "并入", "people": "人数", "returnedBecause": "退回理由", "snippet": "摘录", "entered": "录入序号",
    "venue": "阵地", "Unit.parentId": "上级单元", "Venue.areaId": "镇街编号", "Activity.venueId": "阵地编号",
    # ── supervision ──
    "questions": "评议内容", "answers": "评价", "remark": "意见建议", "campaignId": "监督活动", "objection": "异议",
    "answer": "异议答复", "asked": "参评人数", "ballots": "收回票数", "isEnough": "票数是否足够", "satisfied": "满意",
    "basically": "基本满意", "dissatisfied": "不满意", "unknown": "不了解", "publishedOn": "公布日期",
    "year": "年度", "policy": "政策或专项", "measures": "措施", "works": "重点工作", "bodyIds": "被监督单位",
    "procedureId": "规程", "bodies": "被监督单位", "begunOn": "开始日期", "findings": "问题", "handedOver": "已交办",
    "fixed": "已整改", "done": "已复查", "findingsDone": "已复查的问题", "setAside": "不予交办",
    "step": "步骤", "cancelledBecause": "取消理由",
    # ── posts ──
    "origin": "出自", "author": "作者", "books": "书目", "links": "链接", "comments": "留言数",
    "Post.number": "文号、书号或期号", "Post.source": "来源", "Post.publishedOn": "发布日期",
    "Post.withdrawnBecause": "撤下理由", "readers": "已读人数", "isRead": "已读", "follow": "关注",
    # ── programmes ──
    "Programme.until": "完成期限", "purpose": "目标要求", "tasks": "任务", "taskUnits": "责任单位",
    "taskDues": "任务期限", "taskDone": "任务完成日期", "targets": "指标", "targetUnits": "计量单位",
    "targetGoals": "目标值",
    "targetMeasures": "计数方式", "targetDetails": "计数范围", "targetCounts": "完成数", "countedAt": "计数时间",
    "subject": "对象", "joining": "参加情况", "items": "承担任务",
    "targetNo": "指标", "Programme.closedOn": "办结日期", "Programme.parentId": "所属专项",
    "Programme.report": "专项总结", "Programme.parts": "已纳入", "programmeId": "专项",
    # ── forms ──
    "audience": "填写范围", "questionTexts": "题目", "questionKinds": "题型", "questionOptions": "选项",
    "questionNeeded": "是否必答", "passMark": "合格线", "Form.openedOn": "开放日期", "closesOn": "截止日期",
    "passed": "合格人数", "invited": "受邀委员", "values": "作答", "myAnswer": "我的作答", "results": "作答统计",
    "Form.answers": "作答数", "Form.text": "说明", "Form.withdrawnBecause": "撤下理由",
    # ── accounts ──
    "username": "用户名", "password": "密码", "old": "原密码", "new": "新密码", "again": "再次输入新密码",
    # ── procedures ──
    "use": "适用", "steps": "步骤", "stepCodes": "步骤代码", "stepNames": "步骤名称", "stepStages": "阶段",
    "stepWorkdays": "期限（工作日）", "stepNeeds": "完成条件", "stepPapers": "所需材料", "stepRoles": "由谁办结",
    "originId": "采用自", "version": "版次", "Procedure.code": "代码", "Procedure.note": "说明",
    # ── topics ──
    "source": "议题来源", "category": "类别", "raisedAt": "提交时间", "theme": "专题", "closedAt": "答复时间",
    "reporters": "反映", "itemsAgreed": "建议数", "itemsDone": "已落实建议数", "reopened": "重新办理次数",
    "acceptedAt": "受理时间", "decidedBy": "选题审定", "decidedOn": "审定日期", "trackedUntil": "跟踪至",
    "splitFromId": "拆分自", "followsUpId": "续办", "generalisesIds": "归入的具体事项", "summary": "情况摘要",
    "returnReason": "不予受理理由", "forwardedTo": "转交", "photos": "照片数", "publicStep": "公开进度",
    "daysToAnswer": "办结用时（天）",
    "acceptBy": "受理告知期限", "stepDueOn": "步骤期限", "workNote": "办理情况", "draftedAnswer": "拟写答复",
    "similarIds": "相似议题", "inChargeId": "责任单位（人）编号", "isFollowed": "已关注", "targetId": "责任单位（人）",
    "words": "反映内容", "phone": "反映人电话", "parts": "拆分为", "need": "完成条件",
    "unsettledWords": "哪些没有解决",
    "activityId": "活动", "intoId": "并入议题", "otherId": "关联议题", "Topic.answer": "公开答复",
    "Topic.satisfied": "满意人数", "Topic.dissatisfied": "不满意人数", "Topic.area": "镇街", "Topic.step": "当前步骤",
    "Topic.channel": "提交途径",
    # ── the three lists ──
    "listId": "所属清单", "itemId": "清单条目", "number": "序号", "agreedAt": "确认时间", "doneAt": "落实时间",
    "adoptedBy": "采纳方（政协代码）", "dueOn": "办理期限", "wasDueOn": "原定期限", "dueIsEstimate": "期限为估算",
    "repliedAt": "回复时间", "daysLate": "逾期天数", "replyClass": "答复类别", "Assignment.closedAt": "办结时间",
    "office": "交办单位", "officeId": "交办单位", "assignedOn": "交办日期", "satisfaction": "满意度",
    "reply": "办理结果", "files": "附件数", "Item.body": "涉及单位", "Assignment.body": "承办单位",
    "Assignment.bodyId": "承办单位编号", "lead": "主办单位", "assist": "会办单位",
    "separate": "分办单位", "instructions": "交办要求", "suggested": "建议承办单位", "texts": "内容",
    "found": "核实情况", "paperOn": "来文日期", "paperNumber": "文号", "documentNo": "文号",
    "withoutOpinions": "不再等待会办意见", "paperBy": "录入人", "enteredBy": "录入人",
    "caller": "吹哨单位", "answerBy": "报到期限", "aboutId": "事项", "called": "吹哨单位数", "coming": "到场单位数",
    "declined": "不到场单位数", "Call.bodyIds": "被吹哨单位",
    # ── reports ──
    "signedOn": "签发日期", "issue": "期号", "sentOn": "报送日期", "sentTo": "报送", "authors": "作者",
    "advice": "建议内容", "adoptedAs": "采用情况", "outcomeBecause": "未采用理由", "sourceId": "来源",
    "bulletin": "刊物期次", "intake": "本会办理", "Report.number": "刊物期次",
    "Report.suggestions": "建议条数", "Report.text": "正文",
    # ── proposals ──
    "filedOn": "立案日期", "isKey": "重点提案", "session": "届次", "proposers": "署名人数",
    "project": "专题项目", "handledBy": "承办单位", "round": "办理轮次", "repliedOn": "答复日期",
    "firstClass": "首次答复类别", "attitude": "办理态度评价", "situation": "情况与问题", "analysis": "分析",
    "signers": "提案者", "head": "负责人", "sources": "来源", "voices": "人数", "bodiesWanted": "建议承办单位",
    "meetingId": "全体会议", "isOpen": "同意公开", "wantsMeeting": "要求面商", "signUntil": "联名截止日期",
    "notFiledFor": "不予立案原因", "notFiledBecause": "不予立案说明", "Proposal.names": "提案者",
    "Proposal.number": "案号", "Proposal.title": "案由", "Proposal.suggestions": "建议条数",
    "Proposal.satisfaction": "办理结果评价", "signedBy": "签发人", "talked": "答前沟通", "talkedOn": "沟通日期",
    "leadLeader": "领办领导", "supervisingLeader": "督办领导", "stage": "测评阶段", "stages": "测评阶段名称",
    "result": "办理结果",
    "leader": "领办领导",
    "level": "认定层级", "subjectId": "认定对象", "favourable": "是否肯定", "document": "文件或名录",
    "side": "认定单位",
    # ── figures ──
    "indicator": "指标", "period": "期间", "total": "数值", "paper": "来源", "unit": "单位",
    # ── lists and sharing ──
    "first": "每页条数", "from": "起始日期", "since": "起始日期", "until": "截止日期", "target": "共享对象",
    "channel": "共享渠道", "shares": "共享",
    "draftedReport": "拟稿报告", "unsettled": "未了结问题数", "takesFindings": "可登记问题",
    "body": "被评议单位", "remarks": "评语",
    "awaitsMyBallot": "待我评议",
    "returnBecause": "申请退办理由", "returnTo": "建议改派单位", "extensionUntil": "申请延期至",
    "extensionBecause": "延期理由", "sentBackBecause": "退回重办理由", "withdrawnBecause": "撤回理由",
    "draftedReply": "拟稿答复", "draftedClass": "拟定答复类别",
}  # fmt: skip
"""By the name the API has, where a type calls it otherwise as `Type.field`; one that is not listed is shown as the
API names it.
"""
