"""Refusals: every way one party tells another "no". A code never changes its meaning.

Refusal
├── MALFORMED    400  ask differently: the request contradicts itself or cannot be read
├── UNKNOWN_SELF 401  say who you are
├── FORBIDDEN    403  this actor may not
├── MISSING      404  no such thing here, or none this actor may know of
├── OUT_OF_TURN  409  understood and allowed, but not in this state
├── TOO_MUCH     429  less at once, or later
└── AWAY         503  the committee that owns it, or the gateway, does not answer now

A refusal is expected: it changes and publishes nothing, its code becomes `extensions.code` in GraphQL and the status in
HTTP. Whatever else goes wrong crashes loudly at the edge and is masked there as INTERNAL.
"""

from enum import Enum, StrEnum
from typing import NamedTuple, Self

from sync.contract.fields import FIELDS
from sync.contract.kinds import Kind


class Family(Enum):
    """What the asker can do about a refusal; the value is the HTTP status."""

    MALFORMED = 400
    UNKNOWN_SELF = 401
    FORBIDDEN = 403
    MISSING = 404
    OUT_OF_TURN = 409
    TOO_MUCH = 429
    AWAY = 503


_BAD, _WHO, _NO = Family.MALFORMED, Family.UNKNOWN_SELF, Family.FORBIDDEN
_NONE, _TURN, _MUCH, _AWAY = Family.MISSING, Family.OUT_OF_TURN, Family.TOO_MUCH, Family.AWAY


