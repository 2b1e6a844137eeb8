"""The damages seen in files of other programs: passages come back where their words are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import refi
from analysis.refi.repair import Passage, agrees, carried, plain, settle
from tests.analysis import refi_cases as cases

TEXT = "Le hall est sale.\nOn attend 😀 depuis mars.\nL’ascenseur tombe en panne.\nMerci à vous."
WORDS = ("hall est sale", "On attend 😀 depuis mars", "ascenseur tombe", "Merci à vous")
SPANS = [(TEXT.index(words), TEXT.index(words) + len(words)) for words in WORDS]


def counted(units: bool, returns: bool, shift: int, named: bool = True) -> list[Passage]:
    """The passages as a program that counts so would write them."""

    def told(position: int) -> int:
        before = TEXT[:position]
        extra = before.count("\n") * returns + sum(char > "\uffff" for char in before) * units
        return position + extra + shift

    return [
        Passage(told(start), told(end), TEXT[start:end] if named else "") for start, end in SPANS
    ]


@pytest.mark.parametrize("shift", [0, 1, -1])
@pytest.mark.parametrize("returns", [False, True])
@pytest.mark.parametrize("units", [False, True])
@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT])
def test_whatever_was_counted_the_words_are_found(
    text: str, units: bool, returns: bool, shift: int
) -> None:
    settled = settle(text, counted(units, returns, shift))
    assert settled.text == TEXT
    assert list(settled.spans) == SPANS
    said = {"units": units, "returns": returns, "byte_mark": shift != 0}
    assert set(settled.mended) == {word for word, used in said.items() if used}
    assert settled.moved == 0


def test_passages_without_names_keep_their_positions() -> None:
    settled = settle(TEXT, counted(False, False, 0, named=False))
    assert list(settled.spans) == SPANS
    assert settled.mended == ()


def test_a_changed_text_without_names_is_said_to_be_unchecked() -> None:
    settled = settle(TEXT.replace("\n", "\r\n"), counted(False, False, 0, named=False))
    assert list(settled.spans) == SPANS
    assert settled.mended == ("unchecked",)


def test_a_name_that_is_no_quotation_moves_nothing() -> None:
    passages = [Passage(*SPANS[0], "Extrait 1"), Passage(*SPANS[1], "Une belle attente")]
    settled = settle(TEXT, passages)
    assert list(settled.spans) == SPANS[:2]
    assert settled.mended == ()


def test_one_passage_out_of_place_goes_where_its_words_are() -> None:
    passages = [Passage(start, end, TEXT[start:end]) for start, end in SPANS]
    passages[2] = Passage(1, 4, "L’ascenseur  tombe")
    settled = settle(TEXT, passages)
    assert settled.moved == 1
    span = settled.spans[2]
    assert span is not None
    assert TEXT[slice(*span)] == "L’ascenseur tombe"
    assert [settled.spans[rank] for rank in (0, 1, 3)] == [SPANS[rank] for rank in (0, 1, 3)]


def test_words_that_are_there_twice_are_doubtful() -> None:
    settled = settle("Un banc ici, un banc là, un banc ici.", [Passage(2, 5, "un banc ")])
    assert settled.spans == (None,)
    assert settled.doubtful == {0}


def test_a_cut_name_tells_the_beginning_and_the_length_tells_the_end() -> None:
    text = "Un préambule assez court. " + "Le soir, l’éclairage du passage est en panne. " * 1
    text += "On rentre à tâtons depuis le mois de mars."
    begin = text.index("Le soir")
    name = text[begin : begin + 40]
    settled = settle(text, [Passage(3, 3 + len(text) - begin, name)])
    assert settled.spans == ((begin, len(text)),)


@pytest.mark.parametrize("span", [(5, 5), (9, 2), (-1, 3), (0, 10_000)])
def test_a_position_out_of_its_text_is_left_out(span: tuple[int, int]) -> None:
    assert settle(TEXT, [Passage(*span)]).spans == (None,)


def test_names_agree_spaces_aside_and_cut_when_they_say_so() -> None:
    assert agrees("Le hall\nest  sale", "Le hall est sale")
    assert agrees("Le hall est sale depuis un an", "Le hall est…")
    assert not agrees("Le hall est sale", "Le hall")
    assert not agrees("Le hall est sale", "…")


@given(cases.TEXTS, st.data())
def test_every_passage_survives_returns(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    raw = "\ufeff" + text.replace("\n", "\r\n")
    lifted = [1 + place + text[:place].count("\n") for place in (start, end)]
    assert plain(raw) == text
    assert carried(raw, lifted) == [start, end]


def test_files_as_they_are_met_are_read_and_what_was_mended_is_said() -> None:
    path = f"sources/{cases.guid(2)}.txt"
    placed = [(start, end, TEXT[start:end]) for start, end in SPANS]
    later = [(start + 1, end + 1, words) for start, end, words in placed]
    upper = {path.upper(): TEXT.encode()}
    rich = f'richTextPath="internal://{cases.guid(2)}.txt"'
    met = {
        "byte_mark": cases.archive(cases.document(later), **{path: ("\ufeff" + TEXT).encode()}),
        "folder": cases.archive(cases.document(placed), **upper),
        "rich_path": cases.archive(cases.document(placed, rich), **{path: TEXT.encode()}),
        "encoding": cases.archive(cases.document(placed), **{path: TEXT.encode("utf-16")}),
    }
    for kind, data in met.items():
        reading = refi.read(data)
        source = reading.project.sources[0]
        found = [source.text[item.start : item.end] for item in source.selections]
        assert found == list(WORDS), kind
        assert [item.kind for item in reading.remarks] == [kind]


def test_a_project_named_otherwise_with_its_text_inside_and_empty_sets() -> None:
    inline = f'name="x"><PlainTextContent>{TEXT}</PlainTextContent'
    placed = [(start, end, TEXT[start:end]) for start, end in SPANS]
    document = cases.document(placed, "", "<Sets/>")
    document = document.replace(f' plainTextPath="internal://{cases.guid(2)}.txt"', "")
    document = document.replace('name="entretien"', inline)
    reading = refi.read(cases.zipped({"Mon projet.qde": document}))
    assert reading.project.sources[0].text == TEXT
    assert len(reading.project.sources[0].selections) == 4
    assert [item.kind for item in reading.remarks] == ["folder"]


def test_what_cannot_be_read_is_listed() -> None:
    other = (
        f'<PDFSource guid="{cases.guid(7)}" name="Plan"/>'
        f'<TextSource guid="{cases.guid(8)}" name="Dehors" plainTextPath="absolute:///x.txt"/>'
        f'<TextSource guid="{cases.guid(9)}" name="Parti" plainTextPath="internal://y.txt"/>'
        f'<TextSource guid="{cases.guid(10)}" name="Beau" richTextPath="internal://y.docx"/>'
        "</Sources>"
    )
    links = f'<Links><Link guid="{cases.guid(11)}" name="cause"/></Links>'
    document = cases.document([(0, 4, ""), (900, 901, "")], sets=links)
    document = document.replace("</Sources>", other).replace(
        f'<CodeRef targetGUID="{cases.guid(1)}"', f'<CodeRef targetGUID="{cases.guid(77)}"', 1
    )
    path = f"sources/{cases.guid(2)}.txt"
    reading = refi.read(cases.archive(document, **{path: TEXT.encode()}))
    said = {(item.kind, item.about) for item in reading.remarks}
    assert said == {
        ("PDFSource", "Plan"),
        ("outside", "Dehors"),
        ("missing", "Parti"),
        ("rich_text", "Beau"),
        ("link", "cause"),
        ("position", "entretien"),
        ("unknown_ref", "entretien"),
    }


def test_two_codes_of_one_name_are_said() -> None:
    twin = f'<Code guid="{cases.guid(3)}" name="LOG1" isCodable="true"/></Codes>'
    document = cases.document([]).replace("</Codes>", twin)
    reading = refi.read(cases.archive(document, **{f"sources/{cases.guid(2)}.txt": b"x"}))
    assert [(item.kind, item.about, item.count) for item in reading.remarks] == [
        ("twice", "LOG1", 2)
    ]
