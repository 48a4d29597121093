"""docs/federation.md says what the code does: its examples, its tables, and every figure in its sentences."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from deploy.payloads.of_messages import of_message
from deploy.payloads.of_records import of_record
from sync.bus import wire
from sync.bus.subscriber import Pace
from sync.contract import envelope, jose
from sync.contract.channels import circle_of, log_of
from sync.contract.envelope import Envelope, Op
from sync.contract.ids import kind_of
from sync.contract.trust import descriptors
from sync.contract.trust.descriptors import Descriptor
from sync.contract.trust.directory import Directory
from sync.contract.trust.directory_parts import Charter, Part
from sync.contract.trust.proofs import Proof
from sync.contract.trust.tokens import Claims
from sync.contract.visibility import Visible
from sync.log import Head, Reading, follow, genesis
from tests.architecture.test_documents import sections
from tests.promises.blocks import Maker, inside, made_in, remade, without_blocks
from tests.promises.examples import EPOCH, LOG, unsealed
from tests.promises.figures import FIGURES, Figure
from tests.promises.page import PAGE, makers
from tests.promises.scene import BEGAN, CITY, COUNTY, PARTNER, activity, contents, told
from tests.promises.test_reading import checker

TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = made_in(TEXT)
EVENTS = ("put-parent", "put-open", "retract", "delete", "sealed", "complete")
PLAIN = {"sealed-plain": "participation", "request": "request", "answer": "answer"}
NUMBERS_OF_OTHERS = {"7515", "7638", "2122"}
"""Numbers in the page that are no figures of ours: of an RFC."""


@cache
def made_by() -> dict[str, Maker]:
    return makers()


def parsed(name: str) -> Any:
    return msgspec.json.decode(inside(BLOCKS[name]))


# ── the page and the code ──


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_a_block_says_what_the_code_says(name: str) -> None:
    assert BLOCKS[name] == made_by()[name](BLOCKS[name]), "run `make docs`, and read what changes"


def test_everything_that_is_made_stands_on_the_page_once() -> None:
    assert sorted(re.findall(r"<!-- made: ([\w-]+) -->", TEXT)) == sorted(made_by())


def test_a_block_that_somebody_changed_is_seen() -> None:
    for was, now in (
        ("老旧小区加装电梯协商会", "别的会"),
        ('"op": "retract"', '"op": "put"'),
        ("| 500 events |", "| 501 events |"),
    ):
        changed = TEXT.replace(was, now)
        assert changed != TEXT
        assert remade(changed, made_by()) == TEXT


def test_every_figure_in_a_sentence_is_one_of_the_code() -> None:
    known = {each.text for each in FIGURES}
    units = "|".join(sorted({each.unit for each in FIGURES}, key=len, reverse=True))
    prose = without_blocks(TEXT)
    named = re.findall(rf"(?<![\w.-])(\d[\d ]*) (a |more )?({units})(?!\w)", prose)
    assert len(named) > 15
    said = {f"{number} {unit}" for number, _, unit in named}
    assert said <= known
    bare = re.sub(rf"(?<![\w.-])\d[\d ]* (?:{units})(?!\w)", "", prose)
    left = set(re.findall(r"(?<![\w.‑-])\d{2,}(?![\w])", bare)) - NUMBERS_OF_OTHERS - {COUNTY, PARTNER}
    assert left == set(), "give it a unit of the table of figures, or say whose number it is"


def test_a_figure_follows_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    look = next(each for each in FIGURES if each.source.endswith("Pace.look"))
    assert look.text == "60 s"
    monkeypatch.setattr(Pace, "look", 61.0)
    assert look.text == "61 s"
    assert BLOCKS["figures"] != made_by()["figures"](BLOCKS["figures"])


@pytest.mark.parametrize("figure", FIGURES, ids=lambda each: each.source)
def test_a_figure_is_found_where_the_page_says(figure: Figure) -> None:
    assert f"| {figure.text} | `{figure.source}` |" in BLOCKS["figures"]


def test_every_section_begins_in_chinese_and_goes_on_in_english() -> None:
    for level, title, text in sections(TEXT)[1:]:
        first = text.strip().splitlines()[0]
        assert level == 2
        assert re.search(r"[\u4e00-\u9fff]", title), title
        assert re.search(r"[A-Za-z]{4}", title), title
        assert len(re.findall(r"[\u4e00-\u9fff]", first)) > len(first) / 2, f"{title}: {first}"


def test_every_operation_has_its_row_and_its_example() -> None:
    told_of = set(re.findall(r"^\| `(\w+)` ?[^|]*\| [^|]+ \| [^|]+ \|$", TEXT, re.MULTILINE))
    ops = set(Op.__args__)  # type: ignore[attr-defined]
    assert ops <= told_of
    assert {parsed(name)["op"] for name in EVENTS} == ops


# ── the examples are true ──


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_of_the_page_fits_its_schemas(name: str) -> None:
    event = parsed(name)
    assert checker(of_message("envelope/1", Envelope))(event)
    if event["op"] == "put":
        sealed = event["channel"].startswith("x_")
        data = unsealed(event["data"]) if sealed else event["data"]
        assert checker(of_record(kind_of(event["subject"])), circle_of(event["channel"]))(data)


@pytest.mark.parametrize(("name", "kind"), PLAIN.items())
def test_a_record_of_the_page_fits_its_schema(name: str, kind: str) -> None:
    assert checker(of_record(kind), Visible.MECHANISM)(parsed(name))


def test_the_sealed_body_opens_to_what_stands_below_it() -> None:
    assert unsealed(parsed("sealed")["data"]) == parsed("sealed-plain")


def test_what_the_open_channel_is_not_told_is_absent() -> None:
    parent, opened = parsed("put-parent"), parsed("put-open")
    assert parent["id"] == opened["id"]
    assert parent["data"].keys() - opened["data"].keys() == {"suggestions", "report"}


def test_the_proof_of_the_page_is_one_and_of_no_other_head() -> None:
    lines = inside(BLOCKS["head"]).split("\n")
    assert lines[0] == "liandong-head/1"
    log, epoch, seq, chain, empty, proof = lines[1:]
    head = Head(epoch, int(seq), bytes.fromhex(chain), proof)
    verify = wire.verifier(lambda: Directory(contents()))
    assert (log, empty) == (LOG, "")
    assert verify(log, head) is True
    assert verify(log, head._replace(seq=head.seq + 1)) is False
    assert verify(log_of(COUNTY, "o"), head) is False


def test_a_reader_applies_the_log_of_the_page(tmp_path: Path) -> None:
    with told(tmp_path) as authors:
        events, once = authors[COUNTY].log("c"), authors[COUNTY].once["c"]
        proof = authors[COUNTY].trust.sign(LOG, events[-1].head())
    verify, erased = (wire.verifier(lambda: Directory(contents()), typ) for typ in (wire.HEAD, wire.ERASED))
    step = follow(Reading(LOG), [*events[:-1], events[-1]._replace(proof=proof)], verify, erased)
    assert [each.body for each in step.apply] == [each.body for each in events]
    assert [envelope.decode(each.body).op for each in (*once, events[-1])] == ["complete", "put", "put", "delete"]
    assert [bool(each.hole) for each in events] == [False, True, True, False]
    assert [each.chain() for each in events[:-1]] == [each.chain() for each in once], "what is erased moves no chain"
    assert inside(BLOCKS["complete"]).encode() == events[0].body
    assert events[0].prev == genesis(LOG, EPOCH)
    assert CITY in Directory(contents()).readers(LOG)
    assert parsed("put-parent")["data"]["title"] == activity().title
    assert parsed("put-parent")["time"] == BEGAN.isoformat()


def test_directory_token_and_proof_of_the_page_are_read_by_the_code() -> None:
    charter, part = msgspec.convert(parsed("charter"), Charter), msgspec.convert(parsed("directory"), Part)
    county = msgspec.convert(parsed("descriptor"), Descriptor)
    assert charter.registrars[0].may_define(county.id)
    assert descriptors.thumbprint(county.root) == part.entries[0].root
    shown = descriptors.jwks(county.keys)
    directory = Directory(contents())
    for use in ("event", "enc"):
        assert jose.read_key(shown[use][0]).thumbprint() == directory.keys(COUNTY, use)[0].thumbprint()
    claims, proof = msgspec.convert(parsed("token"), Claims), msgspec.convert(parsed("proof"), Proof)
    (key,) = directory.keys(proof.iss, "request")
    assert claims.cnf == key.thumbprint()
