"""``python -m analysis concordance`` and ``network``: a table in, a table out, plain refusals."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis.__main__ import main

INPUT = (
    "id,texte\n"
    'a,"Le logement est trop cher, et les bus sont rares."\n'
    'b,"Deux logements vides. Le loyer du logement monte : le logement est cher."\n'
    'c,"Un logement cher avec [PRÉNOM 1].\nLe bus ne passe pas."\n'
)
LINKED = (
    "id,texte\n"
    'a,"Le loyer de mon logement monte. Le bus ne passe pas."\n'
    'b,"Le loyer du logement baisse. Mon logement, mon loyer : voilà."\n'
    'c,"Un logement sans loyer. Mon logement et le bus."\n'
)


def ask(folder: Path, name: str, *more: str, source: str | bytes = INPUT) -> int:
    raw = source if isinstance(source, bytes) else source.encode()
    (folder / "in.csv").write_bytes(raw)
    base = ["--input", str(folder / "in.csv"), "--text", "texte"]
    return main([name, *base, "--output", str(folder / "out.csv"), *more])


def written(folder: Path) -> list[dict[str, str]]:
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_form_of_a_word_is_found_with_its_offsets(tmp_path: Path) -> None:
    assert ask(tmp_path, "concordance", "--id", "id", "--word", "LOGEMENTS") == 0
    found = written(tmp_path)
    assert list(found[0]) == ["id", "left", "key", "right", "start", "end"]
    assert [(row["id"], row["key"]) for row in found] == [
        ("a", "logement"),
        ("b", "logements"),
        ("b", "logement"),
        ("b", "logement"),
        ("c", "logement"),
    ]
    assert (found[1]["left"], found[1]["start"], found[1]["end"]) == ("Deux ", "5", "14")
    assert found[4]["right"] == " cher avec [PRÉNOM 1]. Le bus ne passe pas."


def test_lines_are_sorted_as_asked_and_a_text_may_go_by_its_rank(tmp_path: Path) -> None:
    assert ask(tmp_path, "concordance", "--word", "logement", "--order", "droite") == 0
    assert [row["right"].split()[0] for row in written(tmp_path)] == [
        "cher",
        "est",
        "est",
        "monte",
        "vides.",
    ]
    assert ask(tmp_path, "concordance", "--word", "logement", "--order", "gauche") == 0
    assert [row["id"] for row in written(tmp_path)] == ["2", "2", "1", "2", "3"]


def test_a_word_that_nobody_says_gives_an_empty_table_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(tmp_path, "concordance", "--word", "piscine") == 0
    assert written(tmp_path) == []
    assert "« piscine »" in capsys.readouterr().err


def test_the_links_are_written_and_the_groups_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(tmp_path, "network", "--id", "id", source=LINKED) == 0
    assert written(tmp_path) == [
        {
            "a": "logement",
            "b": "loyer",
            "weight": "0.8000",
            "count": "4",
            "testimonies": "3",
            "tree": "1",
            "group_a": "1",
            "group_b": "1",
        }
    ]
    assert capsys.readouterr().out == "2 mots, 1 lien, 1 groupe : logement et loyer.\n"
    more = ("--unit", "temoignage", "--least", "2", "--index", "equivalence", "--links", "9")
    assert ask(tmp_path, "network", *more, source=LINKED) == 0
    found = {(row["a"], row["b"]): (row["count"], row["weight"]) for row in written(tmp_path)}
    assert found[("logement", "loyer")] == ("3", "1.0000")
    assert found[("logement", "bus")] == ("2", "0.6667")
    assert ask(tmp_path, "network", "--unit", "fenetre", "--least", "2", source=LINKED) == 0
    assert ("logement", "loyer") in {(row["a"], row["b"]) for row in written(tmp_path)}


@pytest.mark.parametrize(
    ("name", "more", "source", "said"),
    [
        ("concordance", ("--word", "bus", "--text", "absent"), INPUT, "« absent »"),
        ("concordance", ("--word", "bus", "--id", "absent"), INPUT, "« absent »"),
        ("concordance", ("--word", " "), INPUT, "--word"),
        ("concordance", ("--word", "le bus"), INPUT, "--word"),
        ("concordance", ("--word", "bus", "--width", "0"), INPUT, "--width"),
        ("concordance", ("--word", "bus"), b"texte\n\xe9t\xe9\n", "UTF-8"),
        ("concordance", ("--word", "bus", "--input", "absent.csv"), INPUT, "absent.csv"),
        ("network", ("--id", "id"), "id,texte\na,oui\na,non\n", "au texte 2"),
        ("network", ("--id", "id"), "id,texte\n ,oui\n", "texte 1"),
        ("network", ("--most", "1"), INPUT, "--most"),
        ("network", ("--window", "1"), INPUT, "--window"),
        ("network", ("--output", "absent/out.csv"), INPUT, "dossier"),
        ("network", (), "", "Colonnes présentes : aucune"),
    ],
)
def test_bad_input_is_refused_in_french_and_nothing_is_written(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    more: tuple[str, ...],
    source: str | bytes,
    said: str,
) -> None:
    assert ask(tmp_path, name, *more, source=source) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Rien n'a été écrit." in told
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_table_without_texts_gives_a_table_without_links(tmp_path: Path) -> None:
    assert ask(tmp_path, "network", source="texte\n") == 0
    assert written(tmp_path) == []
