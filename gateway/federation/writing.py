"""What everybody said, made one answer."""

from typing import Any

import orjson

from gateway.federation.answering.parts import Replies
from gateway.federation.answering.pieces import StandIn
from gateway.federation.answering.reply import MOST_FAULTS
from gateway.federation.asking.putting import Putting
from gateway.federation.refused import Answer, AtRoot
from sync.contract.errors import Refusal


def answer_of(putting: Putting, replies: Replies) -> Answer:
    """One answer of everybody's. Touches nothing but what it is given: it may be called in another thread.

    Raises:
        AtRoot: the whole request has none.
    """
    fields: list[bytes] = []
    errors: list[dict[str, Any]] = []
    stand_ins: list[StandIn] = []
    is_null = False
    for asked in putting.asked:
        root = asked.root
        try:
            piece = asked.written(replies, putting.standpoint)
        except Refusal as cause:
            raise AtRoot(root.key, cause) from None
        fields.append(b'"%s":%s' % (root.key.encode(), piece.json))
        errors += piece.errors
        stand_ins += piece.stand_ins
        is_null = is_null or (root.is_required and piece.json == b"null")
    data = b"null" if is_null else b"{%s}" % b",".join(fields)
    more = b',"errors":%s' % orjson.dumps(errors[:MOST_FAULTS]) if errors else b""
    if stand_ins:
        stale = {"stale": [each.shown() for each in stand_ins]}
        more += b',"extensions":%s' % orjson.dumps(stale)
    return Answer(b'{"data":%s%s}' % (data, more))
