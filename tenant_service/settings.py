"""Settings of one committee's service: a TOML file, and above it variables `LIANDONG_TENANT_…` of the environment."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from sync.contract.errors import Code, Refusal
from sync.contract.ids import is_committee
from sync.contract.shapes.proposals import MOST_STAGES
from sync.edge.budget import Limits
from sync.edge.configured import BadSetting, Unfit, configured
from sync.edge.networks import check_proxies

PREFIX = "LIANDONG_TENANT_"
_ASYMMETRIC = {"ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"}
"""With a shared secret whoever checks could sign as well."""
LEAST_AUDIT_MONTHS = 6
"""网络安全法 第二十一条; the database's own triggers hold to it as well."""


_LEAST = {
    "sign_ins_per_minute": 1, "application_requests_per_minute": 1,
    "most_streams": 1, "most_streams_per_person": 1, "most_ungreeted": 1, "most_operations_per_stream": 1,
    "personal_rows_per_day": 1, "guest_days": 1, "roster_file_days": 1, "left_person_years": 0,
    "reporter_days": 0, "booking_days": 0, "notification_days": 1,
    "least_ballots": 5, "least_answers": 3, "audit_months": LEAST_AUDIT_MONTHS,
}  # fmt: skip


Workdays = Annotated[int, msgspec.Meta(ge=1, le=250)]
Days = Annotated[int, msgspec.Meta(ge=1, le=366)]


class Periods(msgspec.Struct, frozen=True, kw_only=True):
    """Terms by which work is due: table `[periods]` of the same file. Workdays are those of the committee's calendar
    (page 工作日历). What was told to somebody with a date keeps that date: a change counts for what comes after it.
    """

    notice_workdays: Workdays = 5
    """受理告知: workdays within which whoever reported something is told whether it is taken on. Example: `3`."""
    return_workdays: Workdays = 5
    """退办申请: workdays after an assignment within which its body may ask to give it back. Example: `3`."""
    reply_workdays: Workdays = 30
    """办理期限: workdays that a body has to reply, where who assigns names no day. Example: `60`."""
    remind_workdays: Workdays = 3
    """临期提醒: workdays before the due day from which an assignment is shown as nearly due, and whoever has
    it is reminded. Example: `5`."""
    unsettled_days: Days = 15
    """仍未解决: days after the public answer within which a reporter may say once that nothing was settled.
    Example: `30`."""


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """提案: table `[proposals]` of the same file. A proposal keeps the stages with which it was filed."""

    number: str = "第{n}号"
    """案号: what a proposal is called when it is filed: `{n}` is its number within the year, `{year}` that year.
    Example: `"{year}年第{n}号"`."""
    stages: tuple[str, ...] = ("征询意见",)
    """Stages by which its proposers evaluate how it is handled, in each round; the last one is 《征询意见表》, after
    the answer. Eight at most. Example: `["交办", "办理", "答复", "征询意见"]`."""
    rate_workdays: Workdays = 15
    """Workdays after an answer within which its proposers are asked what they say of it; then it is 未反馈. Example:
    `10`."""


LOG_ONLY = "log:"
"""In the place of an SMS gateway's address: messages stand in the log and leave nobody's house."""


