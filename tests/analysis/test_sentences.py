"""Sentences cover every character once, never cut a masked passage, and read as French does."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given

from analysis.sentences import PLACEHOLDER, sentences
from tests.analysis.strategies import MASKED, texts


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@given(texts())
def test_spans_cover_every_visible_character_once_in_order(text: str) -> None:
    spans = sentences(text)
    covered = [position for start, end in spans for position in range(start, end)]
    assert covered == sorted(set(covered))
    held = set(covered)
    assert all(position in held for position, char in enumerate(text) if not char.isspace())
    for start, end in spans:
        assert start < end
        assert text[start:end] == text[start:end].strip()
        assert len(text[start:end].splitlines()) == 1


@given(texts())
def test_a_masked_passage_is_never_cut(text: str) -> None:
    spans = sentences(text)
    for found in PLACEHOLDER.finditer(text):
        assert any(start <= found.start() and found.end() <= end for start, end in spans)


@given(texts(), texts())
def test_a_line_feed_separates(first: str, second: str) -> None:
    shift = len(first) + 1
    after = [(start + shift, end + shift) for start, end in sentences(second)]
    joined = first + "\n" + second
    assert [tuple(span) for span in sentences(joined)] == [
        *[tuple(span) for span in sentences(first)],
        *after,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "M. Dupont et Mme. Durand sont venus",
        "Voir l'art. 12 et le n°. 3, av. Jean Jaurès, bd. Carnot, St. Jean",
        "J. Dupont, J.P. Martin et J.-P. Blanc viennent",
        "Le loyer est de 1.800 euros par mois",
        "Des jeux, des bancs, etc. pour les petits",
        "Il faudrait des bancs, p. ex. devant l'école",
        "Je pense... que oui",
        "Bon… d'accord",
        "« Tu viens ? » dit-elle",
        "Elle a dit (vraiment...) que non",
        f"Vu avec M. {MASKED} au marché",
        "1. Mettre des bancs",
        "- Des bancs",
        "Écrire à accueil@mairie.fr ou sur www.Mairie.fr/?q=a.b",
        "Super ! :)",
        "mot " * 300,
    ],
)
def test_one_sentence_stays_whole(text: str) -> None:
    assert cut(text) == [text.strip()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C'est nul. on attend", ["C'est nul.", "on attend"]),
        ("Non ?! Si. Ah bon", ["Non ?!", "Si.", "Ah bon"]),
        ("Trop cher ! Oui", ["Trop cher !", "Oui"]),
        ("On attend... Rien ne vient… Rien", ["On attend...", "Rien ne vient…", "Rien"]),
        ("« On appelle. » Personne.", ["« On appelle. »", "Personne."]),
        ("Il dit “non.” Puis oui", ["Il dit “non.”", "Puis oui"]),
        ("Des bancs, etc. Et puis", ["Des bancs, etc.", "Et puis"]),
        ("la S.N.C.F. Il part", ["la S.N.C.F.", "Il part"]),
        ("C'est moche.Il faut agir", ["C'est moche.", "Il faut agir"]),
        ("En 2024. Depuis, rien", ["En 2024.", "Depuis, rien"]),
        ("À 5 m. Pas plus", ["À 5 m.", "Pas plus"]),
        ("- un\n- deux\r\n\r\n- trois", ["- un", "- deux", "- trois"]),
        (f"Vu {MASKED}. {MASKED} aussi.", [f"Vu {MASKED}.", f"{MASKED} aussi."]),
        ("C'est bien. - Les bancs", ["C'est bien.", "- Les bancs"]),
        ("", []),
        (" \n\t ", []),
        ("...", ["..."]),
        ("\x00", ["\x00"]),
    ],
)
def test_french_ends_are_found(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "unit",
    [
        ".",
        "[",
        " ",
        "?",
        ". ",
        "« ",
        " »",
        ".)",
        "A.",
        "a.B",
        "...  ",
        "? ! ",
        "[A",
        "…»",
        "1. ",
        "\n",
    ],
)
def test_a_hundred_thousand_hostile_characters_complete(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    spans = sentences(text)
    visible = sum(not char.isspace() for char in text)
    inside = sum(not char.isspace() for start, end in spans for char in text[start:end])
    assert inside == visible


def test_cutting_sentences_loads_no_heavy_library() -> None:
    code = (
        "import sys, analysis.sentences, analysis.french as f, analysis.lexicon; f.pipeline_id();"
        "sys.exit(any(name in sys.modules for name in ('spacy', 'numpy', 'sklearn')))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0
