from hypothesis import given
from hypothesis import strategies as st

from analysis.export.typography import french

PIECES = st.lists(st.sampled_from(("mot", *"«»;:!? \u00a0\u202f\na1)")), max_size=14)


def test_spaces_become_non_breaking() -> None:
    assert french("Il dit : « Bonjour ! » ; vraiment ?") == (
        "Il dit\u00a0: «\u00a0Bonjour\u202f!\u00a0»\u202f; vraiment\u202f?"
    )


def test_missing_spaces_are_added_after_a_word_only() -> None:
    assert french("Pourquoi? «Oui»: voilà") == "Pourquoi\u202f? «\u00a0Oui\u00a0»\u00a0: voilà"
    for kept in ("14:30", "https://exemple.fr/?a=1;b", "1:2", ""):
        assert french(kept) == kept


@given(PIECES.map("".join))
def test_applying_it_twice_is_once(text: str) -> None:
    assert french(french(text)) == french(text)


@given(st.text())
def test_it_touches_nothing_but_spaces(text: str) -> None:
    blank = str.maketrans("", "", " \u00a0\u202f")
    assert french(text).translate(blank) == text.translate(blank)
    assert french(french(text)) == french(text)
