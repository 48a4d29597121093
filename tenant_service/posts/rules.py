"""What may happen to a post and to what is said to it. Pure: no clock, no database, no network."""

from enum import StrEnum
from typing import NamedTuple

from sync.contract.errors import Code, Refusal
from sync.contract.kinds import Kind
from sync.contract.shapes.posts import PostKind, PostState
from tenant_service.signing import rules as signing
from tenant_service.signing.rules import Approval
from tenant_service.steps import Steps, leading, staying

_DRAFT, _REVIEWED, _PUBLISHED = PostState.DRAFT, PostState.REVIEWED, PostState.PUBLISHED


class Act(StrEnum):
    """What may be done with a post that is there, as the service's functions are named."""

    REDRAFT = "redraft"
    DISCARD = "discard"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    SIGN_OFF = "sign_off"
    PUBLISH = "publish"
    COMMENT = "comment"
    CONVERT = "convert"
    WITHDRAW = "withdraw"


STATES = Steps(
    {
        Act.REDRAFT: staying(_DRAFT),
        Act.DISCARD: staying(_DRAFT),
        Act.SUBMIT: staying(_DRAFT),
        Act.SEND_BACK: staying(_DRAFT),
        Act.SIGN_OFF: leading(_REVIEWED, _DRAFT),
        Act.PUBLISH: leading(_PUBLISHED, _REVIEWED),
        Act.COMMENT: staying(_PUBLISHED),
        Act.CONVERT: staying(_PUBLISHED),
        Act.WITHDRAW: leading(PostState.WITHDRAWN, _REVIEWED, _PUBLISHED),
    }
)
"""What was signed is published by whoever wrote it or the office, and taken down with a reason: it stays readable."""
SIGNED_AS = {
    Act.REDRAFT: signing.Act.REDRAFT, Act.DISCARD: signing.Act.DISCARD, Act.SUBMIT: signing.Act.SUBMIT,
    Act.SEND_BACK: signing.Act.SEND_BACK, Act.SIGN_OFF: signing.Act.SIGN_OFF,
}  # fmt: skip
OF_THE_SIGNER = frozenset({Act.SEND_BACK, Act.SIGN_OFF})
OF_THE_AUTHOR = frozenset({Act.REDRAFT, Act.DISCARD, Act.SUBMIT, Act.PUBLISH})
"""A member does these with what is their own; the office with everything."""
BY_MEMBERS = frozenset({PostKind.THREAD, PostKind.LECTURE, PostKind.COLUMN})
"""Kinds that members write themselves; the others are the office's."""
TELLING = frozenset({_PUBLISHED, PostState.WITHDRAWN})
"""States in which members are shown a post."""


class Standing(NamedTuple):
    """Where a post stands: what decides about the next act."""

    approval: Approval
    state: PostState


def approval_after(act: Act, at: Standing) -> Approval:
    """Where the act leads in 审签. Raises: Refusal OUT_OF_TURN."""
    STATES.after(act, at.state)
    return signing.SIGNING.after(SIGNED_AS[act], at.approval) if act in SIGNED_AS else at.approval


def possible(at: Standing) -> frozenset[Act]:
    """All that fits where the post stands, whoever may do it."""
    return signing.fitting(STATES.possible(at.state), approval_after, at)


def may_be_told(at: Standing, *, was_published: bool) -> bool:
    """Whether the record may leave this committee: it was published once."""
    return at.state is _PUBLISHED or (at.state is PostState.WITHDRAWN and was_published)


def written_by_a_member(kind: PostKind) -> None:
    """Raises: Refusal FORBIDDEN, such posts are the office's to write."""
    if kind not in BY_MEMBERS:
        raise Refusal(Code.FORBIDDEN)


# ── comments ──


class CommentState(Kind):
    """留言状态: held → shown ⇄ hidden, or withdrawn by whoever said it."""

    HELD = "HELD", "待审看"
    SHOWN = "SHOWN", "已显示"
    HIDDEN = "HIDDEN", "已隐藏"
    WITHDRAWN = "WITHDRAWN", "本人已撤回"


class CommentAct(StrEnum):
    """What the office does with a comment, and who said it."""

    SHOW = "show_comment"
    HIDE = "hide_comment"
    TAKE_BACK = "take_back_comment"


_HELD, _SHOWN, _HIDDEN = CommentState.HELD, CommentState.SHOWN, CommentState.HIDDEN
COMMENTS = Steps(
    {
        CommentAct.SHOW: leading(_SHOWN, _HELD, _HIDDEN),
        CommentAct.HIDE: leading(_HIDDEN, _HELD, _SHOWN),
        CommentAct.TAKE_BACK: leading(CommentState.WITHDRAWN, _HELD, _SHOWN),
    }
)
"""A comment is hidden with a reason that its author reads, and never deleted."""


def first_state(*, held: bool) -> CommentState:
    """Where a new comment stands: `held` says that comments are looked at before they are shown (先审后发)."""
    return _HELD if held else _SHOWN
