"""Measure the suggestions on real labelled contributions (beside the project), printed as JSON.

Nothing in this data speaks of housing, shops or parenting: those figures are not known.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis import codebook, french
from analysis.french import Token
from analysis.learning import train
from analysis.suggestions import Suggestion

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
QUESTION = "QUXVlc3Rpb246MTY2"
FOLDS = 5
REPEATS = 3  # one cut into folds moves a share by a hundredth
NOT_COVERED = (
    "logement, commerces, parentalité : aucune donnée réelle étiquetée, donc aucun chiffre"
)
# What the grid calls the categories of the Paris participatory budget.
PARIS = {
    "Cadre de vie": "CAD REN", "Environnement": "CAD REN", "Education et jeunesse": "EDU",
    "Culture et patrimoine": "CUL", "Sport": "CUL", "Solidarités": "DRO LIE EGA",
    "Mobilités": "MOB", "Prévention et sécurité": "TRA", "Propreté": "CAD", "Santé": "SAN",
    "Attractivité et emploi": "EMP ECO",
}  # fmt: skip
BOOK = codebook.load()
Texts = tuple[list[str], list[tuple[Token, ...]], list[tuple[str, ...]]]


def main() -> None:
    """Print every figure."""
    print(json.dumps(measure(), ensure_ascii=False, indent=1))


def measure() -> dict[str, Any]:
    """The figures of the issue, from 0 to 1; durations in seconds, memory in megabytes."""
    labelled = texts(rows("labelled_dev.csv", "theme", "theme"))
    found: dict[str, Any] = {"grid_alone": grid_alone(), "all_labels": folds(labelled)}
    for each in (20, 5):
        found[f"{each}_per_theme"] = few(labelled, each)
    question = [
        row
        for row in rows("multilabel_grande_annotation_dev.csv", "labels", "labels")
        if row["question_id"] == QUESTION
    ]
    found["several_labels"] = several(texts(question, "labels"))
    found["speed"] = speed()
    return found | {"not_covered": NOT_COVERED}


def rows(name: str, *wanted: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if all(row[column] for column in wanted)]


def texts(chosen: Sequence[dict[str, str]], column: str = "theme") -> Texts:
    """Texts, their words, and their labels."""
    said = [row["text"] for row in chosen]
    words = french.annotate({str(rank): text for rank, text in enumerate(said)})
    return said, list(words.values()), [tuple(row[column].split("|")) for row in chosen]


def grid_alone() -> dict[str, float]:
    """The titles of Paris, with nothing learned."""
    titles = [row for row in rows("labelled_dev.csv", "label") if row["source"] == "paris_bp"]
    said, words, labels = texts(titles, "label")
    offers = train((), (), BOOK, others=said, other_tokens=words).suggest(said, words)
    ranks = [
        next((rank for rank, one in enumerate(shown) if one.theme in PARIS[label].split()), 99)
        for shown, (label,) in zip(offers, labels, strict=True)
    ]
    shares = {f"among_{most}": sum(rank < most for rank in ranks) for most in (1, 3, 6)}
    return {name: round(count / len(ranks), 3) for name, count in shares.items()} | {
        "mean_shown": round(sum(map(len, offers)) / len(offers), 2),
        "mean_score": round(sum(shown[0].score for shown in offers if shown) / len(offers), 3),
    }


def folds(data: Texts) -> dict[str, Any]:
    """Cross-validation, each text judged by a machine that never saw it coded; the mean of the
    cuts, then each cut's accuracy and the first cut's labels."""
    cuts = [_cut(data, seed) for seed in range(REPEATS)]
    means = {name: _mean(cut[name] for cut in cuts) for name in cuts[0] if name != "labels"}
    each = [cut["accuracy"] for cut in cuts]
    return means | {"accuracy_each": each, "labels": cuts[0]["labels"]}


def _mean(shares: Iterable[float]) -> float:
    return round(statistics.fmean(shares), 3)


def _cut(data: Texts, seed: int) -> dict[str, Any]:
    shown: list[tuple[Suggestion, ...]] = [()] * len(data[0])
    for held in _folds(data[2], seed):
        learned = [place for place in range(len(data[0])) if place not in held]
        for place, offers in zip(held, _judge(data, learned, held), strict=True):
            shown[place] = offers
    return figures(shown, data[2], detail=True)


def _folds(labels: Sequence[tuple[str, ...]], seed: int) -> list[list[int]]:
    """Each label spread over the folds."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, mine in enumerate(labels):
        places[mine].append(place)
    pick = random.Random(seed)  # noqa: S311  # repeatable, not secret
    found: list[list[int]] = [[] for _ in range(FOLDS)]
    turn = 0
    for mine in sorted(places):
        pick.shuffle(places[mine])
        for place in places[mine]:
            found[turn % FOLDS].append(place)
            turn += 1
    return found