class Sms(msgspec.Struct, frozen=True, kw_only=True):
    """短信: table `[sms]`, the gateway that fills templates and sends them. What is sent to it, and what it answers, is
    in [通知](notifications.md).
    """

    url: str = ""
    """Address that each message is posted to; https, or http on the loopback. `log:` writes to the log instead, and
    sends nothing; none: no SMS is sent, and notifications say 未启用. Example: `"https://sms.example/v1/send"`."""
    token: Path | None = None
    """File with what the gateway knows us by (`Authorization: Bearer …`), readable by its owner only, or the service
    does not start. Example: `"/etc/liandong/sms.token"`."""
    sign: str = ""
    """短信签名, as the gateway has it registered. Example: `"嘉善政协"`."""
    templates: tuple[str, ...] = ()
    """Template id of each kind of notification, `DEFAULT` for all that are not named; a kind without one is 未送达.
    Example: `["DEFAULT=SMS_1001", "ACTIVITY_CANCELLED=SMS_1003"]`."""


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """电子邮件: table `[mail]`, the SMTP server that takes what leaves."""

    host: str = ""
    """Its name; none: no e-mail is sent. Example: `"smtp.example"`."""
    port: int = 465
    """Its port. Example: `587`."""
    tls: Literal["tls", "starttls", "none"] = "tls"
    """How nobody on the way reads it: `tls` from the beginning, `starttls`, or `none`, on the loopback only.
    Example: `"starttls"`."""
    sender: str = ""
    """Address that it comes from. Example: `"notice@zx.example"`."""
    user: str = ""
    """Name that it is signed in with; none: nobody signs in. Example: `"notice"`."""
    password: Path | None = None
    """File with the password, readable by its owner only, or the service does not start.
    Example: `"/etc/liandong/smtp.password"`."""


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """消息接口: table `[webhook]`, one address of the committee's own that is told every notification of whoever chose
    it, such as a bridge to its office messenger.
    """

    url: str = ""
    """Address that each is posted to; https, or http on the loopback; none: nothing is.
    Example: `"https://bridge.zx.example/notify"`."""
    secret: Path | None = None
    """File with the secret that both sides sign with (HMAC-SHA256), readable by its owner only, or the service does not
    start. Example: `"/etc/liandong/webhook.secret"`."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One committee's service. A relative path is meant from the configuration file's folder."""

    committee: str
    """Id of the committee that this service belongs to; it is part of every id made here and never changes.
    Example: `"330110"`."""
    database: str = "sqlite:///liandong.db"
    """Where the committee's records are kept: SQLite in one file, or PostgreSQL. A relative file name is meant from the
    working directory. Example: `"postgresql+psycopg://liandong@/liandong"`."""
    http_host: str = "127.0.0.1"
    """Address that pages and GraphQL are served on. Example: `"0.0.0.0"`, behind a firewall."""
    http_port: int = 8100
    """Port of the same. Example: `8443`."""
    public_url: str = "http://127.0.0.1:8100"
    """What users type to get here, without a path. With https, cookies are marked Secure and browsers are told to stay
    with https. Example: `"https://zx.yuhang.example"`."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; without
    one the address of the connection counts, and everybody behind a proxy is one network.
    Example: `["10.0.0.5", "10.1.0.0/16"]`."""
    hub: str | None = None
    """Where the federation's hub is; without it the committee works alone and shares nothing.
    Example: `"nats://hub.example:4222"`."""
    creds: Path = Path("hub.creds")
    """The file by which the hub knows this committee. Example: `"/etc/liandong/hub.creds"`."""
    directory: Path = Path("directory.jws")
    """Where the last good copy of the federation's directory is kept. Example: `"state/directory.jws"`."""
    root: Path = Path("root.jwk")
    """Public key of the federation's root, which says who may sign which part of the directory; a directory that does
    not go back to it is refused. Example: `"trust/root.jwk"`."""
    keys: Path = Path("keys")
    """Folder of this committee's private keys; made with new keys where there are none, readable by its owner only.
    Example: `"/etc/liandong/keys"`."""
    demo: bool = False
    """Offers buttons that sign anybody in as one of the demo's accounts, and shows the GraphQL schema to everybody.
    Only on a loopback address: elsewhere the service does not start. Example: `true`."""
    session_idle_minutes: int = 30
    """A browser that did nothing for so long has to sign in again. Example: `10`."""
    session_hours: int = 12
    """A browser has to sign in again after so long in any case. Example: `8`."""
    token_seconds: int = 900
    """How long an API token lives, at most 900. Example: `300`."""
    application_idle_hours: int = 24
    """An application that did not renew what it holds of an account for so long has to send its user here again.
    Example: `8`."""
    application_days: int = 14
    """The same after so long in any case. Example: `7`."""
    external_issuer: str = ""
    """Another OpenID Connect provider that signs people in as well; https, or http on the loopback.
    Example: `"https://login.example/realms/zx"`."""
    external_name: str = "统一身份认证"
    """What the sign-in page calls it. Example: `"市级统一登录"`."""
    external_client_id: str = ""
    """How that provider knows this committee. Example: `"liandong-330110"`."""
    external_secret: Path | None = None
    """File with the secret that it gave us, readable by its owner only, or the service does not start; none: we are a
    public client, and PKCE does. Example: `"/etc/liandong/external.secret"`."""
    external_algorithms: tuple[str, ...] = ("ES256", "RS256")
    """Signatures of its ID tokens that are believed. Example: `["PS256"]`."""
    external_sign_out: bool = True
    """Whether who came by it and signs out here goes on to be signed out there as well (its `end_session_endpoint`); it
    has to know `<public_url>/sign-in` as an address to return to. Example: `false`."""
    sign_ins_per_minute: int = 60
    """Tries to sign in that are looked at, from one IP address (IPv6: one /64). Example: `20`."""
    application_requests_per_minute: int = 600
    """Requests at `/authorize`, `/token` (as a form), `/revoke`, `/userinfo`, `/end-session`, `/gateway-sign-in` and
    `/backchannel-logout` that are looked at, from one IP address (IPv6: one /64); and the same of one application that
    proved who it is, and of one account. What is over is refused with RATE_LIMITED. Example: `1200`."""
    operation_seconds: float = 10
    """A GraphQL operation that takes longer is interrupted. Example: `3.5`."""
    share_values: tuple[str, ...] = ("PARENT",)
    """Who is told this committee's figures month by month: PARENT, PROVINCE, NATION, SUBTREE, OPEN, or
    `MECHANISM:<its id>`. Figures count all own records, shared or not. Example: `[]`, nobody."""
    left_copies: Literal["freeze", "remove"] = "freeze"
    """What becomes of what others shared with this committee when its right to it ends, because it left a mechanism or
    the other was suspended: the copies stay as they were and get nothing more, or they are removed. Either way the
    page 交换状态 says so, and what a partner sealed to us about its own people is dropped. Example: `"remove"`."""
    audit_months: int = 6
    """Whole months for which entries of the audit log are kept after the month they were written in, at least 6; the
    signed head of each month stays. Example: `12`."""
    guest_days: int = 30
    """Days after an activity for which the names of other committees' people stay on its list; presence stays counted.
    Example: `90`."""
    roster_file_days: int = 180
    """Days for which the rows of a roster file are kept after it was sent in; so long an import can be undone.
    Example: `60`."""
    reporter_days: int = 365
    """Days for which the names and phones of people who reported something (议题反映) are kept after it was answered,
    returned or forwarded; what they reported stays. 0: for good. Example: `90`."""
    booking_days: int = 90
    """Days after the day of a booking for which the name and phone of who booked are kept; how many came stays.
    0: for good. Example: `30`."""
    left_person_years: int = 0
    """Years after which the personal data of who has left is erased without being asked; 0: only when somebody does it.
    Example: `5`."""
    personal_rows_per_day: int = 3_000
    """Rows of personal data (people, memberships) that one account may look at or take out in a day, Asia/Shanghai.
    Example: `800`."""
    bulletin: str = "《社情民意》第{n}期"
    """刊物期次: what an issue of opinion information is called when it is signed: `{n}` is its number within the year,
    `{year}` that year. Example: `"《社情民意》{year}年第{n}期"`."""
    least_ballots: int = 10
    """Ballots of an appraisal (民主评议) below which nothing of them is shown to anybody, but that they are too few; as
    it is when the appraisal begins, and at least 5, so that nobody's own opinion can be guessed. Example: `20`."""
    least_answers: int = 5
    """Answers of a form (表单) below which nothing of its questions is shown to anybody, but how many answered; at
    least 3, so that nobody's own answer can be guessed. Example: `10`."""
    holds_comments: bool = True
    """Whether comments of members on posts (留言) are looked at by the office before others read them (先审后发); else
    they are shown at once, and hidden with a reason where they have to be. Example: `false`."""
    desk_address: str = ""
    """受理窗口: where people come who reported something, as receipts and the page of the tracking code say it; where
    nothing is set, they are told to ask at the committee's office. Example: `"魏塘街道人民大道1号政协办公楼1楼"`."""
    desk_phone: str = ""
    """Its telephone. Example: `"0573-84120000"`."""
    desk_hours: str = ""
    """When it is open. Example: `"工作日 9:00–11:30，14:00–17:00"`."""
    metrics: bool = False
    """Serves `/metrics` to a program that watches this one (Prometheus), on the same address and port as pages; who
    comes through a reverse proxy does not get it. Ids of committees and figures, no names. Example: `true`."""
    most_streams: int = 1_000
    """Connections over which people listen to changes at once (WebSockets and event streams). Example: `200`."""
    most_streams_per_person: int = 20
    """The same of one account. Example: `5`."""
    most_ungreeted: int = 100
    """WebSockets at once whose client has not said yet who it is; a quarter of them from one address. Example: `50`."""
    most_operations_per_stream: int = 50
    """Operations under way at once over one WebSocket. Example: `10`."""
    periods: Periods = Periods()
    """Table of the terms by which work is due: notice_workdays, return_workdays, reply_workdays, remind_workdays,
    unsettled_days, as [above](#tenant_service-periods). Example: `reply_workdays = 60`."""
    proposals: Filing = Filing()
    """Table of how proposals are filed and evaluated: number, stages, rate_workdays, as
    [above](#tenant_service-filing). Example: `stages = ["办理", "征询意见"]`."""
    sms: Sms = Sms()
    """Table of the SMS gateway: url, token, sign, templates, as [above](#tenant_service-sms).
    Example: `url = "log:"`."""
    mail: Mail = Mail()
    """Table of the SMTP server: host, port, tls, sender, user, password, as [above](#tenant_service-mail).
    Example: `host = "smtp.example"`."""
    webhook: Webhook = Webhook()
    """Table of the address that is told notifications: url, secret, as [above](#tenant_service-webhook).
    Example: `url = "https://bridge.zx.example/notify"`."""
    notification_days: int = 365
    """Days for which notifications and what became of them are kept; what they are about stays. Example: `180`."""
    limits: Limits = Limits()
    """Table of what one request may ask for: bytes, json_depth, items, tokens, depth, fields, aliases, fragments,
    repeated, cost. Example: `tokens = 500`."""

    def __post_init__(self) -> None:
        """Raises: ValueError, a setting that cannot be right."""
        said = urlsplit(self.public_url)
        if not is_committee(self.committee):
            raise ValueError("committee: not the id of a committee")
        if said.scheme not in ("http", "https") or not said.hostname or said.path not in ("", "/") or said.query:
            raise ValueError("public_url: neither http://host nor https://host")
        if self.demo and not (is_loopback(self.http_host) and is_loopback(said.hostname)):
            raise ValueError("demo: anybody may sign in as anybody, so http_host and public_url must be loopback")
        for name, most in (
            ("session_idle_minutes", 1440), ("session_hours", 168), ("token_seconds", 900),
            ("application_idle_hours", 168), ("application_days", 90),
        ):  # fmt: skip
            if not 0 < getattr(self, name) <= most:
                raise ValueError(f"{name}: between 1 and {most}")
        self._check_external()
        self._check_ways()
        self._check_bulletin()
        self._check_filing()
        if self.operation_seconds <= 0:
            raise ValueError("operation_seconds: more than 0")
        for name, least in _LEAST.items():
            if name == "audit_months" and self.audit_months < least:
                short = Refusal(Code.KEPT_TOO_SHORT, least=str(least))
                raise Unfit(name, f"{short.zh}（{short.code}）", f"{short.en}, at least {least} ({short.code})")
            if getattr(self, name) < least:
                raise ValueError(f"{name}: at least {least}")
        check_proxies("trusted_proxies", self.trusted_proxies)

    def _check_bulletin(self) -> None:
        if "{n}" not in self.bulletin:
            raise ValueError("bulletin: {n} stands for the number of the issue")

    def _check_filing(self) -> None:
        if "{n}" not in self.proposals.number:
            raise ValueError("number: {n} stands for the number of the proposal")
        named = [each for each in self.proposals.stages if each.strip()]
        if not 1 <= len(named) == len(self.proposals.stages) <= MOST_STAGES:
            raise ValueError(f"stages: 1–{MOST_STAGES}, each with a name")

    def _check_external(self) -> None:
        """Raises: ValueError."""
        if self.external_issuer and not (is_closed(self.external_issuer) and self.external_client_id):
            raise ValueError("external_issuer: https, or http on the loopback, and with an external_client_id")
        if not self.external_algorithms or not set(self.external_algorithms) <= _ASYMMETRIC:
            raise ValueError(f"external_algorithms: of {', '.join(sorted(_ASYMMETRIC))}")

    def _check_ways(self) -> None:
        """Raises: ValueError, a way by which phones and notices leave that others could read, or that cannot work."""
        for name, url in (("sms.url", self.sms.url), ("webhook.url", self.webhook.url)):
            if url and url != LOG_ONLY and not is_closed(url):
                raise ValueError(f"{name}: https, or http on the loopback")
        if self.webhook.url and self.webhook.secret is None:
            raise ValueError("webhook.secret: needed where webhook.url is set")
        if any("=" not in each for each in self.sms.templates):
            raise ValueError("sms.templates: KIND=template id")
        if self.mail.host and "@" not in self.mail.sender:
            raise ValueError("mail.sender: an e-mail address, needed where mail.host is set")
        if self.mail.host and self.mail.tls == "none" and not is_loopback(self.mail.host):
            raise ValueError("mail.tls: none only on the loopback")

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https:")


def read(file: Path | None, environ: Mapping[str, str]) -> Settings:
    """The committee's settings.

    Raises:
        BadSetting: one is missing, unknown or cannot be right.
    """
    return configured(Settings, file, environ, PREFIX)


def is_closed(address: str) -> bool:
    """Whether nobody on the way reads what is said at this address."""
    told = urlsplit(address)
    host = told.hostname or ""
    return bool(host) and (told.scheme == "https" or (told.scheme == "http" and is_loopback(host)))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server on `host`."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


__all__ = ["PREFIX", "BadSetting", "Periods", "Settings", "is_loopback", "read"]
