"""What is held of a person's accounts: browsers, applications, links; what was shown of the person to others; and what
stands in the audit log, which has ids only and is never changed.
"""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.edge.shell.words import say
from tenant_service.identity import account_acts, accounts, administrators, disclosures, grants, kept_answers
from tenant_service.identity.models import (
    AccountActRow,
    AccountRow,
    AuditRow,
    BrowserSessionRow,
    DisclosureRow,
    GrantRow,
    LinkedSessionRow,
    LinkRow,
    PersonalListRow,
    PersonalReadRow,
)
from tenant_service.identity.policy import THREE
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (
    HeldTable("account", say("账号"), for_office=True), HeldTable("account_act", say("账号变动"), for_office=True),
    HeldTable("browser_session", say("登录的浏览器")), HeldTable("linked_session", say("经外部登录的浏览器")),
    HeldTable("oauth_grant", say("授权的应用")),
    HeldTable("sign_in_link", say("关联的登录")), HeldTable("disclosure", say("谁看过、导出过"), for_office=True),
    HeldTable("audit_entry", say("审计日志")), HeldTable("personal_read", say("查看个人信息的数量")),
    HeldTable("personal_list_read", say("查看名单的数量")), HeldTable("idempotency_key", say("近期应答")),
)  # fmt: skip

_NOBODY = "!"
"""No hash of a password."""


def about(session: Session, whom: Whom) -> list[Held]:
    own = [row.id for row in _accounts(session, whom)]
    return [
        *held(session, AccountRow, AccountRow.id.in_(own), hidden=("password_hash",)),
        *held(session, AccountActRow, AccountActRow.account_id.in_(own)),
        *held(session, BrowserSessionRow, BrowserSessionRow.account_id.in_(own), hidden=("digest", "csrf")),
        *held(
            session,
            LinkedSessionRow,
            LinkedSessionRow.session_digest.in_(_sessions(session, own)),
            hidden=("session_digest", "hint"),
        ),
        *held(session, GrantRow, GrantRow.account_id.in_(own)),
        *held(session, LinkRow, LinkRow.account_id.in_(own)),
        *held(session, PersonalReadRow, PersonalReadRow.sub.in_(own)),
        *held(session, PersonalListRow, PersonalListRow.sub.in_(own)),
        *kept_answers.about(session, whom, own),
        *held(session, DisclosureRow, or_(DisclosureRow.subject == whom.id, DisclosureRow.sub.in_(own))),
        *held(session, AuditRow, or_(AuditRow.subject.in_([whom.id, *own]), AuditRow.sub.in_(own))),
    ]


def shown_of(session: Session, records: Sequence[str]) -> list[Held]:
    """What was shown of the contacts of these records, who are known by their phones alone."""
    return held(session, DisclosureRow, DisclosureRow.subject.in_(records)) if records else []


def erase(unit: Unit, whom: Whom) -> int:
    """Raises: Refusal LAST_ADMINISTRATOR."""
    administrators.take_turn(unit.session)
    session, rows = unit.session, _accounts(unit.session, whom)
    answers = kept_answers.erase(session, whom, [row.id for row in rows])
    for row in rows:
        three = administrators.roles_of(row) & set(THREE)
        if row.is_open and three:  # somebody else has to close it first, whoever else there is
            raise Refusal(Code.LAST_ADMINISTRATOR, role=min(three))
        accounts.sign_out_everywhere(unit, row.id)
        grants.end_all(unit, row.id)
        session.execute(delete(LinkRow).where(LinkRow.account_id == row.id))
        row.username, row.name = f"erased-{row.id.rpartition('.')[2]}", ERASED
        row.password_hash, row.is_open, row.roles = _NOBODY, False, []
        row.body_id = None
    disclosures.forget_words(session, [whom.id])
    account_acts.forget_words(session, [row.id for row in rows])
    session.flush()
    return len(rows) + answers


def _sessions(session: Session, accounts: list[str]) -> list[str]:
    wanted = select(BrowserSessionRow.digest).where(BrowserSessionRow.account_id.in_(accounts))
    return list(session.scalars(wanted))


def _accounts(session: Session, whom: Whom) -> list[AccountRow]:
    return list(session.scalars(select(AccountRow).where(AccountRow.person_id == whom.id)))