def _judge(data: Texts, learned: Sequence[int], held: Sequence[int]) -> Iterator[Any]:
    said, words, labels = data
    mine, theirs = [said[p] for p in held], [words[p] for p in held]
    model = train(
        [said[p] for p in learned],
        [labels[p] for p in learned],
        BOOK,
        tokens=[words[p] for p in learned],
        others=mine,
        other_tokens=theirs,
    )
    yield from model.suggest(mine, theirs)


def few(data: Texts, each: int, draws: int = 3) -> dict[str, float]:
    """Few codings of each label (half of a rare one), judged on all the other texts."""
    found = []
    for draw in range(draws):
        pick = random.Random(draw)  # noqa: S311  # repeatable, not secret
        learned: list[int] = []
        for label in sorted(set(data[2])):
            places = [place for place, mine in enumerate(data[2]) if mine == label]
            learned += pick.sample(places, min(each, len(places) // 2))
        held = [place for place in range(len(data[0])) if place not in set(learned)]
        offers = list(_judge(data, learned, held))
        found.append(figures(offers, [data[2][place] for place in held]))
    return {name: round(sum(one[name] for one in found) / draws, 3) for name in found[0]}


def several(data: Texts) -> dict[str, Any]:
    """Texts that bear several labels, by cross-validation; the mean of the cuts.

    ``recall_six`` is the mean over texts of the share of their labels that are shown,
    ``recall_six_pooled`` the share of all labels together.
    """
    cuts = [_several(data, seed) for seed in range(REPEATS)]
    each = [cut["precision_first"] for cut in cuts]
    return {name: _mean(cut[name] for cut in cuts) for name in cuts[0]} | {
        "precision_first_each": each
    }


def _several(data: Texts, seed: int) -> dict[str, float]:
    places = list(range(len(data[0])))
    random.Random(seed).shuffle(places)  # noqa: S311  # repeatable, not secret
    right, shares, hits, wanted = [], [], 0, 0
    for fold in range(FOLDS):
        held = places[fold::FOLDS]
        learned = [place for place in places if place not in set(held)]
        for place, offers in zip(held, _judge(data, learned, held), strict=True):
            codes, truth = [one.code for one in offers], set(data[2][place])
            right.append(bool(codes) and codes[0] in truth)
            shares.append(len(truth.intersection(codes)) / len(truth))
            hits += len(truth.intersection(codes))
            wanted += len(truth)
    return {
        "precision_first": _mean(right),
        "recall_six": _mean(shares),
        "recall_six_pooled": round(hits / wanted, 3),
    }


def figures(
    shown: Sequence[tuple[Suggestion, ...]], labels: Sequence[tuple[str, ...]], detail: bool = False
) -> dict[str, Any]:
    """Accuracy and macro-F1 of the first suggestion, shares among three and six; per label."""
    truth = [mine[0] for mine in labels]
    first = [offers[0].code if offers else "" for offers in shown]
    per = {label: _one(label, truth, first) for label in sorted(set(truth))}
    within = [[one.code for one in offers] for offers in shown]
    found: dict[str, Any] = {
        "accuracy": sum(map(str.__eq__, truth, first)) / len(truth),
        "macro_f1": sum(one["f1"] for one in per.values()) / len(per),
        "among_3": sum(t in codes[:3] for t, codes in zip(truth, within, strict=True)) / len(truth),
        "among_6": sum(t in codes for t, codes in zip(truth, within, strict=True)) / len(truth),
        "mean_shown": sum(map(len, shown)) / len(shown),
        "mean_score": sum(offers[0].score for offers in shown if offers) / len(shown),
    }
    found = {name: round(value, 3) for name, value in found.items()}
    return found | ({"labels": per} if detail else {})


def _one(label: str, truth: Sequence[str], first: Sequence[str]) -> dict[str, float]:
    right = sum(t == f == label for t, f in zip(truth, first, strict=True))
    precision = right / max(first.count(label), 1)
    recall = right / truth.count(label)
    return {
        "texts": truth.count(label),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
    }


def speed(sentences: int = 11_000) -> dict[str, float]:
    """Learn and suggest for a whole campaign of short texts, their words already read."""
    said, words, labels = texts(rows("labelled_dev.csv", "theme"))
    short = [place for place, text in enumerate(said) if len(text) < 400]
    places = [short[rank % len(short)] for rank in range(sentences)]
    many, read = [said[p] for p in places], [words[p] for p in places]
    began = time.perf_counter()
    model = train(said, labels, BOOK, tokens=words, others=many, other_tokens=read)
    learned = time.perf_counter() - began
    model.suggest(many, read)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "train_s": round(learned, 1),
        "all_s": round(time.perf_counter() - began, 1),
        "memory_mb": round(held / (1_048_576 if sys.platform == "darwin" else 1_024)),
    }


if __name__ == "__main__":
    main()
