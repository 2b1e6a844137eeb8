from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from analysis.codebook import load
from analysis.corpus import Corpus
from analysis.pictures import HIDDEN
from analysis.synthesis import (
    Edit,
    SnapshotError,
    check,
    draft,
    fingerprint,
    from_dict,
    quotations,
    to_dict,
    with_edits,
)
from tests.analysis.strategies import corpora
from tests.analysis.synthesis_cases import said_by, words

CODEBOOK = load()
OPPOSED = ((0, "LOG1", "positive", "ressource"), (1, "LOG1", "négative", "proposition"))


def test_sentence_on_who_was_heard() -> None:
    heard = draft(said_by(*OPPOSED), CODEBOOK).heard
    assert heard.representativeness.startswith(
        "Cette synthèse repose sur 4 témoignages recueillis lors de 2 rencontres avec 10 personnes,"
        " entre le 1er mars 2024 et le 9 mars 2024. Ce n'est pas un échantillon représentatif : les"
        " personnes ont été rencontrées là où l'équipe est allée (la place et le hall)."
    )
    assert heard.representativeness.endswith("ils ne disent pas quelle part du quartier le pense.")


def test_small_numbers_of_women_or_men_are_hidden_and_said_missing() -> None:
    corpus = said_by(*OPPOSED)
    first = replace(corpus.meetings[0], present_women=30, present_men=4)
    heard = draft(replace(corpus, meetings=(first, corpus.meetings[1])), CODEBOOK).heard
    assert (heard.present_women, heard.present_men) == (None, None)
    assert "Ont été peu entendus : les hommes." in heard.representativeness


def test_neighbourhood_without_testimony_is_named() -> None:
    corpus = said_by(*OPPOSED)
    place = replace(corpus.campaign.neighbourhoods[0], code="QN03402I", name="La Plaine")
    campaign = replace(corpus.campaign, neighbourhoods=(*corpus.campaign.neighbourhoods, place))
    heard = draft(replace(corpus, campaign=campaign), CODEBOOK).heard
    assert heard.missing == "Aucun témoignage ne vient de : La Plaine."


def test_signed_reviewed_and_coded_is_no_longer_a_draft() -> None:
    corpus = said_by(*OPPOSED)
    assert draft(corpus, CODEBOOK).draft
    assert not draft(corpus, CODEBOOK, status="validée").draft
    unread = replace(
        corpus,
        testimonies=(replace(corpus.testimonies[0], reviewed=False), *corpus.testimonies[1:]),
    )
    assert draft(unread, CODEBOOK, status="validée").draft
    uncoded = draft(replace(corpus, codings=()), CODEBOOK, status="validée")
    assert uncoded.draft
    assert uncoded.identity.reasons == ("Aucun extrait n'a encore été codé.",)


def test_uncoded_campaign_shows_words_and_says_so() -> None:
    spoken = words(("quartier", 60, 30), ("banc", 9, 4), ("unique", 8, 1))
    synthesis = draft(replace(said_by(*OPPOSED), codings=()), CODEBOOK, words=spoken)
    assert synthesis.exploratory is not None
    assert "ce document ne contient aucun constat" in synthesis.exploratory.note
    assert synthesis.exploratory.words == (("quartier", "60", "30"), ("banc", HIDDEN, HIDDEN))
    assert synthesis.findings == ()
    assert "pas pu être cherchés" in synthesis.silence


def test_empty_disagreements_say_why() -> None:
    agreed = said_by((0, "LOG1", "positive", ""), (1, "LOG1", "positive", ""))
    assert "en désaccord n'ont peut-être pas été rencontrées" in draft(agreed, CODEBOOK).silence
    assert draft(said_by(*OPPOSED), CODEBOOK).silence == ""


def test_annex_lists_every_excerpt_behind_every_count() -> None:
    corpus = said_by(*[(who, "LOG1", "", "") for who in range(4)] * 3, citable=("yes", "no"))
    trace = draft(corpus, CODEBOOK).trace
    assert len(trace.rows) == 12
    assert {row.coders for row in trace.rows} == {("codeur A",), ("codeur B",)}
    assert {row.quotation.testimony for row in trace.rows if row.quotation.quote is None} == {
        "t1",
        "t3",
    }
    assert (trace.exclusions, trace.maskings) == ((("retrait", 1),), (("PRÉNOM", 4),))


def test_limits_print_the_exception_and_what_is_not_classified() -> None:
    corpus = said_by(*OPPOSED, (2, "AUT", "", ""), (3, "INC", "", ""))
    campaign = replace(corpus.campaign, single_person_exception=True)
    said = " ".join(draft(replace(corpus, campaign=campaign), CODEBOOK).limits)
    assert "une même personne a pu recueillir et relire" in said
    assert "Sur 4 extraits codés, 1 relève d'un autre thème (AUT) et 1 reste à classer" in said
    assert "2 témoignages ne sont pas encore prêts" in said


