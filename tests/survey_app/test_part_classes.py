"""The classes of a run: each passage in one list, small numbers hidden, links to follow."""

from __future__ import annotations

from dataclasses import replace

import maps_cases as cases
from analysis import classes as pure
from analysis.pictures import Picture
from analysis.segments import segments
from survey_app.services import part_classes
from survey_app.services.run_parts import Given, Part


def made(given: Given) -> tuple[list[Picture], dict[str, Part]]:
    found = list(part_classes.made(given))
    drawn = [one for one in found if isinstance(one, Picture)]
    return drawn, {one.name: one for one in found if isinstance(one, Part)}


def test_every_passage_is_in_one_class_or_in_none() -> None:
    corpus = cases.corpus()
    drawn, parts = made(cases.given(corpus))
    texts = {one.id: one.text for one in corpus.testimonies}
    ranks = {one.id: rank for rank, one in enumerate(corpus.testimonies)}
    cut = sorted([ranks[one.testimony], one.start, one.end] for one in segments(texts))
    for mode in part_classes.MODES:
        document = parts[f"classes-{mode}"].document
        lists = [
            parts[f"classes-{mode}-{number}"].document["passages"]
            for number in range(len(document["classes"]) + 1)
        ]
        assert sorted(spot for found in lists for spot in found) == cut
        assert document["passages"] == len(cut)
        assert len(lists[0]) == document["unclassified"]
        for one, found in zip(document["classes"], lists[1:], strict=True):
            assert len(found) == one["size"]
            assert len({rank for rank, _, _ in found}) == one["testimonies"]
            best = parts[f"classes-{mode}-{one['number']}"].document["best"]
            assert best
            assert all(spot in found for spot in best)
    (picture,) = drawn
    classes = parts["classes-simple"].document["classes"]
    for one in classes:
        assert f'href="classes/{one["number"]}"' in picture.svg
    assert "%" in picture.svg


def test_three_subjects_make_their_classes() -> None:
    _, parts = made(cases.given(cases.corpus()))
    found = parts["classes-simple"].document["classes"]
    subjects = {word: name for name, said in cases.SUBJECTS.items() for word in said.split()}
    for one in found:
        assert len({subjects.get(word[0]) for word in one["words"][:3]}) == 1
        assert all(word[4] >= 2 for word in one["words"])
        assert one["share"].endswith(" %")
    assert {subjects[one["words"][0][0]] for one in found} == set(cases.SUBJECTS)
    rows = parts["classes-simple"].rows
    assert all(len(row) == len(part_classes.HEAD) for row in rows)
    assert [row[1] for row in rows if row[0] == 1] == list(range(1, len(found[0]["words"]) + 1))


def test_places_are_named_without_a_count_and_only_when_many_speak() -> None:
    corpus = cases.corpus(placed=True)
    _, parts = made(cases.given(corpus))
    leaning = [one["leaning"] for one in parts["classes-simple"].document["classes"]]
    assert any(leaning)
    for cuts in leaning:
        for title, names in cuts:
            assert title == "Quartier"
            assert set(names) <= set(cases.PLACES.values())
    _, few = made(cases.given(corpus, threshold=21))
    assert not any(one["leaning"] for one in few["classes-simple"].document["classes"])


def _age(rank: int) -> str:
    """« a » is heard mostly on the first subject, on the others too."""
    return "a" if (rank % 3 == 0) != (rank % 4 == 3) else "b"


def test_answers_of_a_profile_are_named_by_their_labels() -> None:
    corpus = cases.corpus()
    rows = tuple(
        replace(one, profile={"age": "" if rank % 10 == 9 else _age(rank)})
        for rank, one in enumerate(corpus.testimonies)
    )
    given = cases.given(replace(corpus, testimonies=rows))
    labels = {"age": ("Quel âge avez-vous ?", {"a": "moins de 25 ans", "b": "25 ans et plus"})}
    _, parts = made(replace(given, labels=labels))
    said = [
        (title, name)
        for one in parts["classes-simple"].document["classes"]
        for title, names in one["leaning"]
        for name in names
    ]
    assert set(said) == {
        ("Quel âge avez-vous ?", "moins de 25 ans"),
        ("Quel âge avez-vous ?", "25 ans et plus"),
    }


def test_too_few_passages_make_no_class_and_say_why() -> None:
    drawn, parts = made(cases.given(cases.corpus(20)))
    assert drawn == []
    assert list(parts) == ["classes-simple", "classes-double"]
    for part in parts.values():
        assert str(pure.FEWEST) in part.document["notice"]
        assert part.document["classes"] == []
        assert part.rows == ()


def test_under_thirty_testimonies_no_percentage() -> None:
    corpus = cases.corpus(87)
    joined = tuple(
        replace(
            one, text=" ".join(each.text for each in corpus.testimonies[rank * 3 : rank * 3 + 3])
        )
        for rank, one in enumerate(corpus.testimonies[:29])
    )
    few = replace(corpus, testimonies=joined, excerpts=(), codings=())
    drawn, parts = made(cases.given(few))
    document = parts["classes-simple"].document
    assert document["passages"] >= pure.FEWEST
    if document["classes"]:
        assert {one["share"] for one in document["classes"]} == {""}
        assert all("%" not in picture.svg for picture in drawn)
    assert document["unclassified_share"] == ""
