"""A campaign is cut by who speaks or by what is said, and a word falls where it was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings

from analysis import codebook
from analysis.corpus import Coding, Corpus, Excerpt
from analysis.groups import Group, available, by_quarter, themes
from tests.analysis.campaign_cases import campaign
from tests.analysis.strategies import corpora

BOOK = codebook.load()


def coded(corpus: Corpus, *rows: tuple[int, int, str, str]) -> Corpus:
    """Excerpts of the first testimony: start, end, code, evaluation axis."""
    text = corpus.testimonies[0].text
    excerpts = tuple(
        Excerpt(f"x{rank}", rank + 1, "t0", start, end, text[start:end])
        for rank, (start, end, _, _) in enumerate(rows)
    )
    codings = tuple(
        Coding(f"x{rank}", code, "a", {"axe_evaluation": axis} if axis else {})
        for rank, (_, _, code, axis) in enumerate(rows)
    )
    return replace(corpus, excerpts=excerpts, codings=codings)


def group(found: tuple[Group, ...], key: str) -> Group:
    return next(one for one in found if one.key == key)


def test_places_and_profiles_hold_whole_testimonies() -> None:
    ages = [{"age": "15_25"}, {}, {"age": "26_40"}]
    corpus = campaign(["un", "deux", "trois"], ["B", "A", "A"], ages)
    found = available(corpus, BOOK)
    assert [one.key for one in found] == ["quartier", "age"]
    places, people = found
    assert places.parts == (("A", "Quartier A"), ("B", "Quartier B"))
    assert places.spans["t0"] == ((0, 2, 1),)
    assert people.parts == (("15_25", "15_25"), ("26_40", "26_40"), ("non dit", "non dit"))
    assert people.parts_at("t1", 3) == (2,)
    assert (places.kind, people.kind) == ("meeting", "profile")
    assert all(one.sensitive and one.whole for one in found)


def test_themes_and_axes_hold_the_passages_of_their_excerpts() -> None:
    corpus = coded(
        campaign(["le bus passe loin du parc"]),
        (0, 12, "MOB1", "1 contexte"),
        (3, 17, "MOB", "2 réalisations et impacts"),
        (13, 25, "CAD2", ""),
    )
    found = available(corpus, BOOK)
    by_theme = group(found, "theme")
    assert [key for key, _ in by_theme.parts] == ["CAD", "MOB"]
    assert by_theme.spans == {"t0": ((0, 17, 1), (13, 25, 0))}
    assert by_theme.parts_at("t0", 13) == (0, 1)
    assert by_theme.parts_at("t0", 12) == (1,)
    assert not by_theme.sensitive
    axes = group(found, "axe_evaluation")
    assert axes.parts_at("t0", 3) == (0, 1)
    assert axes.sensitive
    assert not axes.whole


def test_quarters_stand_in_for_the_waves_that_nobody_named() -> None:
    days = [date(2026, 1, 2), date(2026, 3, 31), date(2026, 4, 1), None]
    corpus = campaign(["un", "deux", "trois", "quatre"], ["A", "A", "B", "B"], days=days)
    quarters = group(available(corpus, BOOK), "trimestre")
    assert quarters.parts == (
        ("2026-T1", "janvier à mars 2026"),
        ("2026-T2", "avril à juin 2026"),
        ("non dit", "non dit"),
    )
    assert [quarters.parts_at(f"t{rank}", 0) for rank in range(4)] == [(0,), (0,), (1,), (2,)]
    dated = replace(corpus.meetings[0], date=date(2026, 12, 31))
    undated = replace(corpus, meetings=(dated, corpus.meetings[1]))
    assert by_quarter(undated).parts == quarters.parts  # the day of a testimony comes first
    named = replace(
        corpus,
        meetings=tuple(replace(one, wave=f"vague {one.id}") for one in corpus.meetings),
    )
    found = available(named, BOOK)
    assert "trimestre" not in {one.key for one in found}
    assert group(found, "vague").parts == (("vague m-A", "vague m-A"), ("vague m-B", "vague m-B"))
    assert group(found, "vague").parts_at("t2", 1) == (1,)


def test_a_cut_of_a_single_part_or_of_too_many_is_not_offered() -> None:
    one_answer = [{"metier": f"métier {rank}"} for rank in range(41)]
    corpus = campaign(["un"] * 41, profiles=one_answer)
    assert available(corpus, BOOK) == ()
    fewer = campaign(["un"] * 40, profiles=one_answer[:40])
    assert [one.key for one in available(fewer, BOOK)] == ["metier"]


@settings(deadline=None)
@given(corpora(coded=True))
def test_every_cut_places_each_word_as_its_excerpts_say(corpus: Corpus) -> None:
    by_theme = themes(corpus, BOOK)
    for one in corpus.testimonies:
        for offset in range(len(one.text)):
            held = {
                theme.code
                for coding in corpus.codings
                for excerpt in (corpus.excerpt_by_id[coding.excerpt],)
                for theme in BOOK.themes
                if excerpt.testimony == one.id
                and excerpt.start <= offset < excerpt.end
                and coding.code in (theme.code, *(code.code for code in theme.codes))
            }
            assert {by_theme.parts[rank][0] for rank in by_theme.parts_at(one.id, offset)} == held
    for cut in available(corpus, BOOK):
        assert len(cut.parts) > 1
        if cut.whole:
            assert {one.id for one in corpus.testimonies} == cut.spans.keys()
            assert all(len(spans) == 1 for spans in cut.spans.values())
