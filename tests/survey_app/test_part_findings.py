"""What a run keeps for findings and near copies: every number and offset, whatever was said."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import codebook
from analysis.corpus import Campaign, Corpus, Meeting, Testimony
from analysis.findings import facet_values
from analysis.shared_passages import plain
from analysis.tables import counts_of, excerpts_of, totals
from preparing_cases import said_of
from survey_app.services import part_doubles, part_findings, run_parts
from tests.analysis.strategies import corpora

BOOK = codebook.load()


def given_of(corpus: Corpus) -> run_parts.Given:
    said = said_of(corpus)
    return run_parts.Given(corpus, BOOK, said, said, 5, {})


def lists(document: dict[str, Any]) -> list[dict[str, Any]]:
    found = [*document["repeated"], *document["tones"], *document["voices"]]
    return [*found, *document["kinds"].values()]


@settings(max_examples=60, deadline=None)
@given(corpora(coded=True))
def test_what_a_theme_keeps_is_what_was_coded(corpus: Corpus) -> None:
    *parts, table = [*part_findings.made(given_of(corpus)), None]
    themes = [theme for theme in BOOK.themes if excerpts_of(corpus, BOOK, theme.code)]
    if themes:
        table = parts.pop()
        assert (table.name, table.head) == (part_findings.TABLE, part_findings.HEAD)
        assert [row[0] for row in table.rows] == [theme.code for theme in themes]
    for part, theme in zip(parts, themes, strict=True):
        excerpts = excerpts_of(corpus, BOOK, theme.code)
        document = json.loads(json.dumps(part.document))
        assert part.name == f"constat-{theme.code}"
        counts = counts_of(corpus, excerpts)
        assert document["counts"] == [counts.testimonies, counts.meetings, counts.people]
        assert document["totals"][0] == totals(corpus).testimonies
        own = {excerpt.id: excerpt.testimony for excerpt in excerpts}
        assert all(own[key] == testimony for key, testimony in document["excerpts"])
        size = len(document["excerpts"])
        assert len({key for key, _ in document["excerpts"]}) == size
        named = [rank for rank, _ in document["chosen"]]
        named += [rank for pair in document["faced"] for rank in pair[:2]]
        for one in lists(document):
            assert len(one["shown"]) == min(one["excerpts"], part_findings.SHOWN)
            named += one["shown"]
        assert set(named) == set(range(size))


@settings(max_examples=60, deadline=None)
@given(corpora(coded=True))
def test_the_table_counts_testimonies_by_facet(corpus: Corpus) -> None:
    tables = [part for part in part_findings.made(given_of(corpus)) if part.rows]
    for row in tables[0].rows if tables else ():
        told = {excerpt.id: excerpt.testimony for excerpt in excerpts_of(corpus, BOOK, row[0])}
        under = (row[0], *(code.code for code in _theme(str(row[0])).codes))
        for column, facet, value in (
            (5, "tonalite", "positive"),
            (6, "tonalite", "négative"),
            (7, "tonalite", "partagée"),
            (8, "kind", "ressource"),
            (9, "kind", "proposition"),
        ):
            who = {
                told[coding.excerpt]
                for coding in corpus.codings
                if coding.code in under and value in facet_values(coding.facets, facet)
            }
            assert row[column] == len(who)


def _theme(code: str) -> codebook.Theme:
    return next(theme for theme in BOOK.themes if theme.code == code)


SENTENCES = st.sampled_from(
    [
        "Nous demandons que le bus de vingt heures soit rétabli au plus vite. ",
        "Les personnes qui travaillent le soir rentrent à pied, sans trottoir. ",
        "Le hall est sale depuis un an et le gardien ne passe plus. ",
        "É\u0301t\u0065\u0301 comme hiver, on attend 👩🏽‍🦱 ! ",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(SENTENCES, min_size=1, max_size=4), max_size=7))
def test_what_copies_share_is_the_same_words(texts: list[list[str]]) -> None:
    people = tuple(
        Testimony(f"t{rank}", rank + 1, "m", "", "".join(text)) for rank, text in enumerate(texts)
    )
    corpus = Corpus(Campaign("x", "x"), (Meeting("m", "R-01", "", ""),), people)
    (part,) = part_doubles.made(given_of(corpus))
    document = json.loads(json.dumps(part.document))
    known = [corpus.testimony_by_id[key] for key, *_ in document["testimonies"]]
    members = [rank for group in document["groups"] for rank in group["members"]]
    assert len(members) == len(set(members)) == document["together"]
    assert (document["found"], document["whole"]) == (len(document["groups"]), len(texts))
    for group, row in zip(document["groups"], part.rows, strict=True):
        size = len(group["members"])
        assert group["counts"] == [size, 1, size] == list(row[1:4])
        assert len(group["pairs"]) == min(size - 1, part_doubles.PAIRS)
        for one, two, similarity, shared in group["pairs"]:
            assert 0.8 <= group["lowest"] <= similarity <= 1
            for start, end, other, last in shared:
                assert plain(known[one].text[start:end]) == plain(known[two].text[other:last]) != ""
    same = {plain(person.text) for person in people}
    if not document["groups"]:
        long = [plain(person.text) for person in people]
        assert len(same) == len(long)
        assert part.head == ()


def test_a_large_group_keeps_a_few_pairs() -> None:
    text = "Nous demandons que le bus de vingt heures soit rétabli au plus vite."
    first = Testimony("t0", 1, "m", "", text)
    people = tuple(replace(first, id=f"t{rank}", number=rank + 1) for rank in range(600))
    corpus = Corpus(Campaign("x", "x"), (Meeting("m", "R-01", "", ""),), people)
    (part,) = part_doubles.made(given_of(corpus))
    (group,) = part.document["groups"]
    assert group["counts"] == [600, 1, 600]
    assert (len(group["members"]), len(group["pairs"])) == (500, 20)
    assert len(json.dumps(part.document)) < 40_000
