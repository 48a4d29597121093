"""What one committee alone can answer: its own answer; or, while it is silent, the copy at the caller's home."""

import msgspec

from gateway.federation.answering.parts import Replies
from gateway.federation.answering.pieces import Piece, StandIn, away
from gateway.federation.answering.reply import FAILED, STALE, Heard, error, is_stale, words_of
from gateway.federation.selecting.shapes import Shape
from sync.contract.errors import Code


def owned(key: str, name: str, shape: Shape, owner: str, id: str | None, replies: Replies) -> Piece:
    """What its owner says, of the record with this id where it is about one. A copy in its place says so in
    `stand_ins`; where home has none, the place says who is away: whether it is not there or was not shared, only its
    owner could say.
    """
    for _, said in replies.copies.get(name, ()):
        if said.data is not None and is_stale(said, owner):
            copy = passed_on(key, name, shape, owner, id, said)
            if copy.json != b"null":
                copy.stand_ins.append(StandIn([key], owner, said.copies[owner].as_of))
            elif not copy.errors:
                copy.errors.append(away([key], owner, STALE))
            return copy
    return passed_on(key, name, shape, owner, id, replies.live[owner])


def passed_on(key: str, name: str, shape: Shape, owner: str, id: str | None, heard: Heard) -> Piece:
    """What the one committee that this field is about said, untouched. `id`: that of its own which was asked for."""
    if heard.data is not None:
        try:
            value = bytes(getattr(heard.data, name))
            shape.check(value, None if id is None else (owner, id))
            own = [each for each in heard.faults if each.path[:1] == [name]]
            return Piece(value, [error(each, [key, *each.path[1:]]) for each in own])
        except msgspec.DecodeError:
            heard = Heard(FAILED, heard.seconds)
    mine = [each for each in heard.faults if each.path[:1] in ([name], [])]
    if heard.faults and not mine:
        return Piece(b"null")  # another field's error, which stands beside this one, left nothing of the whole
    if mine and words_of(mine[0])["code"] not in ("INTERNAL", Code.INVALID):
        return Piece(b"null", [error(each, [key, *each.path[1:]]) for each in mine])
    return Piece(b"null", [away([key], owner, heard.state)])
