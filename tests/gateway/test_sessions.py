"""Sessions of browsers: they end when nobody uses them, and nobody ends anybody else's."""

from gateway.identity.sessions import Sessions, cookie_name, set_cookie


def test_a_session_ends_when_idle_or_old() -> None:
    moment = [0.0]
    sessions = Sessions(lambda: moment[0])
    id = sessions.open("token")
    for _ in range(20):
        moment[0] += 29 * 60
        assert sessions.token(id) == "token"
        sessions.use(id)
    moment[0] += 31 * 60
    assert sessions.token(id) is None
    id = sessions.open("token")
    for _ in range(24):
        moment[0] += 29 * 60
        sessions.use(id)
    moment[0] += 25 * 60
    assert sessions.token(id) is None


def test_to_look_whose_session_it_is_is_no_use_of_it() -> None:
    moment = [0.0]
    sessions = Sessions(lambda: moment[0])
    id = sessions.open("token")
    for _ in range(30):
        moment[0] += 60
        assert sessions.token(id) == "token"
    moment[0] += 1
    sessions.use(id)
    assert sessions.token(id) is None, "what has ended is used by nobody"


def test_one_account_ends_its_own_oldest_session_and_nobody_elses() -> None:
    sessions = Sessions(lambda: 1_000.0, most_each=3)
    mine, theirs = ("330101", "chen"), ("330102", "chen")
    other = sessions.open("theirs", theirs, "h")
    ids = [sessions.open(f"mine {number}", mine, f"h{number}") for number in range(500)]
    assert sessions.token(other) == "theirs"
    assert sessions.handle(other) == ("330102", "h")
    assert [sessions.token(id) for id in ids[-4:]] == [None, "mine 497", "mine 498", "mine 499"]
    assert [sessions.handle(id) for id in ids[-4:]] == [("", ""), *(("330101", f"h{n}") for n in (497, 498, 499))]
    sessions.close(ids[-2])
    sessions.open("another", mine)
    assert sessions.token(ids[-3]) == "mine 497"


def test_a_cookie_is_bound_to_its_host_and_to_tls() -> None:
    assert cookie_name("g", secure=True) == "__Host-liandong-g"
    assert set_cookie("__Host-x", "id", secure=True) == "__Host-x=id; Path=/; HttpOnly; SameSite=Lax; Secure"
    assert set_cookie("x", "", secure=False) == "x=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
