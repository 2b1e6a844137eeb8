"""Expressions are proposed when people say them together, more than chance and on their own."""

from __future__ import annotations

from analysis.expressions import expressions
from analysis.terms import Selection
from tests.analysis.campaign_cases import annotated, campaign

TEXTS = [
    "Le conseil citoyen aide. Les aires de jeux public manquent",
    "Un conseil citoyen ici. Des aires de jeux public",
    "Conseil citoyen. Aires de jeux public. Rue calme",
    "Le bus passe. La rue. Le jeu. Une rue calme",
]


def proposed(texts: list[str], **asked: int) -> dict[str, int]:
    corpus = campaign(texts)
    return {
        " ".join(one.lemmas): one.count for one in expressions(annotated(corpus), corpus, **asked)
    }


def test_what_several_say_together_is_proposed() -> None:
    found = proposed(TEXTS)
    assert found["conseil citoyen"] == 3
    assert "rue calme" not in found


def test_a_piece_of_a_longer_expression_is_left_out() -> None:
    found = proposed(TEXTS)
    assert found["aire de jeu public"] == 3
    assert "aire de jeu" not in found
    assert "jeu public" not in found


def test_one_testimony_alone_proposes_nothing() -> None:
    assert proposed(["Le conseil citoyen. " * 9, "Le bus passe"]) == {}
    assert proposed(["Le conseil citoyen. " * 9, "Le bus"], testimonies=1)["conseil citoyen"] == 9


def test_what_the_selection_holds_already_is_not_proposed_again() -> None:
    corpus = campaign(TEXTS)
    chosen = Selection(expressions=(("conseil", "citoyen"),))
    held = annotated(corpus)
    found = expressions(held, corpus, chosen)
    assert ("conseil", "citoyen") not in {one.lemmas for one in found}
    best = {one.lemmas: one for one in expressions(held, corpus)}[("conseil", "citoyen")]
    assert (best.display, best.testimonies, best.score > 0) == ("conseil citoyen", 3, True)
    assert len(expressions(held, corpus, most=1)) == 1
    assert expressions(held, corpus, least=4) == ()
