"""What marks each part of a campaign: what the job keeps, what pages and files may show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import words_cases as cases
from analysis import concordance as pure
from survey_app.domain import NotFound
from survey_app.runtime import Runtime
from survey_app.services import (
    concordance_reading,
    corpus,
    groups_reading,
    part_groups,
    run_parts,
    run_pictures,
)
from tests.analysis.word_cases import corpus_of, said_of, texts
from words_cases import concordance

SHUT = (  # a masked part, the part that hides it, an unmarked word, no part at all
    ("Entretien collectif", "place"),
    ("Entretien individuel", "jardin"),
    ("Micro-trottoir", "navette"),
    ("x", "place"),
)


@pytest.fixture
def spoken(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> cases.Spoken:
    return cases.spoken(runtime, monkeypatch)


def cut(spoken: cases.Spoken, key: str) -> groups_reading.Cut:
    with spoken.runtime.database.reading() as session:
        return groups_reading.cut(session, spoken.actors["councillor"], spoken.run, key)


def test_each_part_has_its_words_and_each_number_its_lines(spoken: cases.Spoken) -> None:
    found = cut(spoken, "methode")
    shown = {part.key: part for part in found.parts}
    assert shown["Entretien collectif"].terms is None
    masked = [part for part in found.parts if part.terms is None]
    assert len(masked) > 1
    for part in found.parts:
        assert (part.more or part.less) == () or part.terms is not None
    themes = cut(spoken, "theme")
    housing = themes.part("LOG")
    assert {"chauffage", "humide"} <= {key.term for key in housing.more}
    assert "navette" in {key.term for key in housing.less}
    for key in housing.more:
        with spoken.runtime.database.reading() as session:
            reader = spoken.actors["councillor"]
            part = groups_reading.opened(session, reader, spoken.run, "theme", "LOG", key.term)
        lines = concordance(spoken, key.term, part=part)
        assert lines is not None
        assert (lines.total, lines.said_by) == (key.count, key.testimonies)
        assert {line.testimony for line in lines.lines} <= set(range(1, cases.MANY + 1))
        assert lines.lines == (concordance(spoken, key.term, part=part) or lines).lines


def test_a_masked_part_and_a_word_not_shown_stay_closed(spoken: cases.Spoken) -> None:
    reader = spoken.actors["councillor"]
    with pytest.raises(NotFound, match="masquée"):
        cut(spoken, "methode").part("Entretien collectif")
    with spoken.runtime.database.reading() as session:
        document = run_parts.get(session, reader, spoken.run, "specificites").document
        names = {key: name for key, _, name in document["groups"]}
        methods = run_parts.get(session, reader, spoken.run, names["methode"])
        masked = {rank for rank, part in enumerate(methods.document["parts"]) if part[2] is None}
        assert not masked & {span[3] for span in methods.document["spans"]}
        for part, word in SHUT:
            with pytest.raises(NotFound, match="toute la campagne"):
                groups_reading.opened(session, reader, spoken.run, "methode", part, word)
        with pytest.raises(NotFound):
            groups_reading.cut(session, reader, spoken.run, "signe")


def test_what_leaves_the_house_obeys_the_outside_threshold(spoken: cases.Spoken) -> None:
    reader = spoken.actors["councillor"]
    with spoken.runtime.database.reading() as session:
        parts = run_parts.listed(session, reader, spoken.run)
        rows = {part.name: part.rows for part in parts}
        assert rows["mots"]
        assert all(row[3] >= 2 for row in rows["mots"])
        assert "Rosiers" not in {row[0] for row in rows["mots"]}
        exported = [row for name in rows if name.startswith("specificites-") for row in rows[name]]
        assert exported
        assert all(row[4] >= 11 for row in exported if row[5] > 0)
        ages = cut(spoken, "age")
        young = ages.part("jeune")
        picture = run_pictures.one(session, spoken.run, young.picture)
    assert "partie=jeune" in picture.svg
    assert "par=age" in picture.svg
    assert {row[0] for row in picture.rows} <= {key.display for key in young.more + young.less}


def test_a_profile_question_is_named_by_its_own_words(spoken: cases.Spoken) -> None:
    with spoken.runtime.database.reading() as session:
        loaded = corpus.load(session, spoken.actors["coordinator"], spoken.campaign)
    labels = {"age": ("Quel âge avez-vous ?", {"jeune": "Moins de 30 ans"})}
    made = [*part_groups.made(cases.given(loaded, {}, labels))]
    (ages,) = [one for one in made if one.title == "Mots propres : Quel âge avez-vous ?"]
    assert isinstance(ages, run_parts.Part)
    assert [part[:2] for part in ages.document["parts"]] == [
        ["jeune", "Moins de 30 ans"],
        ["moins_jeune", "moins_jeune"],
    ]
    assert {row[0] for row in ages.rows} <= {"Moins de 30 ans", "moins_jeune"}
    (drawn,) = [one for one in made if one.title.endswith("quel âge avez-vous ? : Moins de 30 ans")]
    assert len(drawn.name) <= 40
    names = [one.name for one in made]
    assert len(set(names)) == len(names)


SPANS = st.dictionaries(
    st.integers(0, 5), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), max_size=3)
)


@given(st.lists(texts, max_size=6), SPANS)
def test_a_part_keeps_its_own_places_in_every_order(
    found: list[str], spans: dict[int, list[tuple[int, int]]]
) -> None:
    here = corpus_of(found)
    ranks = {one.id: rank for rank, one in enumerate(here.testimonies)}
    postings = pure.concordance(said_of(here), here, "bus")
    part = groups_reading.Opened("Partie", False, spans)
    inside = concordance_reading._inside(postings, part)
    for order, _ in concordance_reading.ORDERS.values():
        every = postings.places(order, 0, 1000)
        kept = tuple(one for one in every if part.holds(ranks[one.testimony], one.start))
        assert inside.places(order, 0, 1000) == kept
