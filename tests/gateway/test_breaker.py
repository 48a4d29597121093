"""A silent committee is left in peace, and never for ever."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.federation.asking.breaker import Breaker
from sync.bus.asker import Outcome


def silent(breaker: Breaker, times: int, waited: float = 2.0) -> None:
    for _ in range(times):
        breaker.note("x", Outcome.TIMEOUT, waited)


def test_it_is_asked_until_it_was_silent_often_enough() -> None:
    breaker = Breaker(lambda: 0.0)
    silent(breaker, 2)
    assert breaker.lets("x")
    silent(breaker, 1)
    assert not breaker.lets("x")
    assert breaker.lets("y")


def test_an_answer_in_between_forgives_everything() -> None:
    breaker = Breaker(lambda: 0.0)
    for _ in range(10):
        silent(breaker, 2)
        breaker.note("x", Outcome.ANSWERED, 0.1)
    assert breaker.lets("x")


def test_short_waits_and_nobody_there_say_nothing() -> None:
    breaker = Breaker(lambda: 0.0)
    silent(breaker, 100, waited=0.9)
    for _ in range(100):
        breaker.note("x", Outcome.UNREACHABLE, 2.0)
        breaker.note("x", Outcome.UNREADABLE, 2.0)
    assert breaker.lets("x")


def test_after_its_rest_one_question_tries_it_and_the_others_wait_on() -> None:
    moment = [0.0]
    breaker = Breaker(lambda: moment[0])
    silent(breaker, 3)
    moment[0] = 5.0
    assert [breaker.lets("x") for _ in range(3)] == [True, False, False]
    breaker.note("x", Outcome.ANSWERED, 0.1)
    assert all(breaker.lets("x") for _ in range(3))


def test_its_rest_doubles_up_to_a_minute() -> None:
    moment = [0.0]
    breaker = Breaker(lambda: moment[0])
    silent(breaker, 3)
    rests = []
    for _ in range(6):
        began = moment[0]
        while not breaker.lets("x"):
            moment[0] += 1
        rests.append(moment[0] - began)
        silent(breaker, 1)
    assert rests == [5, 10, 20, 40, 60, 60]


@given(st.lists(st.tuples(st.sampled_from(list(Outcome)), st.floats(0, 10), st.floats(0, 100))))
def test_whatever_happened_it_is_tried_again_within_a_minute(told: list[tuple[Outcome, float, float]]) -> None:
    moment = [0.0]
    breaker = Breaker(lambda: moment[0])
    for outcome, waited, later in told:
        breaker.note("x", outcome, waited)
        moment[0] += later
        breaker.lets("x")
    moment[0] += 60.1
    assert breaker.lets("x")