def test_edits_replace_sentences_and_set_findings_aside() -> None:
    corpus = said_by(*OPPOSED, (2, "CAD1", "", ""), (3, "CAD1", "", ""))
    synthesis = draft(corpus, CODEBOOK)
    edited = with_edits(
        synthesis,
        {
            "LOG": Edit(sentence="On ne dit pas la même chose du logement.", quotes=("É-0001",)),
            "CAD": Edit(kept=False),
        },
    )
    (finding,) = edited.findings
    assert finding.sentence == "On ne dit pas la même chose du logement."
    assert finding.nuance == synthesis.findings[0].nuance
    assert [item.id for item in finding.excerpts] == ["É-0001"]
    assert edited.essentials.disagreements == (finding.sentence,)
    assert edited.set_aside == 1
    assert {row.theme for row in edited.trace.rows} == {"LOG"}
    assert len(edited.pictures[0].rows) == 1
    assert check(edited, corpus, CODEBOOK) == []
    assert with_edits(synthesis, {}) == synthesis


def test_check_sees_a_false_number_in_a_sentence() -> None:
    corpus = said_by(*OPPOSED)
    false = Edit(sentence="3 témoignages sur 4, dans 2 rencontres sur 2, se plaignent.")
    (problem,) = check(with_edits(draft(corpus, CODEBOOK), {"LOG": false}), corpus)
    assert "ne confirment pas" in problem


def test_check_sees_a_false_number_in_a_nuance_too() -> None:
    corpus = said_by(*OPPOSED)
    false = Edit(nuance="29 témoignages sur 31, dans 9 rencontres sur 9, disent autre chose.")
    (problem,) = check(with_edits(draft(corpus, CODEBOOK), {"LOG": false}), corpus)
    assert "ne confirment pas" in problem


def test_check_refuses_words_pasted_from_who_did_not_consent() -> None:
    """Not quoting somebody also means not writing their words in one's own sentence."""
    words = "Je ne veux surtout pas que l'on répète ce que je dis du gardien."
    pasted = Edit(sentence=f"Voix isolée : {words.lower()}")
    for citable, phrases, refused in (
        ("no", (), True),
        ("approved", ("ce que je dis",), True),
        ("approved", (words,), False),
        ("yes", (), False),
    ):
        corpus = said_by(*OPPOSED, texts=("Un.", "Deux.", "Trois.", words))
        *others, last = corpus.testimonies
        one = replace(last, citable=citable, approved_phrases=phrases)
        corpus = replace(corpus, testimonies=(*others, one))
        found = check(with_edits(draft(corpus, CODEBOOK), {"LOG": pasted}), corpus)
        assert any("mot pour mot" in line for line in found) is refused, (citable, phrases)


def test_check_sees_withdrawal_changed_text_and_lost_consent() -> None:
    corpus = said_by(*OPPOSED)
    synthesis = draft(corpus, CODEBOOK)
    first, *others = corpus.testimonies
    withdrawn = Corpus(
        corpus.campaign, corpus.meetings, tuple(others), corpus.excerpts[1:], corpus.codings[1:]
    )
    assert any("n'est plus dans la campagne" in line for line in check(synthesis, withdrawn))
    silent = replace(corpus, testimonies=(replace(first, citable="no"), *others))
    assert any("n'a pas accepté" in line for line in check(synthesis, silent))
    forged = replace(synthesis.findings[0].excerpts[0], quote="Autre chose")
    finding = replace(synthesis.findings[0], excerpts=(forged,))
    assert any(
        "ne correspond plus au texte" in line
        for line in check(replace(synthesis, findings=(finding,)), corpus)
    )


def test_check_with_the_codebook_sees_new_codings() -> None:
    synthesis = draft(said_by(*OPPOSED), CODEBOOK)
    more = said_by(*OPPOSED, (2, "LOG1", "", ""))
    assert any("les codages ont changé" in line for line in check(synthesis, more, CODEBOOK))


@settings(max_examples=25, deadline=None)
@given(corpora())
def test_draft_is_true_and_survives_storage(corpus: Corpus) -> None:
    synthesis = draft(corpus, CODEBOOK)
    assert check(synthesis, corpus, CODEBOOK) == []
    stored = json.loads(json.dumps(to_dict(synthesis)))
    assert from_dict(stored) == synthesis
    assert fingerprint(from_dict(stored)) == fingerprint(synthesis)
    for item in quotations(synthesis):
        assert item.quote is None or corpus.testimony_by_id[item.testimony].may_quote(item.quote)


def test_fingerprint_changes_with_one_word() -> None:
    synthesis = draft(said_by(*OPPOSED), CODEBOOK)
    assert fingerprint(replace(synthesis, question="Autre ?")) != fingerprint(synthesis)


@pytest.mark.parametrize(
    ("part", "value"),
    [("findings", None), ("question", 3), ("heard", []), ("set_aside", True), ("pictures", [{}])],
)
def test_damaged_snapshot_says_which_part(part: str, value: object) -> None:
    stored = to_dict(draft(said_by(*OPPOSED), CODEBOOK))
    with pytest.raises(SnapshotError, match=f"partie « synthèse.{part}"):
        from_dict({**stored, part: value})
    del stored[part]
    with pytest.raises(SnapshotError, match=part):
        from_dict(stored)
