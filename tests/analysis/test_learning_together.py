"""Codes that go together: their own words, their use, and what is learned from both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import codebook
from analysis.learning import _grid, train
from analysis.learning_features import Read, read
from analysis.learning_together import Blend, Names, blended

BOOK = codebook.load()
CODES = ("Santé", "Écologie, environnement", "A Aucun", "LOG2")
TEXTS = (
    "La santé avant tout.",
    "L’écologie et les hôpitaux.",
    "Rien du tout.",
    "Les environnements changent, la sante aussi.",
)


@pytest.fixture(scope="module")
def told() -> Read:
    return read(TEXTS, None, _grid(BOOK))


def test_a_code_is_said_by_the_rarest_of_its_own_words(told: Read) -> None:
    said = Names(CODES, BOOK, told).said(told)
    assert said.shape == (4, 4)
    assert (said > 0)[:, :3].tolist() == [
        [True, False, False],
        [False, True, False],
        [False, False, False],
        [True, True, False],
    ]
    assert said[0, 0] < said[1, 1], "two texts say « santé », one says « écologie »"
    assert said.max() <= 1


def test_a_code_of_the_grid_is_known_by_its_label(told: Read) -> None:
    label = BOOK.code("LOG2").label
    text = read([f"On parle de {label} ici."], None, _grid(BOOK))
    said = Names(("LOG2", "MOB1"), BOOK, told).said(text)
    assert said[0, 0] > 0
    assert said[0, 0] > said[0, 1]


def test_first_texts_are_read_as_they_were(told: Read) -> None:
    two = told.first(2)
    assert two.texts == TEXTS[:2]
    assert len(two.said.words) == len(two.tokens) == len(two.said.near) == 2


def test_all_or_none_teaches_nothing(told: Read) -> None:
    names = Names(CODES, BOOK, told)
    scores = np.zeros((4, 4))
    assert blended(scores, np.ones((4, 4)), names, told) is None
    assert blended(scores, np.zeros((4, 4)), names, told) is None


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_what_speaks_for_a_code_makes_it_more_probable(seed: int) -> None:
    told = read(TEXTS, [()] * 4, _grid(BOOK))
    random = np.random.default_rng(seed)
    truth = (random.random((4, 4)) < 0.5).astype(float)
    truth[0, 0], truth[1, 0] = 1, 0
    scores = 2 * truth - 1 + random.normal(0, 0.3, (4, 4))
    found = blended(scores, truth, Names(CODES, BOOK, told), told)
    assert found is not None
    blend, judged = found
    assert isinstance(blend, Blend)
    assert judged.shape == truth.shape
    assert ((judged > 0) & (judged < 1)).all()
    assert judged[truth > 0].mean() > judged[truth == 0].mean()
    again = blend.probabilities(scores, told)
    assert ((again > 0) & (again < 1)).all()


def test_a_rare_code_said_by_its_name_is_suggested() -> None:
    """« logement » was coded twice only, among texts where names are what codes are about."""
    names = ("santé", "école", "sport", "justice", "transport", "culture")
    texts = [
        f"Il faut mieux pour {one} et {two}, {n}." for n, (one, two) in enumerate(_pairs(names))
    ]
    labels = [tuple(pair) for pair in _pairs(names)]
    texts += ["Du logement et de la santé", "Plus de logement, plus d’école"]
    labels += [("logement", "santé"), ("logement", "école")]
    model = train(texts, labels, BOOK)
    shown = model.suggest(["Le logement et la justice pour tous"])[0]
    assert {one.code for one in shown[:2]} == {"logement", "justice"}
    assert model.report.right_first > 0.8
    assert model.suggest(["Le logement et la justice pour tous"]) == [shown]


def _pairs(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(one, two) for one in names for two in names if one < two]
