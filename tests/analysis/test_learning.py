"""Suggestions that learn: from the grid alone, then from codings; ranks, scores, words."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from pathlib import Path

import pytest

from analysis import codebook, french
from analysis.learning import Model, train
from analysis.learning_offers import FLOOR
from analysis.learning_taught import ENOUGH

BOOK = codebook.load()
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
SUBJECTS = {
    "LOG2": ("le loyer", "les charges", "la facture de chauffage"),
    "MOB1": ("le bus", "le tramway", "la navette du soir"),
    "CAD1": ("les poubelles", "les encombrants", "le tri des déchets"),
}
ENDS = (
    "nous inquiète", "a encore changé", "pose problème", "revient à chaque réunion",
    "coûte trop cher", "énerve mes voisins", "on en parle souvent", "fatigue tout le monde",
)  # fmt: skip


def lessons() -> tuple[list[str], list[tuple[str, ...]]]:
    """Every invented sentence, with its code."""
    pairs = [
        (f"{subject} {end}.".capitalize(), (code,))
        for code, subjects in SUBJECTS.items()
        for subject in subjects
        for end in ENDS
    ]
    return [text for text, _ in pairs], [codes for _, codes in pairs]


@pytest.fixture(scope="module")
def learned() -> Model:
    return train(*lessons(), BOOK)


def test_what_was_coded_is_suggested_first_and_codes_with_enough_codings_are_learned(
    learned: Model,
) -> None:
    said = ("La navette ne passe plus.", "Les déchets traînent.", "Mon loyer augmente.")
    first = [offers[0] for offers in learned.suggest(said)]
    assert [one.code for one in first] == ["MOB1", "CAD1", "LOG2"]
    assert [one.theme for one in first] == ["MOB", "CAD", "LOG"]
    assert set(learned.learned) == set(SUBJECTS)
    assert len(lessons()[0]) / len(SUBJECTS) >= ENOUGH


def test_ranks_scores_floor_and_words(learned: Model) -> None:
    texts = [*lessons()[0][:9], "Rien à dire", "Le médecin part, l’école aussi.", "Du travail"]
    for text, offers in zip(texts, learned.suggest(texts), strict=True):
        scores = [one.score for one in offers]
        assert scores == sorted(scores, reverse=True)
        assert 1 <= len(offers) <= 6
        assert len({one.code for one in offers}) == len(offers)
        assert all(FLOOR <= score <= 1 for score in scores)
        assert all(word in text.lower() for one in offers for word in one.words)
    assert "loyer" in learned.suggest(["Mon loyer augmente."])[0][0].words


def test_the_same_codings_always_suggest_the_same(learned: Model) -> None:
    texts = ["Le bus ou le loyer", "La place du marché"]
    assert train(*lessons(), BOOK).suggest(texts) == learned.suggest(texts)


def test_nothing_is_suggested_for_a_text_without_words(learned: Model) -> None:
    assert learned.suggest(["", "…", "[PRÉNOM 1]"]) == [(), (), ()]
    assert learned.suggest([]) == []
    assert learned.unsure([]) == []
    alone = train((), (), BOOK)
    assert alone.suggest(["", "[LIEU 2]", "Voilà, c’est tout."]) == [(), (), ()]


def test_the_machine_hesitates_more_on_a_text_of_two_subjects(learned: Model) -> None:
    clear, mixed = learned.unsure(["Le loyer et les charges", "Le bus, le loyer, les poubelles"])
    assert 0 <= clear < mixed <= 1


def test_words_found_before_give_the_same_suggestions(learned: Model) -> None:
    texts = ["Le bus passe.", "La facture."]
    tokens = list(french.annotate({text: text for text in texts}).values())
    assert learned.suggest(texts, tokens) == learned.suggest(texts)
    assert [len(offers) for offers in learned.suggest(texts, tokens, most=1)] == [1, 1]


def test_the_figures_are_those_of_texts_left_out(learned: Model) -> None:
    report = learned.report
    assert report.texts == len(lessons()[0])
    assert {one.code: one.texts for one in report.codes} == dict.fromkeys(SUBJECTS, 24)
    assert report.right_first > 0.9
    texts, labels = lessons()
    pick = random.Random(0)
    shuffled = pick.sample(labels, len(labels))
    assert train(texts, shuffled, BOOK).report.right_first < 0.6


def test_the_grid_alone_suggests_a_code_of_each_theme() -> None:
    model = train((), (), BOOK)
    offers = model.suggest(["L’ascenseur est en panne", "Le bus passe", "Les moisissures"])
    assert [one[0].theme for one in offers] == ["LOG", "MOB", "LOG"]
    assert model.learned == ()
    assert model.report.texts == 0
    assert all(len({one.theme for one in shown}) == len(shown) for shown in offers)
    assert all(one.code in BOOK for shown in offers for one in shown)


def test_uncoded_texts_teach_the_grid_alone() -> None:
    others = lessons()[0] + ["Un gymnase pour le sport", "La crèche et l’école"] * 20
    offers = train((), (), BOOK, others=others).suggest(["Le bus", "L’école de mon fils"])
    assert [one[0].theme for one in offers] == ["MOB", "EDU"]


def test_labels_of_another_kind_are_codes_in_their_own_right() -> None:
    texts, labels = lessons()
    names = {"LOG2": "logement", "MOB1": "transport", "CAD1": "proprete"}
    model = train(texts, [(names[code],) for (code,) in labels], BOOK)
    shown = model.suggest(["Le bus du matin"])[0]
    assert (shown[0].code, shown[0].theme) == ("transport", "")
    assert {one.code for one in shown} <= set(names.values())


def test_autre_and_incertain_are_two_codes_and_are_never_guessed() -> None:
    texts, labels = lessons()
    asked = ["Le sapin de la mairie", "Bof, je ne sais plus trop"]
    plain = train(texts, labels, BOOK).suggest(asked)
    assert not {"AUT", "INC", "HOR"} & {one.code for shown in plain for one in shown}
    told = [(f"Le sapin de la mairie {end}.", ("AUT",)) for end in ENDS]
    told += [(f"Bof, je ne sais plus trop, {end}.", ("INC",)) for end in ENDS]
    more = train(texts + [t for t, _ in told], labels + [c for _, c in told], BOOK)
    assert [shown[0].code for shown in more.suggest(asked)] == ["AUT", "INC"]


def test_one_code_empty_codes_duplicates_and_a_small_grid() -> None:
    small = replace(BOOK, themes=BOOK.themes[:1])
    only = train(["Le loyer", "Le loyer", "Le bus"], [("seul",), ("seul",), ()], small)
    assert only.report.texts == 1
    assert [one.code for one in only.suggest(["Le loyer"])[0]] == ["seul"]
    nothing = train(["Le bus"], [()], BOOK)
    assert nothing.suggest(["Le bus"])[0][0].theme == "MOB"
    with pytest.raises(ValueError, match="shorter"):
        train(["Le bus"], [], BOOK)


def test_several_codes_go_together() -> None:
    texts, labels = lessons()
    both = [f"{one} {two}" for one, two in zip(texts[:24], texts[24:48], strict=True)]
    model = train(texts + both, labels + [("LOG2", "MOB1")] * 24, BOOK)
    shown = model.suggest(["Le loyer pose problème. Le bus a encore changé."])[0]
    assert {one.code for one in shown[:2]} == {"LOG2", "MOB1"}
    assert all(0 <= one.score <= 1 for one in shown)


@pytest.mark.shared
def test_real_contributions_of_which_twenty_each_are_coded() -> None:
    """Measured: 0.65 right first and 0.58 macro-F1 (the same texts, three draws)."""
    if not SHARED.is_dir():
        pytest.skip("les données partagées ne sont pas à côté du projet")
    with (SHARED / "labelled_dev.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["theme"] and len(row["text"]) < 500]
    pick = random.Random(1)
    pick.shuffle(rows)
    coded, left = [], []
    for theme in sorted({row["theme"] for row in rows}):
        mine = [row for row in rows if row["theme"] == theme]
        coded += mine[: min(20, len(mine) // 2)]
        left += mine[min(20, len(mine) // 2) :]
    texts = [row["text"] for row in left]
    labels = [(row["theme"],) for row in coded]
    model = train([row["text"] for row in coded], labels, BOOK, others=texts)
    offers = model.suggest(texts)
    right = sum(bool(o) and o[0].code == row["theme"] for o, row in zip(offers, left, strict=True))
    sure = sum(o[0].score for o in offers if o) / len(left)
    assert right / len(left) > 0.57
    assert abs(sure - right / len(left)) < 0.15