class Code(StrEnum):
    """Every refusal there is, with its family and its words; `{name}` is filled from what is told about it."""

    family: Family
    zh: str
    en: str

    def __new__(cls, code: str, family: Family, zh: str, en: str) -> Self:
        made = str.__new__(cls, code)
        made._value_, made.family, made.zh, made.en = code, family, zh, en
        return made

    @classmethod
    def known(cls, code: object) -> Self | None:
        """The refusal with this code, or None: another release may know codes that this one does not, and somebody
        else's program may say anything.
        """
        found = cls._value2member_map_.get(code) if isinstance(code, str) else None
        return found if isinstance(found, cls) else None

    # One refusal a line, so that the table can be read.
    # fmt: off
    # ── the request itself ──
    BAD_REQUEST = "BAD_REQUEST", _BAD, "请求无法识别", "the request cannot be read"
    NEEDS_QUERY = "NEEDS_QUERY", _BAD, "请求中没有 query，即要执行的 GraphQL 语句", "there is no query in the request, that is the GraphQL document to carry out"
    NEEDS_JSON = "NEEDS_JSON", _BAD, "请求体须为未压缩的UTF-8编码JSON，并注明 Content-Type: application/json", "the body is to be JSON in UTF-8, not packed, and to say so: Content-Type: application/json"
    WRONG_METHOD = "WRONG_METHOD", _BAD, "此请求只能用 {methods} 方法发送", "this is sent by {methods} only"
    WRONG_ACCEPT = "WRONG_ACCEPT", _BAD, "Accept 不接受此处的应答格式，须包含 {media}", "the answer is written as none of what Accept takes: it is to have {media}"
    BAD_ID = "BAD_ID", _BAD, "编号“{id}”不正确", "{id} is not an id of this federation"
    TOO_MANY_IDS = "TOO_MANY_IDS", _BAD, "一次最多查询{most}个编号", "at most {most} ids may be asked about at once"
    SEARCH_TOO_SHORT = "SEARCH_TOO_SHORT", _BAD, "请至少输入两个相连的字", "search for two characters together, at least"
    BAD_CURSOR = "BAD_CURSOR", _BAD, "翻页位置无效，请从第一页重新查看", "this cursor is not of this list"
    NEEDS_STREAM = "NEEDS_STREAM", _BAD, "订阅须经 text/event-stream 或 graphql-transport-ws 连接", "a subscription comes over text/event-stream or graphql-transport-ws"
    BAD_PAGE = "BAD_PAGE", _BAD, "每页条数须在0至{most}之间", "first must be between 0 and {most}"
    BAD_TIME = "BAD_TIME", _BAD, "时间不正确：{why}", "the time is wrong: {why}"
    BAD_VALUE = "BAD_VALUE", _BAD, "“{field}”不正确：{why}", "{field} is wrong: {why}"
    NEEDS_ARGUMENT = "NEEDS_ARGUMENT", _BAD, "缺少 {name}", "{name} is missing"
    TOO_COMPLEX = "TOO_COMPLEX", _BAD, "一次查询的内容过多（{what}）", "this document asks for too much at once: {what}"
    TOO_LARGE = "TOO_LARGE", _MUCH, "内容超过{most}字节", "the body is over {most} bytes"
    RESULT_TOO_LARGE = "RESULT_TOO_LARGE", _MUCH, "结果过大，请减少每页条数", "ask for less at once: the result is too large"
    TOO_MANY_ROWS = "TOO_MANY_ROWS", _MUCH, "超过一个文件的{most}行，请缩小时间或其他条件", "more than the {most} rows of one file; narrow the period or what is asked for"
    TOO_SLOW = "TOO_SLOW", _MUCH, "查询超时，请缩小范围", "this took too long; ask for less"
    RATE_LIMITED = "RATE_LIMITED", _MUCH, "操作过于频繁，请{seconds}秒后再试", "too often; try again in {seconds} seconds"
    TOO_MANY_FILES = "TOO_MANY_FILES", _MUCH, "同时导出的文件最多{most}个，请待其中一个下载完毕", "at most {most} files at once; let one come to its end first"
    TOO_MANY_OPEN = "TOO_MANY_OPEN", _MUCH, "您同时打开的连接或订阅已达{most}个上限，请先关闭一个", "you have {most} connections or subscriptions open, which is the most; close one"
    TOO_MANY_AT_ONCE = "TOO_MANY_AT_ONCE", _MUCH, "您同时进行的请求已达{most}个上限，请等其中一个完成", "you have {most} requests under way, which is the most; wait until one is answered"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED", _TURN, "请勿用同一请求键重复提交不同内容", "this key was used for another request"
    CLASSIFIED = "CLASSIFIED", _BAD, "含涉密标志“{mark}”：涉密信息不得录入，请线下办理", "marked {mark}: classified matters stay offline"

    # ── who asks ──
    NOT_SIGNED_IN = "NOT_SIGNED_IN", _WHO, "请先登录", "sign in first"
    BAD_CREDENTIALS = "BAD_CREDENTIALS", _WHO, "用户名或密码不正确", "the name or the password is wrong"
    LOCKED_OUT = "LOCKED_OUT", _MUCH, "登录失败次数过多，请于{until}后再试", "too many tries; this account opens again at {until}"
    PASSWORD_CHANGE_NEEDED = "PASSWORD_CHANGE_NEEDED", _NO, "首次登录须先修改密码", "change the first password before anything else"
    WEAK_PASSWORD = "WEAK_PASSWORD", _BAD, "密码不符合要求：{why}", "the password will not do: {why}"
    SIGN_IN_ENDED = "SIGN_IN_ENDED", _WHO, "登录已失效，请重新登录", "this sign-in has ended; sign in again"
    BAD_TOKEN = "BAD_TOKEN", _WHO, "登录凭证无效或已过期", "the token is not valid, or no longer"
    BAD_PROOF = "BAD_PROOF", _WHO, "网关证明无效", "the gateway's proof is not valid"
    UNKNOWN_ISSUER = "UNKNOWN_ISSUER", _WHO, "目录中没有在册的“{issuer}”", "the directory shows no active {issuer}"
    FORBIDDEN = "FORBIDDEN", _NO, "您的身份不能进行此操作", "your role does not carry this act"
    CROSS_SITE = "CROSS_SITE", _NO, "请求并非来自本站页面，已拒绝", "this came from another site's page, or an old one"
    FORM_EXPIRED = "FORM_EXPIRED", _NO, "页面已过期，或浏览器没有启用Cookie；填写的内容已保留，请再提交一次", "this page is too old, or the browser keeps no cookies; what was written is still here: send it once more"
    NOT_YOURS = "NOT_YOURS", _NO, "只有{owner}能修改此记录", "only {owner} changes this record; send it a request"

    # ── applications that sign people in ──
    OAUTH_REQUEST = "OAUTH_REQUEST", _BAD, "应用的请求不正确：{why}", "the application's request is wrong: {why}"
    OAUTH_CLIENT = "OAUTH_CLIENT", _WHO, "应用未在本会登记，或未能证明身份", "no such application is registered here, or it did not prove who it is"
    OAUTH_REDIRECT = "OAUTH_REDIRECT", _BAD, "应用的回跳地址与登记的不一致", "the application did not register this address to return to"
    OAUTH_GRANT = "OAUTH_GRANT", _BAD, "授权码或续期凭证无效、已过期或已使用", "the code or refresh token is not valid, or was used already"
    EXTERNAL_SIGN_IN = "EXTERNAL_SIGN_IN", _WHO, "外部登录未成功：{why}", "signing in elsewhere did not succeed: {why}"
    NOT_LINKED = "NOT_LINKED", _NO, "此外部账号（{subject}）尚未关联本会账号，请联系系统管理员", "{subject} of the other provider is linked to no account here; ask the system administrator"
    LINK_TAKEN = "LINK_TAKEN", _TURN, "此外部账号已关联其他账号", "this login of the other provider is linked to another account"
    LAST_WAY_IN = "LAST_WAY_IN", _TURN, "这是进入本账号的最后一种方式，须先设置自己的密码", "this is the last way into this account; choose a password of your own first"
    BAD_REDIRECT = "BAD_REDIRECT", _BAD, "回跳地址不正确：{why}", "the address to return to is wrong: {why}"
    BAD_CLIENT_KEY = "BAD_CLIENT_KEY", _BAD, "应用公钥须为P-256椭圆曲线公钥（JWK或JWKS）", "an application's key is a public key on P-256, as a JWK or JWK set"

    # ── accounts ──
    USERNAME_TAKEN = "USERNAME_TAKEN", _TURN, "用户名已被使用", "another account has this name"
    INCOMPATIBLE_ROLES = "INCOMPATIBLE_ROLES", _BAD, "系统、安全、审计三员不得由一人兼任", "one person may not hold two of the three administrators' roles"
    LAST_ADMINISTRATOR = "LAST_ADMINISTRATOR", _TURN, "这是最后一名{role}，须先指定他人", "this is the last who is {role}; name another one first"
    BODY_NEEDED = "BODY_NEEDED", _TURN, "“{role}”须先填写所属单位", "for role {role} the account names the body that its holder works for first"
    BODY_CLOSED = "BODY_CLOSED", _TURN, "单位“{body}”已于{until}撤销，请选择名录中在用的单位", "{body} was taken off the list on {until}; choose one that stands"
    RESET_AT_MACHINE = "RESET_AT_MACHINE", _NO, "系统、安全、审计管理员的密码只能在本会服务器上重设（liandong tenant account password）", "an administrator's password is set at the committee's own machine alone (liandong tenant account password)"
    KEPT_TOO_SHORT = "KEPT_TOO_SHORT", _BAD, "审计日志至少保存{least}个整月（网络安全法第二十一条）", "the audit log is kept for at least {least} whole months"
    NO_PARENT = "NO_PARENT", _TURN, "目录中没有本会的上级", "the directory shows no committee above this one"
    NOT_PARENT = "NOT_PARENT", _TURN, "{told}不是目录中本会的上级，上级是{parent}", "{told} is not the parent that the directory shows; that is {parent}"
    OWN_ACCOUNT = "OWN_ACCOUNT", _NO, "不能变更自己的账号和角色", "nobody changes an account or roles of their own"

    # ── what is asked about ──
    NOT_FOUND = "NOT_FOUND", _NONE, "没有此记录，或无权查看", "there is no such record here"
    NO_SUCH_PAGE = "NO_SUCH_PAGE", _NONE, "没有此页面，请核对网址", "there is no such page; look at the address again"
    NOT_EXPORTED = "NOT_EXPORTED", _NONE, "不能这样导出：{why}", "there is no such file: {why}"
    NOT_SHARED = "NOT_SHARED", _NONE, "未共享", "it is not shared with you"
    UNKNOWN_COMMITTEE = "UNKNOWN_COMMITTEE", _NONE, "目录中没有“{id}”", "the directory knows no {id}"
    UNKNOWN_MECHANISM = "UNKNOWN_MECHANISM", _NONE, "没有这一联动机制，或本会不是成员", "no such mechanism, or not a member of it"

    PARTNER_HAS_NO_KEY = "PARTNER_HAS_NO_KEY", _NONE, "目录中没有{id}的加密公钥，暂不能单独共享给它", "the directory shows no key of {id} to seal for"

    # ── states ──
    OUT_OF_TURN = "OUT_OF_TURN", _TURN, "当前状态“{now}”下不能进行此操作", "this cannot be done in state {now}"
    STALE_VERSION = "STALE_VERSION", _TURN, "记录已被他人修改，请刷新后重试", "the record changed meanwhile; look again"
    CURSOR_TOO_OLD = "CURSOR_TOO_OLD", _TURN, "续传位置已失效，请重新读取后再订阅", "what followed this place is not known any more; read anew, then subscribe"
    TRY_AGAIN = "TRY_AGAIN", _TURN, "有人同时在办理，请重试", "somebody acted at the same moment; try again"
    ALREADY_DONE = "ALREADY_DONE", _TURN, "已经办理过", "this was done already"

    # ── activities ──
    ALREADY_SIGNED_UP = "ALREADY_SIGNED_UP", _TURN, "已经报名", "signed up already"
    NOT_SIGNED_UP = "NOT_SIGNED_UP", _TURN, "尚未报名", "not signed up"
    SIGN_UP_CLOSED = "SIGN_UP_CLOSED", _TURN, "报名已截止", "signing up is closed"
    CODE_EXPIRED = "CODE_EXPIRED", _TURN, "履职码已过期，请刷新", "this check-in code has expired"
    CODE_USED = "CODE_USED", _TURN, "履职码已使用", "this check-in code was used already"
    CODE_INVALID = "CODE_INVALID", _BAD, "履职码无效", "this check-in code is not valid"
    NOT_SIGNED_OFF = "NOT_SIGNED_OFF", _TURN, "尚未签发，不能对外发布", "not signed off: nothing leaves before that"
    SECRECY_UNCONFIRMED = "SECRECY_UNCONFIRMED", _BAD, "请先核对内容，勾选“已经保密审查，不涉密”后再签发", "look it through, and confirm that nothing in it is classified, before it is signed"
    OWN_DRAFT = "OWN_DRAFT", _NO, "自己拟稿或办理的，须由他人签发、复核", "what one drafted or did oneself is signed and reviewed by somebody else"
    NEEDS_REASON = "NEEDS_REASON", _BAD, "请填写理由", "a reason is needed"
    NEEDS_REPORT = "NEEDS_REPORT", _TURN, "请先填写活动情况", "the closing report is missing: {what}"

    # ── personal data ──
    PURPOSE_NEEDED = "PURPOSE_NEEDED", _BAD, "涉及个人信息，请先选择用途", "this is personal data: say what it is for"
    REVEAL_OVER = "REVEAL_OVER", _TURN, "查看时限（5分钟）已过，请重新写明事由", "the five minutes to look at it are over: give the reason anew"
    QUOTA_REACHED = "QUOTA_REACHED", _MUCH, "今日查看的个人信息已达{most}条，{opens}起可再查看；确有需要请联系系统管理员", "{most} rows of personal data were shown to this account today; it opens again at {opens}, or ask the administrator"

    # ── venues ──
    OVER_CAPACITY = "OVER_CAPACITY", _TURN, "超过场地容量（{capacity}人）", "over the capacity of {capacity}"
    VENUE_CYCLE = "VENUE_CYCLE", _TURN, "上级阵地不能是自身或其下级", "a venue cannot be below itself"
    QR_INVALID = "QR_INVALID", _NONE, "二维码已失效", "this code is no longer valid"

    # ── members ──
    UNIT_CYCLE = "UNIT_CYCLE", _TURN, "上级单元不能是自身或其下级", "a unit cannot be below itself"
    DUPLICATE_PERSON = "DUPLICATE_PERSON", _TURN, "已有同名同出生年月的人员", "a person of this name and birth month exists"
    UNIT_MISPLACED = "UNIT_MISPLACED", _TURN, "“{kind}”不能设在“{above}”之下", "a {kind} does not stand below a {above}"
    UNIT_IN_USE = "UNIT_IN_USE", _TURN, "尚有下级单元，不能撤销", "units still stand below it"
    BODY_LISTED = "BODY_LISTED", _TURN, "单位名录中已有“{body}”", "{body} is on the list already"
    BODY_IN_USE = "BODY_IN_USE", _TURN, "“{body}”尚有{count}件在办（{what}），请先改派、撤回或办结", "{body} has {count} matters in hands ({what}): have them reassigned, withdrawn or closed first"
    BODY_ASSIGNS_NOTHING = "BODY_ASSIGNS_NOTHING", _TURN, "“{body}”未列为交办单位，请工作人员先在单位名录中注明可任交办单位", "{body} is not listed as one that assigns: the office says so in the list of bodies first"
    ROSTER_NO_TAKEN = "ROSTER_NO_TAKEN", _TURN, "名册编号“{no}”已属他人", "roster number {no} belongs to somebody else"
    ALREADY_HELD = "ALREADY_HELD", _TURN, "此人已有相同任职", "this person holds the same membership already"
    NEEDS_MEETING = "NEEDS_MEETING", _BAD, "委员的增补、辞去、撤销须填写会议和日期", "say which meeting decided it, and when"
    ROSTER_UNREADABLE = "ROSTER_UNREADABLE", _BAD, "无法读取名册文件：{why}", "the roster cannot be read: {why}"
    ROSTER_NO_HEADER = "ROSTER_NO_HEADER", _BAD, "找不到表头（至少需有姓名列）", "no header row was found (a name column is needed)"
    IMPORT_NO_HEADER = "IMPORT_NO_HEADER", _BAD, "找不到表头（至少需有这些列：{why}）", "no header row was found; these columns are needed: {why}"
    ROSTER_CHANGED = "ROSTER_CHANGED", _TURN, "预览后名册已变化，请重新预览", "the members changed since the preview; preview again"
    ROSTER_USED = "ROSTER_USED", _TURN, "导入后名册已有改动或已被引用，不能撤销", "rows were changed or used since the import, so it cannot be undone"

    # ── links between records ──
    LINK_CYCLE = "LINK_CYCLE", _TURN, "不能关联到自身，也不能首尾相接", "a record is not linked to itself, nor do links lead back to where they began"
    TOO_MANY_LINKS = "TOO_MANY_LINKS", _MUCH, "同一类关联最多{most}条", "a record has at most {most} links of one kind"

    # ── proposals ──
    NEEDS_SOURCE = "NEEDS_SOURCE", _BAD, "请写明提案来源：来自哪条讨论、议题、活动或哪个界别群众", "say from where the proposal has it: a thread, a topic, an activity, or people of a sector"
    NEEDS_SEAL = "NEEDS_SEAL", _TURN, "党派、团体、专委会、界别、小组提案须先上传负责人签署或盖章的扫描件", "a collective proposal needs the paper that its head signed or sealed, attached first"
    NOBODY_DISSATISFIED = "NOBODY_DISSATISFIED", _TURN, "首轮办理后没有提案者表示不满意，不能启动二轮办理", "after the first round no proposer was dissatisfied, so there is no second one"
    LETTER_NEEDED = "LETTER_NEEDED", _BAD, "答复提案须填写答复函的文号、签发人和答前沟通情况", "the answer to a proposal is a letter: say its number, who signed it, and how its proposers were talked to before"
    COMMITMENT_NEEDED = "COMMITMENT_NEEDED", _TURN, "列入计划（B类）的答复，须先在清单上列出承诺事项及期限", "what is planned (class B) needs what is committed to on the list first, with its day"
    SIGNING_OVER = "SIGNING_OVER", _TURN, "联名已于{until}截止", "co-signing was over on {until}"

    # ── supervision ──
    UNSETTLED_FINDINGS = "UNSETTLED_FINDINGS", _TURN, "尚有{count}条问题或整改意见既未整改并复查，也未说明不予交办的理由", "{count} findings or suggestions are neither put right and checked nor put down for a reason"
    UNSETTLED_APPRAISALS = "UNSETTLED_APPRAISALS", _TURN, "尚有{count}项民主评议未定", "{count} appraisals in it are not final"

    # ── assignments ──
    LIST_SHUT = "LIST_SHUT", _TURN, "“{title}”现为“{now}”，不能添加清单条目", "nothing is added to the list of {title} in state {now}"
    PARTS_UNCLEAR = "PARTS_UNCLEAR", _BAD, "须有且只有一个主办单位（可另有会办单位），或者两个以上分办单位，同一单位只列一次", "there is one lead, with any that assist, or two or more that answer separately; each body once"
    STILL_IN_HANDS = "STILL_IN_HANDS", _TURN, "尚有{count}项交办未了结", "{count} assignments of it are not over"
    NOTHING_IN_HANDS = "NOTHING_IN_HANDS", _TURN, "尚无办结的交办，不能认定已落实", "no assignment of it was closed, so nothing says that it is done"
    OPINIONS_MISSING = "OPINIONS_MISSING", _TURN, "尚未收到会办意见：{bodies}。可等待，或说明不再等待后回复", "these bodies have not told what they think: {bodies}; wait, or reply without them and say so"
    RETURN_OVER = "RETURN_OVER", _TURN, "退办申请须在交办后{days}个工作日内提出，已于{until}截止；如需更多时间可申请延期", "it could be asked to be returned within {days} workdays, until {until}; an extension may still be asked for"
    BODY_ANSWERS_ITSELF = "BODY_ANSWERS_ITSELF", _TURN, "“{body}”有自己的账号，请由{who}办理；没有账号的单位才由机关代录", "{body} has an account of its own: turn to {who}; the office enters for bodies that have none"
    PAPER_NEEDED = "PAPER_NEEDED", _BAD, "代录回复须填写文号，或先在本页附件中上传回复原件", "for a reply on paper give its number, or attach the paper first"
    NOT_OFFERED = "NOT_OFFERED", _TURN, "该单位属 {id}，其政协未选择由它承办本会的交办，请先与该政协商定", "this body is of {id}, whose office did not choose that it takes assignments of this committee; agree on it there first"
    URGED_TODAY = "URGED_TODAY", _TURN, "今天已经催办过，每项每天只催办一次", "urged today already; once a day is enough for each"
    EXTENSION_OVER = "EXTENSION_OVER", _TURN, "延期申请须在到期前提出，期限为{due}", "an extension is asked for before the due date, which is {due}"

    # ── procedures ──
    NEED_NOT_MET = "NEED_NOT_MET", _TURN, "“{step}”尚不能完成，还缺：{what}", "{step} cannot be left yet; missing: {what}"
    DRAFT_OPEN = "DRAFT_OPEN", _TURN, "“{name}”已有草案，请先施行或作废", "{name} has a draft already: put it in force, or discard it"

    # ── topics ──
    STEPS_LEFT = "STEPS_LEFT", _TURN, "尚未走完规程，当前步骤是“{step}”", "its procedure is not walked to the end; it stands at {step}"
    LAST_STEP = "LAST_STEP", _TURN, "“{step}”已是最后一步，请办结", "{step} is the last step: resolve it"
    STEP_OF_OTHERS = "STEP_OF_OTHERS", _NO, "此步骤由{roles}办结", "this step is left by {roles}"
    NOT_IN_FORCE = "NOT_IN_FORCE", _TURN, "所选规程不在施行中，或不适用于议题", "that procedure is not in force, or not for topics"
    MERGED_ELSEWHERE = "MERGED_ELSEWHERE", _TURN, "“{title}”处于“{state}”，不能并入", "nothing is merged into {title}, which is {state}"
    ARCHIVED_TOO_EARLY = "ARCHIVED_TOO_EARLY", _TURN, "答复后{days}日内反映人仍可提出“仍未解决”，{until}起方可归档", "for {days} days after the answer reporters may say that it is not settled; archive it from {until} on"
    REPORTS_FULL = "REPORTS_FULL", _MUCH, "{where}一小时内收到的反映已达{most}件上限，请{seconds}秒后再试；急事请拨打12345", "{where} had its {most} reports of one hour; try again in {seconds} seconds"
    NO_SUCH_CODE = "NO_SUCH_CODE", _NONE, "没有查到，请核对查询码；丢失查询码的，可到受理窗口凭登记的电话找回", "nothing was found by this code; look at it again, or ask for a new one at the desk"
    NO_PHONE_LEFT = "NO_PHONE_LEFT", _TURN, "反映时没有留电话，无法核对身份，查询码不能找回", "no phone was left with it, so nobody can be known by one"
    OTHER_PHONE = "OTHER_PHONE", _BAD, "与反映时登记的电话不一致", "another phone was left with it"
    UNSETTLED_SAID = "UNSETTLED_SAID", _TURN, "您对这一件已提出过一次“仍未解决”；每件只能提出一次，如需补充请到受理窗口反映", "it was said once already that this one is not settled, which is as often as it may be"
    UNSETTLED_LATE = "UNSETTLED_LATE", _TURN, "“仍未解决”须在答复后{days}日内提出，已于{until}截止", "that it is not settled is said within {days} days of the answer, and that was until {until}"

    # ── bookings ──
    VENUE_NOT_OPEN = "VENUE_NOT_OPEN", _TURN, "阵地没有开放，不能预约", "the venue is not open, so nothing is booked there"
    SPACE_TAKEN = "SPACE_TAKEN", _TURN, "这段时间场地已被占用，请换一个时间或空间", "the space is taken at that time; choose another time or space"
    SPACE_FULL = "SPACE_FULL", _TURN, "座位不够，这段时间还剩{left}座", "there are not enough seats: {left} are left at that time"
    SPACE_SHUT = "SPACE_SHUT", _TURN, "不在开放时间内（{hours}），且须在同一天", "the space is not open then ({hours}), and a booking lies within one day"
    TOO_MANY_BOOKINGS = "TOO_MANY_BOOKINGS", _TURN, "同一电话同时最多有{most}个未到的预约，请先取消或联系前台", "one phone has at most {most} bookings to come; cancel one, or ask at the desk"
    NO_SUCH_BOOKING = "NO_SUCH_BOOKING", _NONE, "没有这个核验码，请核对", "there is no such booking code; look at it again"

    # ── forms ──
    TOO_FEW_ANSWERS = "TOO_FEW_ANSWERS", _TURN, "作答不足{least}份，不能导出明细，以免推知个人作答", "fewer than {least} answered, so their answers are shown to nobody"

    # ── figures ──
    OPENING_NOT_TAKEN = "OPENING_NOT_TAKEN", _BAD, "“{what}”不能导入期初数：{why}", "{what} is not imported as a total: {why}"
    OPENING_TOO_LATE = "OPENING_TOO_LATE", _TURN, "期初数只能录到{day}之前：自该日起按平台逐条记录统计", "totals end before {day}: from that day on the committee's own rows count"
    OPENING_OVERLAPS = "OPENING_OVERLAPS", _TURN, "与已有的期初数重叠（{days}，{number}），会重复计数；如需更改，请更正或撤回该条", "it would count again what {days} ({number}) counts; put that right or withdraw it"
    START_TOO_EARLY = "START_TOO_EARLY", _TURN, "已有期初数录到{day}，启用日期须在其后", "there are totals up to {day}; the first day comes after that"

    # ── files ──
    FILE_TOO_LARGE = "FILE_TOO_LARGE", _BAD, "附件“{name}”超过{most}MB", "{name} is over {most} MB"
    FILE_KIND = "FILE_KIND", _BAD, "附件“{name}”不能接收：只收JPEG、PNG、WebP图片和PDF、DOCX、XLSX文件", "{name} is not taken: only JPEG, PNG and WebP pictures, and PDF, DOCX and XLSX files are"
    FILE_DAMAGED = "FILE_DAMAGED", _BAD, "附件“{name}”不完整或已损坏", "{name} is not whole, or is damaged"
    FILE_UNSAFE = "FILE_UNSAFE", _BAD, "附件“{name}”不能接收：{why}", "{name} is not taken: {why}"
    FILES_OF_RECORD = "FILES_OF_RECORD", _MUCH, "每条记录最多{most}个附件", "a record has at most {most} files"
    FILES_OF_THE_DAY = "FILES_OF_THE_DAY", _MUCH, "今日上传的附件已达上限（{most}），请明天再传", "as much was uploaded today as may be ({most}); try again tomorrow"

    NO_CHANNEL = "NO_CHANNEL", _NO, "与{id}之间没有交换关系", "there is no exchange between this committee and {id}"

    # ── admission, and what a registrar does ──
    INVITE_INVALID = "INVITE_INVALID", _BAD, "邀请无效，或不是发给本会的", "this invite is not valid, or is for somebody else"
    INVITE_EXPIRED = "INVITE_EXPIRED", _TURN, "邀请已过期，请登记机关重新发出", "this invite has expired; ask the registrar for another one"
    INVITE_USED = "INVITE_USED", _TURN, "邀请已使用", "this invite was answered already"
    BAD_DESCRIPTOR = "BAD_DESCRIPTOR", _BAD, "自述无效：{why}", "the descriptor will not do: {why}"
    OLDER_DESCRIPTOR = "OLDER_DESCRIPTOR", _TURN, "自述序号须高于{known}，收到的是{seq}", "the seq of a descriptor must be above {known}, and this is {seq}"
    ROOT_CHANGED = "ROOT_CHANGED", _NO, "自述不是由登记的根密钥签名的", "the descriptor is signed by another root key than the one admitted"
    BAD_APPROVAL = "BAD_APPROVAL", _NO, "批准书不是由该方的根密钥签名的", "the approval is not signed by the root key of the party it is about"
    WRONG_FINGERPRINT = "WRONG_FINGERPRINT", _NO, "指纹不一致：收到的自述是“{here}”", "the fingerprint is another: what was received has {here}"
    SAME_PERSON = "SAME_PERSON", _NO, "两份批准须由两个人作出，{who}已批准", "two people must approve, and {who} already did"
    NOT_OUR_ID = "NOT_OUR_ID", _NO, "{id}不在本登记机关的编号范围内", "this registrar may not define {id}"
    ID_TAKEN = "ID_TAKEN", _TURN, "{id}已登记过，重新成立请用{next}", "{id} was registered before; founded anew it is {next}"
    TOO_OLD_MARK = "TOO_OLD_MARK", _TURN, "作废时间不得早于已有的{known}", "tokens before {known} are void already"

    # ── many committees ──
    PARTIAL_RESULT = "PARTIAL_RESULT", _AWAY, "有政协未计入：{why}", "not everybody has a part in it: {why}"
    DIRECTORY_EXPIRED = "DIRECTORY_EXPIRED", _AWAY, "目录已过期，暂不应答其他政协", "the directory has expired; only this committee's own users are answered"
    AWAY = "AWAY", _AWAY, "该政协暂未应答", "this committee did not answer"
    BUSY = "BUSY", _AWAY, "服务繁忙，请{seconds}秒后再试", "all places are taken; try again in {seconds} seconds"
    INVALID = "INVALID", _BAD, "查询不正确", "the document is not valid"
    # fmt: on


