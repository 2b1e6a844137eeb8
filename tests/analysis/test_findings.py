from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from analysis.codebook import load
from analysis.corpus import Corpus, Excerpt
from analysis.findings import Finding, draft_findings, is_supported
from analysis.quotations import representative
from analysis.tables import counts_by_theme
from tests.analysis.strategies import corpora
from tests.analysis.synthesis_cases import said_by

CODEBOOK = load()


def only(corpus_findings: tuple[Finding, ...]) -> Finding:
    (finding,) = corpus_findings
    return finding


@pytest.mark.parametrize(
    ("said", "nature", "phrase"),
    [
        ([(0, "LOG1", "négative", "")], "voix_minoritaire", "voix isolée"),
        (
            [(0, "LOG1", "négative", "vécu"), (1, "LOG2", "négative", "besoin")],
            "accord",
            "2 en parlent de façon négative, et aucun de façon contraire.",
        ),
        (
            [(0, "LOG1", "positive", ""), (1, "LOG", "négative", "")],
            "divergence",
            "1 en parle de façon positive, 1 de façon négative",
        ),
        (
            [(0, "LOG1", "négative", "")] + [(who, "LOG1", "positive", "") for who in (1, 2, 3)],
            "voix_minoritaire",
            "3 en parlent de façon positive ; une voix isolée, de façon négative.",
        ),
        (
            [(0, "LOG1", "positive", "ressource"), (1, "LOG1", "positive", "ressource")],
            "ressource",
            "2 y voient une chose qui marche.",
        ),
        (
            [(0, "LOG1", "", "proposition"), (1, "LOG1", "", "proposition")],
            "proposition",
            "2 font une proposition.",
        ),
        (
            [(0, "LOG1", "positive", ""), (0, "LOG2", "négative", ""), (1, "LOG1", "neutre", "")],
            "accord",
            "Un même témoignage",
        ),
    ],
)
def test_nature_follows_the_facets(
    said: list[tuple[int, str, str, str]], nature: str, phrase: str
) -> None:
    finding = only(draft_findings(said_by(*said), CODEBOOK))
    assert finding.nature == nature
    assert phrase in finding.sentence
    assert is_supported(finding)


def test_sentence_gives_both_totals_and_no_percentage() -> None:
    corpus = said_by((0, "LOG1", "", ""), (2, "LOG1", "", ""), testimonies=62)
    finding = only(draft_findings(corpus, CODEBOOK))
    assert finding.sentence.startswith("2 témoignages sur 62, dans 1 rencontre sur 2, parlent du")
    assert "%" not in finding.sentence
    assert finding.counts.people == 1 + 3
    assert "tonalité" in finding.limit


def test_disagreement_holds_both_positions() -> None:
    corpus = said_by((0, "CAD1", "positive", ""), (1, "CAD1", "négative", ""))
    good, bad = only(draft_findings(corpus, CODEBOOK)).positions
    assert [item.testimony for item in good.quotations] == ["t0"]
    assert [item.testimony for item in bad.quotations] == ["t1"]
    assert (good.testimonies, bad.testimonies) == (1, 1)


def test_words_without_consent_count_and_are_not_printed() -> None:
    corpus = said_by((0, "LOG1", "", ""), (1, "LOG1", "", ""), citable=("no",))
    finding = only(draft_findings(corpus, CODEBOOK))
    assert finding.counts.testimonies == 2
    assert [item.quote for item in finding.excerpts] == [None, None]
    assert "Aucun de ces extraits ne peut être cité." in finding.limit


def test_representative_takes_other_meetings_and_testimonies_first() -> None:
    corpus = said_by(*[(who, "LOG1", "", "") for who in (0, 0, 2, 1)])
    chosen = representative(corpus, corpus.excerpts, most=3)
    assert [item.testimony for item in chosen] == ["t0", "t1", "t2"]


def test_representative_prefers_a_readable_length() -> None:
    corpus = said_by((0, "LOG1", "", ""), texts=["mot " * 30])
    short = Excerpt("court", 1, "t0", 0, 3, "mot")
    long = Excerpt("long", 2, "t0", 0, 60, corpus.testimonies[0].text[:60])
    assert [item.excerpt for item in representative(corpus, [short, long], most=1)] == ["long"]


def test_a_lone_testimony_must_be_called_so() -> None:
    finding = only(draft_findings(said_by((0, "LOG1", "", ""), (0, "LOG2", "", "")), CODEBOOK))
    assert is_supported(finding)
    assert not is_supported(replace(finding, sentence="Tout le monde le dit."))


@settings(max_examples=60, deadline=None)
@given(corpora(coded=True))
def test_counts_are_those_of_the_tables_and_of_the_support(corpus: Corpus) -> None:
    tables = counts_by_theme(corpus, CODEBOOK)
    findings = draft_findings(corpus, CODEBOOK)
    assert {item.theme for item in findings} == {
        theme.code for theme in CODEBOOK.themes if tables[theme.code].testimonies
    }
    for finding in findings:
        assert finding.counts == tables[finding.theme]
        speakers = {corpus.excerpt_by_id[item].testimony for item in finding.support}
        assert len(speakers) == finding.counts.testimonies
        for item in finding.excerpts:
            testimony = corpus.testimony_by_id[item.testimony]
            assert item.quote in (None, testimony.text[item.start : item.end])
            assert item.quote is None or testimony.may_quote(item.quote)
        assert is_supported(finding)
