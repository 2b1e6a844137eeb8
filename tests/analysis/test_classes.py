"""The classes of a campaign: what is found, the way back to passages, what is refused."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator

import pytest

from analysis import classes
from analysis.classes import Branch, Classes, Leaf, classify, leaning
from analysis.corpus import Campaign, Corpus, Meeting, Testimony
from analysis.french import Token
from tests.house.project_files import ROOT

SUBJECTS = ("bus tram gare trajet arrêt", "loyer bail toit ascenseur cave", "école cantine")
SHARED = "quartier voisin rue"
Said = dict[str, tuple[Token, ...]]


def campaign(people: int, sentences: int = 6, seed: int = 1) -> tuple[Corpus, Said, list[int]]:
    """Invented texts: each person speaks of one subject; and that subject."""
    pick = random.Random(seed)
    testimonies, said, subjects = [], {}, []
    for number in range(people):
        subject = number % len(SUBJECTS)
        own = SUBJECTS[subject].split()
        text = " ".join(
            f"Le {pick.choice(own)} du {pick.choice(SHARED.split())} et le {pick.choice(own)}."
            for _ in range(sentences)
        )
        key = f"t{number:04}"
        testimonies.append(Testimony(key, number + 1, "m", "q", text))
        said[key] = tokens(text)
        subjects.append(subject)
    meetings = (Meeting("m", "Séance", "porte à porte", "q"),)
    return Corpus(Campaign("c", "Essai"), meetings, tuple(testimonies)), said, subjects


def tokens(text: str) -> tuple[Token, ...]:
    found, place = [], 0
    for word in text.replace(".", " ").split(" "):
        if len(word) > 2:
            found.append(Token(place, place + len(word), word.lower(), "NOUN"))
        place += len(word) + 1
    return tuple(found)


def branches(tree: Branch | Leaf | None) -> Iterator[Branch]:
    if isinstance(tree, Branch):
        yield tree
        yield from branches(tree.left)
        yield from branches(tree.right)


def leaves(tree: Branch | Leaf | None) -> Iterator[Leaf]:
    if isinstance(tree, Leaf):
        yield tree
    elif tree is not None:
        yield from leaves(tree.left)
        yield from leaves(tree.right)


@pytest.fixture(scope="module")
def spoken() -> tuple[Corpus, Said, list[int]]:
    return campaign(120, 12)


@pytest.fixture(scope="module")
def found(spoken: tuple[Corpus, Said, list[int]]) -> Classes:
    corpus, said, _ = spoken
    return classify(said, corpus, 3, target=20)


def test_each_subject_is_a_class_with_its_words(
    found: Classes, spoken: tuple[Corpus, Said, list[int]]
) -> None:
    subject = {one.id: number for one, number in zip(spoken[0].testimonies, spoken[2], strict=True)}
    assert found.notice == ""
    assert [one.number for one in found.classes] == [1, 2, 3]
    for one in found.classes:
        inside = {
            subject[segment.testimony]
            for segment, label in zip(found.segments, found.labels, strict=True)
            if label == one.number
        }
        assert len(inside) == 1
        own = set(SUBJECTS[inside.pop()].split())
        assert {word.term for word in one.words[: len(own)]} == own
        assert not own & {word.term for word in one.avoided}
        assert all(word.chi2 > 0 for word in one.words)
        assert all(word.chi2 < 0 for word in one.avoided)
        assert one.size == found.labels.count(one.number)
        assert one.testimonies == 40
        assert one.share == pytest.approx(one.size / len(found.segments))


def test_passages_lead_back_to_the_words_of_their_class(
    found: Classes, spoken: tuple[Corpus, Said, list[int]]
) -> None:
    corpus, said, _ = spoken
    label = dict(zip(found.segments, found.labels, strict=True))
    for one in found.classes:
        scores = [passage.score for passage in one.passages]
        assert scores == sorted(scores, reverse=True)
        assert len({passage.segment.testimony for passage in one.passages}) == len(scores) == 10
        best = one.passages[0].segment
        assert label[best] == one.number
        text = corpus.testimony_by_id[best.testimony].text
        assert text[best.start : best.end].endswith(".")
        terms = {
            token.lemma for token in said[best.testimony] if best.start <= token.start < best.end
        }
        weights = {word.term: word.chi2 for word in (*one.words, *one.avoided)}
        assert sum(weights[term] for term in terms) == pytest.approx(scores[0])


def test_the_tree_holds_every_class_and_never_goes_down(found: Classes) -> None:
    assert {leaf.number for leaf in leaves(found.tree)} == {1, 2, 3}
    sizes = {one.number: one.size for one in found.classes}
    words = {one.number: tuple(word.term for word in one.words[:8]) for one in found.classes}
    for leaf in leaves(found.tree):
        assert (leaf.size, leaf.words) == (sizes[leaf.number], words[leaf.number])
    joints = list(branches(found.tree))
    assert len(joints) == 2
    for joint in joints:
        assert joint.size == joint.left.size + joint.right.size
        for side in (joint.left, joint.right):
            assert not isinstance(side, Branch) or side.height <= joint.height
    assert max(joint.height for joint in joints) == max(one.chi2 for one in found.divisions)


def test_too_few_passages_give_no_class_and_a_reason() -> None:
    corpus, said, _ = campaign(60, 6)
    few = classify(said, corpus, 3, target=40)
    assert few.classes == ()
    assert few.tree is None
    assert len(few.unclassified) == len(few.segments) < 200
    assert few.notice.startswith(f"Il y a ici {len(few.segments)} passages à comparer.")
    assert "au moins 200" in few.notice
    silent = classify({}, corpus, 3, target=2)
    assert silent.notice.startswith("Il y a ici 0 passage à comparer.")


def test_passages_all_alike_give_no_class_and_a_reason() -> None:
    text = " ".join(["Le bus passe devant le marché."] * 10)
    people = tuple(Testimony(f"t{rank}", rank + 1, "m", "q", text) for rank in range(40))
    corpus = Corpus(Campaign("c", "Essai"), (Meeting("m", "S", "x", "q"),), people)
    alike = classify({one.id: tokens(text) for one in people}, corpus, 3, target=6)
    assert alike.classes == ()
    assert len(alike.labels) == len(alike.segments) == 400
    assert "se ressemblent trop" in alike.notice


def test_more_classes_than_the_words_allow_is_said(
    spoken: tuple[Corpus, Said, list[int]],
) -> None:
    corpus, said, _ = spoken
    many = classify(said, corpus, 60, target=20)
    assert 3 <= len(many.classes) < 60
    assert many.notice.startswith(f"{len(many.classes)} classes ont pu être formées, sur 60")
    assert min(one.size for one in many.classes) >= 10
    with pytest.raises(ValueError, match="au moins deux"):
        classify(said, corpus, 1)


def test_no_share_is_given_under_thirty_testimonies() -> None:
    corpus, said, _ = campaign(29, 40)
    few = classify(said, corpus, 3, target=20)
    assert len(few.classes) == 3
    assert few.unclassified_share is None
    assert {one.share for one in few.classes} == {None}
    corpus, said, _ = campaign(30, 40)
    assert classify(said, corpus, 3, target=20).unclassified_share == 0


def test_a_passage_without_a_shared_word_is_unclassified_and_counted(
    spoken: tuple[Corpus, Said, list[int]],
) -> None:
    corpus, said, _ = spoken
    alone = Testimony("z", 999, "m", "q", "Dragon.")
    wider = Corpus(corpus.campaign, corpus.meetings, (*corpus.testimonies, alone))
    more = classify({**said, "z": tokens("Dragon.")}, wider, 3, target=20)
    assert [one.testimony for one in more.unclassified] == ["z"]
    assert more.unclassified_share == pytest.approx(1 / len(more.segments))
    words = {word.term for one in more.classes for word in (*one.words, *one.avoided)}
    assert "dragon" not in words


def test_the_double_classification_finds_the_subjects_too(
    spoken: tuple[Corpus, Said, list[int]],
) -> None:
    corpus, said, _ = spoken
    crossed = classify(said, corpus, 3, double=True, target=20)
    assert len(crossed.classes) == 3
    assert crossed.tree is None
    tops = {crossed.classes[rank].words[0].term for rank in range(3)}
    assert all(any(top in own.split() for top in tops) for own in SUBJECTS)


def test_parts_heard_more_in_a_class_are_named_without_counts(
    found: Classes, spoken: tuple[Corpus, Said, list[int]]
) -> None:
    corpus, _, subjects = spoken
    part_of = {
        one.id: ("nord", "sud", "est")[subject if rank % 3 or rank > 30 else 0]
        for rank, (one, subject) in enumerate(zip(corpus.testimonies, subjects, strict=True))
    }
    leans = leaning(found, part_of, 0)
    of = {found.labels[found.segments.index(segment)]: segment for segment in found.segments}
    for number, segment in of.items():
        assert leans[number][0] == part_of[segment.testimony]
    assert set(leaning(found, part_of, 41).values()) == {()}
    mixed = {one.id: "nord" if rank < 60 else "sud" for rank, one in enumerate(corpus.testimonies)}
    assert all(len(parts) <= 1 for parts in leaning(found, mixed, 5).values())


HASH = """
import hashlib
from tests.analysis.test_classes import campaign
from analysis.classes import classify
corpus, said, _ = campaign(90, 12)
shown = [classify(said, corpus, 5, double=double, target=20) for double in (False, True)]
print(hashlib.sha256(repr(shown).encode()).hexdigest())
"""


def test_two_interpreters_say_the_same() -> None:
    def said(seed: str) -> str:
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", HASH]
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout

    assert said("1") == said("2") != ""


def test_nothing_heavy_is_loaded_with_the_module() -> None:
    code = "import sys, analysis.classes, analysis.reinert_double; print('numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
    assert "preuve" in classes.NOTE
