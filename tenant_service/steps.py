"""What may be done with a record in each state, and where that leads, as a table. Pure: no clock, no database."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from sync.contract.errors import Code, Refusal
from sync.contract.kinds import Kind

A = TypeVar("A", bound=StrEnum)
S = TypeVar("S", bound=Kind)


class Steps(Generic[A, S]):
    """Act → each state in which it may be done → the state that it leads to.

    One table, asked by all: the service asks where an act leads, a page which acts it offers, docs/states.md prints it.
    """

    def __init__(self, acts: Mapping[A, Mapping[S, S]]) -> None:
        self._acts = acts

    def __contains__(self, act: object) -> bool:
        """Whether the act has anything to do with these states."""
        return act in self._acts

    def after(self, act: A, now: S) -> S:
        """The state that the act leads to. Raises: Refusal OUT_OF_TURN, also for an act that no state permits."""
        to = self._acts.get(act, {}).get(now)
        if to is None:
            raise Refusal(Code.OUT_OF_TURN, now=now)
        return to

    def possible(self, now: S) -> tuple[A, ...]:
        """What may be done in this state, in the order of the table."""
        return tuple(act for act, steps in self._acts.items() if now in steps)

    def __iter__(self) -> Iterator[tuple[A, S, S]]:
        """Every step: the act, the state before it and the one after."""
        return ((act, now, to) for act, steps in self._acts.items() for now, to in steps.items())


def staying(*states: S) -> dict[S, S]:
    """Where something may be done that leaves the state as it is."""
    return {each: each for each in states}


def leading(to: S, *states: S) -> dict[S, S]:
    """From any of these states to this one."""
    return dict.fromkeys(states, to)


def between(onward: Mapping[S, Iterable[S]]) -> Steps[S, S]:
    """The steps of what is moved to a state that somebody names: each state → those that it may be moved to."""
    every = next(iter(onward)).__class__
    ways = {to: {now: to for now, ahead in onward.items() if to in ahead} for to in every}
    return Steps({to: steps for to, steps in ways.items() if steps})
