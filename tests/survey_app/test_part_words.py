"""What the job keeps of words, and what the pages read of it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

import words_cases as cases
from analysis.sentences import sentences
from analysis.terms import Selection
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import AuditEvent, Campaign, Testimony, TextVersion
from survey_app.runtime import Runtime
from survey_app.services import (
    analyses,
    concordance_reading,
    corpus,
    journal_words,
    lexicon_reading,
    part_words,
    word_choices,
)
from tests.analysis.word_cases import said_of, texts
from words_cases import concordance


@pytest.fixture
def spoken(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> cases.Spoken:
    return cases.spoken(runtime, monkeypatch)


def test_every_count_of_the_lexicon_is_the_number_of_lines_of_its_word(
    spoken: cases.Spoken,
) -> None:
    with spoken.runtime.database.reading() as session:
        reader = spoken.actors["councillor"]
        found = lexicon_reading.lexicon(session, reader, spoken.campaign, spoken.run, "mots")
        loaded = corpus.load(session, reader, spoken.campaign)
    assert found is not None
    said = said_of(loaded.corpus)
    counts = Counter(token.lemma for tokens in said.values() for token in tokens)
    voices = {lemma: sum(lemma in {t.lemma for t in s} for s in said.values()) for lemma in counts}
    assert {word.lemma: word.count for word in found.words} == {
        lemma: count for lemma, count in counts.items() if voices[lemma] > 1
    }
    assert found.lone == sum(count == 1 for count in voices.values())
    for word in found.words:
        lines = concordance(spoken, word.lemma)
        assert lines is not None
        assert (lines.total, lines.said_by) == (word.count, word.testimonies)


def test_the_list_is_narrowed_by_kind_and_beginning_without_accents(spoken: cases.Spoken) -> None:
    with spoken.runtime.database.reading() as session:
        told = session, spoken.actors["councillor"], spoken.campaign, spoken.run
        found = lexicon_reading.lexicon(*told, "mots", "", "ARRE")
        assert found is not None
        assert [word.display.lower() for word in found.words] == ["arrêt"]
        none = lexicon_reading.lexicon(*told, "mots", "ADV", "")
        assert none is not None
        assert (none.words, none.found) == ((), 0)
        with pytest.raises(NotFound):
            lexicon_reading.lexicon(*told, "mots", page=9)
        with pytest.raises(NotFound):
            lexicon_reading.lexicon(*told, "autre")
        assert lexicon_reading.lexicon(*told[:3], None, "mots") is None


@pytest.mark.parametrize(
    ("count", "testimonies", "between", "meetings", "words"),
    [
        (4, 4, 0.0, 9, ""),
        (30, 10, 0.1, 9, "concentré dans peu de témoignages"),
        (30, 29, 0.1, 1, ""),
        (30, 29, 0.4, 9, "dit un peu partout"),
        (30, 29, 0.7, 9, "plus dit dans certaines rencontres"),
        (30, 29, 0.9, 9, "dit à peu de rencontres"),
    ],
)
def test_how_a_word_spreads_is_said_in_words(
    count: int, testimonies: int, between: float, meetings: int, words: str
) -> None:
    assert lexicon_reading.spread(count, testimonies, between, meetings) == words


def test_lines_stand_in_three_orders_and_show_their_whole_sentence(spoken: cases.Spoken) -> None:
    orders = {order: concordance(spoken, "navette", order) for order in concordance_reading.ORDERS}
    shown = {
        order: [(line.testimony, len(line.before), line.left) for line in found.lines]
        for order, found in orders.items()
        if found
    }
    assert len({tuple(map(str, lines)) for lines in shown.values()}) == 3
    assert [line[0] for line in shown["lecture"]] == sorted(line[0] for line in shown["lecture"])
    for found in orders.values():
        assert found is not None
        assert found.total == 3 * cases.MANY + cases.FEW == len(found.lines)
        for line in found.lines:
            sentence = line.before + line.said + line.after
            assert line.said.lower() == "navette" == line.key.lower()
            assert sentence.endswith(".")
            assert line.before.endswith(line.left) or line.left.endswith(line.before)
            assert line.after.startswith(line.right) or line.right.startswith(line.after)
            assert line.citable == (line.testimony % 2 == 1)
    with pytest.raises(NotFound):
        concordance(spoken, "navette", "hasard")
    with pytest.raises(NotFound):
        concordance(spoken, "navette", page=2)


def test_a_form_without_its_accents_finds_its_word_and_an_unknown_one_nothing(
    spoken: cases.Spoken,
) -> None:
    for asked in ("arrêt", "ARRET", "Arrêt "):
        found = concordance(spoken, asked)
        assert found is not None
        assert found.total == cases.MANY
    alone = concordance(spoken, "rosiers")
    assert alone is not None
    assert alone.said_by == 1
    assert concordance(spoken, "licorne") is None
    assert concordance(spoken, "<script>") is None


def test_a_text_that_changed_since_is_left_out_and_counted(spoken: cases.Spoken) -> None:
    with spoken.runtime.database.writing() as session:
        first = session.scalars(select(Testimony).where(Testimony.number == 15)).one()
        session.add(
            TextVersion(
                council_id=first.council_id,
                testimony_id=first.id,
                kind="masked",
                sequence=9,
                text="Tout a changé ici.",
            )
        )
    found = concordance(spoken, "navette")
    assert found is not None
    assert found.changed == 3
    assert 15 not in {line.testimony for line in found.lines}


def test_choices_are_kept_journalled_and_count_from_the_next_run(spoken: cases.Spoken) -> None:
    desk = spoken.actors["coordinator"]
    with spoken.runtime.database.writing() as session:
        campaign = session.get_one(Campaign, spoken.campaign.id)
        stamp = word_choices.stamp(campaign)
        word_choices.set_aside(session, desk, campaign, "Navette")
        assert word_choices.current(campaign).added == ("navette",)
        with pytest.raises(Conflict, match="autre personne"):
            word_choices.save(session, desk, campaign, Selection().as_dict(), stamp)
        with pytest.raises(Invalid, match="sorte"):
            word_choices.save(session, desk, campaign, {"kinds": []})
        with pytest.raises(Forbidden):
            word_choices.set_aside(session, spoken.actors["councillor"], campaign, "palier")
        found = lexicon_reading.lexicon(session, desk, campaign, spoken.run, "mots")
        assert found is not None
        assert found.outdated
        assert [word.lemma for word in found.words if word.aside] == ["navette"]
    cases.analysed(spoken.runtime, spoken.campaign, desk)
    with spoken.runtime.database.writing() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "words_chosen"))
        assert journal_words.action(event) == "mots de l’analyse choisis"
        assert journal_words.details(event) == "expressions : 0, mots remis : 0, mots écartés : 1"
        campaign = session.get_one(Campaign, spoken.campaign.id)
        run = analyses.latest(session, desk, campaign)
        now = lexicon_reading.lexicon(session, desk, campaign, run, "mots")
        assert now is not None
        assert not now.outdated
        assert "navette" not in {word.lemma for word in now.words}
        word_choices.take_back(session, desk, campaign, "navette")
        assert word_choices.current(campaign) == Selection()


def test_sequences_are_listed_and_open_where_the_campaign_counts_them(
    spoken: cases.Spoken,
) -> None:
    desk = spoken.actors["coordinator"]
    with spoken.runtime.database.writing() as session:
        campaign = session.get_one(Campaign, spoken.campaign.id)
        word_choices.save(session, desk, campaign, {"ngrams": 2, "kinds": ["NOUN"]})
    run = cases.analysed(spoken.runtime, spoken.campaign, desk)
    again = cases.Spoken(spoken.runtime, spoken.campaign, spoken.actors, run)
    with spoken.runtime.database.reading() as session:
        found = lexicon_reading.lexicon(session, desk, spoken.campaign, run, "suites")
    assert found is not None
    assert {"navette retard", "chauffage palier"} <= {word.lemma for word in found.words}
    lines = concordance(again, "navette retard")
    assert lines is not None
    assert lines.total == 2 * cases.MANY
    assert part_words.part_of("navette retard").startswith("concordance-")


@given(texts, st.data())
def test_a_passage_is_shown_with_its_whole_sentences(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = concordance_reading.around(text, start, end)
    assert 0 <= first <= start < end <= last <= len(text)
    for span in sentences(text):
        whole = first <= span.start and span.end <= last
        assert whole or span.end <= start or span.start >= end