class Said(NamedTuple):
    """A piece of a refusal that reads differently in Chinese and in English."""

    zh: str
    en: str


Told = str | int | Said | Kind


class Refusal(Exception):
    """The request was understood as far as it goes, and is not done.

    What is told about it is chosen per language: of a pair one half; a kind by its label in Chinese and by its code in
    English; a `field` by what people call it in Chinese and as the API names it in English; all else as it is in both.
    """

    def __init__(self, code: Code, **about: Told) -> None:
        self.code, self.about = code, about
        self.zh = code.zh.format_map(_Filled({name: _in_chinese(name, told) for name, told in about.items()}))
        self.en = code.en.format_map(_Filled({name: _in_english(told) for name, told in about.items()}))
        super().__init__(f"{code}: {self.en}")

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.code.family.value

    @property
    def message(self) -> str:
        """Both languages, for channels that show one string."""
        return f"{self.zh} / {self.en}"

    @property
    def headers(self) -> dict[str, str]:
        """What an answer over HTTP carries with it: after how many seconds to try again, where that is told."""
        return {"Retry-After": str(self.about["seconds"])} if "seconds" in self.about else {}

    @property
    def field(self) -> str:
        """The field it is about, as the API and forms name it; empty where it is about none."""
        return _in_english(self.about.get("field", ""))

    @property
    def why(self) -> Said:
        """The reason alone, where the field it is about stands beside it; the whole message where no reason is told."""
        told = self.about.get("why")
        return Said(self.zh, self.en) if told is None else Said(_in_chinese("why", told), _in_english(told))


def _in_chinese(name: str, told: Told) -> str:
    if isinstance(told, Kind):
        return told.label
    if isinstance(told, Said):
        return told.zh
    return FIELDS.get(str(told), str(told)) if name == "field" else str(told)


def _in_english(told: Told) -> str:
    return told.en if isinstance(told, Said) else str(told)


class _Filled(dict[str, str]):
    """What was told; a word nobody gave stays readable instead of hiding the refusal behind a KeyError."""

    def __missing__(self, name: str) -> str:
        return "…"
