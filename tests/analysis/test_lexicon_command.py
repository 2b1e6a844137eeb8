"""``python -m analysis lexicon``: a table of texts in, its terms out."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis.__main__ import main

TEXTS = (
    "id,texte,lieu\n"
    "a,Le conseil citoyen attend le bus.,Nord\n"
    "b,Les bus du soir sont en retard.,Nord\n"
    "c,Le conseil citoyen le dit.,Nord\n"
    "d,Une aire de jeux. Un bus.,\n"
)


def ask(folder: Path, *more: str, source: str | bytes = TEXTS) -> int:
    raw = source if isinstance(source, bytes) else source.encode()
    (folder / "in.csv").write_bytes(raw)
    base = ["--input", str(folder / "in.csv"), "--text", "texte"]
    return main(["lexicon", *base, "--output", str(folder / "out.csv"), *more])


def written(folder: Path) -> list[dict[str, str]]:
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_terms_are_counted_the_most_said_first(tmp_path: Path) -> None:
    assert ask(tmp_path) == 0
    found = written(tmp_path)
    assert list(found[0]) == ["terme", "forme", "mots", "occurrences", "textes", "dispersion"]
    assert (found[0]["terme"], found[0]["occurrences"], found[0]["textes"]) == ("bus", "3", "3")
    assert [int(row["occurrences"]) for row in found] == sorted(
        (int(row["occurrences"]) for row in found), reverse=True
    )
    assert all(0 <= float(row["dispersion"]) <= 1 for row in found)
    assert {row["mots"] for row in found} == {"1"}


def test_ids_groups_and_sequences(tmp_path: Path) -> None:
    assert ask(tmp_path, "--id", "id", "--group", "lieu", "--ngrams", "3") == 0
    found = {row["terme"]: row for row in written(tmp_path)}
    bus = found["bus"]
    assert (bus["occurrences"], bus["textes"], bus["groupes"]) == ("3", "3", "2")
    assert (bus["groupe Nord"], bus["groupe non dit"]) == ("2", "1")
    assert (found["conseil"]["textes"], found["conseil"]["groupes"]) == ("2", "1")
    assert (found["conseil citoyen"]["mots"], found["conseil citoyen"]["textes"]) == ("2", "2")
    area = next(row for row in found.values() if row["forme"] == "aire de jeux")
    assert (area["mots"], area["groupe Nord"]) == ("3", "0")
    assert float(bus["dispersion_groupes"]) < float(area["dispersion_groupes"])


@pytest.mark.parametrize(
    ("more", "source", "said"),
    [
        (("--text", "absent"), TEXTS, "« absent »"),
        (("--group", "absent"), TEXTS, "« absent »"),
        (("--ngrams", "4"), TEXTS, "--ngrams"),
        (("--ngrams", "0"), TEXTS, "--ngrams"),
        ((), b"texte\n\xe9t\xe9\n", "UTF-8"),
        (("--id", "id", "--group", "lieu"), TEXTS + "a,Autre,Sud\n", "« a » revient"),
        (("--output", "absent/out.csv"), TEXTS, "dossier de out.csv"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    source: str | bytes,
    said: str,
) -> None:
    assert ask(tmp_path, *more, source=source) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.strip().endswith("Rien n'a été écrit.")
    assert not (tmp_path / "out.csv").exists()


def test_a_table_without_texts_gives_a_table_without_terms(tmp_path: Path) -> None:
    assert ask(tmp_path, source="texte\n") == 0
    assert written(tmp_path) == []
