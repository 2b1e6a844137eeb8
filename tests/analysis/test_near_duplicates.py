"""Near copies: exact against brute force, none missed, offsets that lead to the same words."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.near_duplicates import Pair, coordinated, groups, pairs
from analysis.shared_passages import passages, plain
from analysis.tables import Counts
from tests.analysis.strategies import AWKWARD, texts
from tests.analysis.synthesis_cases import said_by

LETTER = (
    "Nous demandons la réouverture de la piscine municipale, fermée depuis trois ans. "
    "Les enfants du quartier n'apprennent plus à nager, et les anciens n'ont plus d'activité."
)
OTHER = (
    "Le bus 14 ne passe plus le dimanche ; pour aller au marché, il faut marcher une heure "
    "ou demander à la voisine, qui n'a pas toujours le temps."
)
WORDS = (
    *("le", "bus", "la", "mairie", "piscine", "école", "rue", "marché", "voisin", "jardin"),
    *("ferme", "ouvre", "tard", "trop", "peu"),
)


def shingles(text: str, size: int) -> frozenset[str]:
    said = plain(text)
    return frozenset(said[start : start + size] for start in range(len(said) - size + 1))


def by_hand(said: dict[str, str], threshold: float, size: int, least: int) -> list[Pair]:
    """Jaccard's index of every two texts, from its definition."""
    found = []
    for one, two in combinations(said, 2):
        a, b = shingles(said[one], size), shingles(said[two], size)
        if min(len(a), len(b)) >= least:
            index = len(a & b) / len(a | b)
            if index >= threshold - 1e-9:
                found.append(Pair(one, two, index))
    return found


@st.composite
def changed(draw: st.DrawFn) -> dict[str, str]:
    """Texts of a few words, some of them others with one word put in, out or elsewhere."""
    held: list[list[str]] = []
    for _ in range(draw(st.integers(0, 9))):
        words = draw(st.lists(st.sampled_from((*WORDS, *AWKWARD[:6])), max_size=20))
        if held and draw(st.booleans()):
            words = list(draw(st.sampled_from(held)))
            words.insert(draw(st.integers(0, len(words))), draw(st.sampled_from(WORDS)))
        held.append(words)
    return {f"t{rank}": " ".join(words) for rank, words in enumerate(held)}


@settings(max_examples=150, deadline=None)
@given(
    changed(),
    st.sampled_from((0.05, 0.3, 0.5, 0.8, 0.9, 1.0)),
    st.integers(1, 8),
    st.sampled_from((1, 5, 20)),
)
def test_the_pairs_are_those_of_the_definition(
    said: dict[str, str], threshold: float, size: int, least: int
) -> None:
    assert list(pairs(said, threshold, size, least)) == by_hand(said, threshold, size, least)


@settings(max_examples=60, deadline=None)
@given(st.lists(texts(max_size=6), max_size=6), st.integers(5, 8))
def test_any_sign_is_counted_exactly(spoken: list[str], size: int) -> None:
    said = {str(rank): text for rank, text in enumerate(spoken)}
    assert list(pairs(said, 0.4, size, 1)) == by_hand(said, 0.4, size, 1)


@settings(max_examples=40, deadline=None)
@given(changed(), st.randoms())
def test_the_order_of_the_texts_changes_no_similarity(
    said: dict[str, str], chance: random.Random
) -> None:
    keys = list(said)
    chance.shuffle(keys)
    turned = pairs({key: said[key] for key in keys}, 0.5, least=1)
    found = {(frozenset((pair.one, pair.two)), pair.similarity) for pair in turned}
    straight = pairs(said, 0.5, least=1)
    assert found == {(frozenset((pair.one, pair.two)), pair.similarity) for pair in straight}


def test_an_alphabet_of_thousands_of_signs_stays_exact() -> None:
    """4096⁸ is 2⁹⁶: in 64 bits the first signs of a shingle would be lost."""
    signs = [chr(0x4E00 + rank) for rank in range(4096)]
    one = "".join(signs[:-1])
    said = {"a": one, "b": one.replace(signs[2000], signs[-1])}
    assert list(pairs(said, 0.9, 8)) == by_hand(said, 0.9, 8, 20)


def test_every_planted_copy_is_found() -> None:
    chance = random.Random(7)
    said = {
        f"t{rank}": " ".join(chance.choices(WORDS, k=30)) + f" {chance.random()}"
        for rank in range(400)
    }
    planted = set()
    for rank in range(0, 400, 4):
        words = said[f"t{rank}"].split()
        words[chance.randrange(len(words))] = "ensemble"
        copy = " ".join(words).upper().replace(" ", " - ")
        said[f"c{rank}"] = copy
        a, b = shingles(said[f"t{rank}"], 6), shingles(copy, 6)
        if len(a & b) / len(a | b) >= 0.8:
            planted.add((f"t{rank}", f"c{rank}"))
    assert len(planted) > 50
    assert planted <= {(pair.one, pair.two) for pair in pairs(said)}


