"""Search finds exactly what LIKE finds."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from sync.contract.asking.searching import plain as folded
from tenant_service.storage import search
from tenant_service.storage.search import SearchTextRow

FEW = "政协委员协商民主张王李·，。 a1"
texts = st.text(FEW, max_size=12)
words = st.text("政协委员协商民主张王李", min_size=2, max_size=4)


def found(session: Session, asked: str, kind: str = "person") -> set[str]:
    return set(session.scalars(search.matching(session, kind, asked)))


def like(session: Session, word: str) -> set[str]:
    """What a plain LIKE over the stored texts finds."""
    return set(session.scalars(select(SearchTextRow.id).where(SearchTextRow.text.like(f"%{word}%"))))


@given(told=st.lists(texts, max_size=8), asked=words)
@example(told=["协商民 主协商", "民主", "协商民主"], asked="协商民主")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_chinese_word_is_found_where_like_finds_it(engine: Engine, told: list[str], asked: str) -> None:
    with Session(engine) as session:  # never committed, so each example begins with an empty index
        for number, each in enumerate(told):
            search.index(session, "person", f"p{number}", each)
        assert found(session, asked) == like(session, asked)


@given(asked=st.text(max_size=30))
@example(asked='" OR *')
@example(asked="' & | ! :*")
@example(asked="100%_\\")
@example(asked="a\x00b")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_nothing_that_is_typed_breaks_a_search_or_means_more_than_itself(engine: Engine, asked: str) -> None:
    with Session(engine) as session:
        search.index(session, "person", "p1", "张三 教育 100%_")
        plain = "张三 教育 100%_"
        expected = {"p1"} if all(word in plain for word in folded(asked).split()) else set[str]()
        assert found(session, asked) == expected


def test_every_word_must_occur_and_the_kind_must_be_right(engine: Engine) -> None:
    with Session(engine) as session:
        search.index(session, "person", "p1", "张三 教育 法律")
        search.index(session, "person", "p2", "李四 教育")
        search.index(session, "venue", "v1", "教育会客厅")
        assert found(session, "教育") == {"p1", "p2"}
        assert found(session, "法律 教育") == {"p1"}
        assert found(session, "教育", "venue") == {"v1"}
        assert found(session, " ") == {"p1", "p2"}
        assert found(session, "张") == {"p1"}, "one character alone has no pair and is looked up in the text"


def test_width_and_case_do_not_matter(engine: Engine) -> None:
    with Session(engine) as session:
        search.index(session, "person", "p1", "ＡＢＣ公司　总工")
        assert found(session, "abc公司") == found(session, "AbC 总工") == {"p1"}


def test_new_words_replace_the_old_ones_and_what_is_forgotten_is_not_found(engine: Engine) -> None:
    with Session(engine) as session:
        search.index(session, "person", "p1", "张三")
        search.index(session, "person", "p2", "张三丰")
        search.index(session, "person", "p1", "李四")
        assert found(session, "张三") == {"p2"}
        search.forget(session, "p2")
        search.forget(session, "nobody")
        assert found(session, "张三") == set()
        assert session.scalar(select(func.count()).select_from(text("search_pairs"))) == 1


def test_a_new_text_never_inherits_the_pairs_of_a_forgotten_one(engine: Engine) -> None:
    with Session(engine) as session:
        search.index(session, "person", "p1", "张三")
        search.forget(session, "p1")
        search.index(session, "person", "p2", "王五")
        assert found(session, "张三") == set()
        assert found(session, "王五") == {"p2"}


@pytest.mark.parametrize(
    ("words", "pairs"),
    [("", 0), ("张", 0), ("张三", 1), ("张三丰", 2), ("张，三", 0), ("张三 李四", 2), ("a1b", 2)],
)
def test_pairs_never_reach_across_what_is_no_word(words: str, pairs: int) -> None:
    assert len(search.bigrams(words)) == pairs