def test_short_words_of_several_people_are_no_copies() -> None:
    assert not list(pairs({"a": "Il faut des bancs.", "b": "Il faut des bancs."}))
    assert list(pairs({"a": LETTER, "b": LETTER.upper()})) == [Pair("a", "b", 1.0)]


@pytest.mark.parametrize(("threshold", "size"), [(0.0, 6), (1.1, 6), (0.8, 0)])
def test_a_threshold_out_of_bounds_is_refused(threshold: float, size: int) -> None:
    with pytest.raises(ValueError, match="threshold"):
        list(pairs({"a": LETTER}, threshold, size))


@settings(max_examples=60, deadline=None)
@given(changed())
def test_groups_are_the_parts_that_pairs_join(said: dict[str, str]) -> None:
    every = {(pair.one, pair.two): pair.similarity for pair in pairs(said, 0.6, least=1)}
    found = groups(said, 0.6, least=1)
    assert {member for group in found for member in group.members} == set().union(*every, set())
    for group in found:
        assert len(group.links) == len(group.members) - 1
        assert group.lowest == min(link.similarity for link in group.links)
        for link in group.links:
            assert every[link.one, link.two] == link.similarity
    for one, two in every:
        assert any(one in group.members and two in group.members for group in found)
    assert sum(len(group.members) for group in found) == len(set().union(*every, set()))


def test_a_thousand_copies_make_one_group() -> None:
    said = {str(rank): LETTER for rank in range(1000)} | {"autre": OTHER}
    (group,) = groups(said)
    assert len(group.members) == 1000
    assert sum(1 for _ in pairs(said)) == 1000 * 999 // 2


def test_groups_do_not_depend_on_the_seed_of_hashes() -> None:
    code = (
        "from analysis.near_duplicates import groups; from bench.words import text;"
        "print(groups({str(n): text(n) for n in range(300)}, 0.6))"
    )
    root = Path(__file__).resolve().parents[2]
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert b"Group" in told.pop()


def test_a_campaign_says_what_its_copies_stand_for() -> None:
    near = LETTER.replace("trois ans", "quatre ans")
    corpus = said_by(testimonies=4, texts=[LETTER, OTHER, near, f"Bonjour. {LETTER}"])
    (answers,) = coordinated(corpus)
    assert answers.group.members == ("t0", "t2", "t3")
    assert answers.counts == Counts(testimonies=3, meetings=2, people=1 + 3 + 4)
    for link, shared in zip(answers.group.links, answers.shared, strict=True):
        one, two = (corpus.testimony_by_id[key].text for key in (link.one, link.two))
        assert shared
        for part in shared:
            assert plain(one[part.start : part.end]) == plain(
                two[part.other_start : part.other_end]
            )
    assert len(corpus.testimonies) == 4


@settings(max_examples=200, deadline=None)
@given(texts(max_size=8), texts(max_size=8), st.integers(1, 6))
def test_both_sides_of_a_passage_say_the_same(one: str, two: str, least: int) -> None:
    shared = passages(one, two, least)
    for part in shared:
        mine = one[part.start : part.end]
        assert plain(mine) == plain(two[part.other_start : part.other_end]) != ""
        assert len(plain(mine).split()) >= min(
            least, *(len(plain(text).split()) for text in (one, two))
        )
    assert all(a.end <= b.start for a, b in pairwise(shared))
    theirs = sorted((part.other_start, part.other_end) for part in shared)
    assert all(a[1] <= b[0] for a, b in pairwise(theirs))


@settings(max_examples=60, deadline=None)
@given(texts(max_size=5), texts(max_size=5), texts(max_size=5))
def test_a_planted_passage_is_covered(before: str, after: str, other: str) -> None:
    shared = passages(f"{before}\n{LETTER}\n{after}", f"{other}\n{LETTER}")
    covered = " ".join(plain(f"{before}\n{LETTER}\n{after}"[p.start : p.end]) for p in shared)
    assert "fermee depuis trois ans les enfants du quartier" in covered


def test_passages_that_changed_places_are_found() -> None:
    one, two = LETTER.split(". ", 1)
    turned = passages(LETTER, f"{two} {one}.")
    assert [LETTER[part.start : part.end] for part in turned] == [one, two[:-1]]


def test_an_accent_written_apart_is_inside_the_passage() -> None:
    apart = "cafe\u0301 associatif"
    (part,) = passages(f"Le {apart} !", apart)
    assert f"Le {apart} !"[part.start : part.end] == apart
    assert passages("…", LETTER) == ()
