"""Recall and precision of what is proposed for masking, as JSON: ``python -m bench.masking``.

Measured on the invented sentences that the tests ship (`seen`: the rules were mended by them;
`kept`: they were not), and on the persons of WikiNEuRal when the shared folder is there, as
written and in small letters. A name is found when each of its words of more than three letters
(all of them, when none is so long) lies under a proposal; a proposed stretch is right when it
touches something that was expected.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import persons
from analysis.codebook import fold
from analysis.masking import Proposal, propose
from analysis.sentences import Span

ROOT = Path(__file__).resolve().parents[1]
INVENTED = ROOT / "tests" / "data" / "masking_sentences.jsonl"
WIKINEURAL = ROOT / ".." / "shared" / "data" / "ner_fr_wikineural.jsonl.gz"
USUAL = ROOT / ".." / "shared" / "data" / "prenoms_insee.csv"
NAMES = ("PRÉNOM", "NOM", "NOM COMPLET", "NOM SEUL")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Case:
    """A text, the group it is measured in, and what should be proposed (with its category)."""

    text: str
    group: str
    part: str
    expected: tuple[tuple[Span, str], ...]


def invented() -> list[Case]:
    """The written sentences; a first name and its surname are one thing to find."""
    cases = []
    for line in INVENTED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = [(Span(one["start"], one["end"]), one["category"]) for one in row["spans"]]
        cases.append(Case(row["text"], row["group"], row["part"], joined(row["text"], spans)))
    return cases


def joined(text: str, spans: Iterable[tuple[Span, str]]) -> tuple[tuple[Span, str], ...]:
    """First names and surnames beside each other as one « NOM COMPLET »; the rest as it is."""
    found: list[tuple[Span, str]] = []
    for span, category in spans:
        if category not in NAMES:
            found.append((span, category))
        elif found and found[-1][1] in NAMES and not _apart(text, found, span):
            found[-1] = (Span(found[-1][0].start, span.end), "NOM COMPLET")
        else:
            found.append((span, category))
    return tuple(found)


def _apart(text: str, found: Sequence[tuple[Span, str]], span: Span) -> bool:
    return bool(text[found[-1][0].end : span.start].strip(" .’'-"))


def score(cases: Sequence[Case], *, model: bool = True) -> dict[str, Any]:
    """Per group and per category: found out of expected, and right out of proposed."""
    texts = {str(rank): case.text for rank, case in enumerate(cases)}
    read = persons.find(texts) if model else {}
    figures: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0] * 4))
    for rank, case in enumerate(cases):
        proposed = propose(case.text, (), read.get(str(rank), ()))
        for span, category in case.expected:
            hit = _found(case.text, span, category, proposed)
            for tally in _tallies(figures, case, category):
                tally[0] += hit
                tally[1] += 1
        for stretch, category in joined(
            case.text, [(Span(p.start, p.end), p.kind) for p in proposed]
        ):
            right = any(
                one.start < stretch.end and stretch.start < one.end for one, _ in case.expected
            )
            for tally in _tallies(figures, case, category):
                tally[2] += right
                tally[3] += 1
    return {
        name: {key: _shares(*tally) for key, tally in part.items()}
        for name, part in figures.items()
    }


def _tallies(
    figures: dict[str, dict[str, list[int]]], case: Case, category: str
) -> Iterator[list[int]]:
    names = category in NAMES
    yield figures["groups"][case.group]
    yield figures["categories"]["NOMS" if names else category]
    if names:
        yield figures["names"][case.group]
    if category == "NOM COMPLET":
        yield figures["full_names"][case.group]
        yield figures["full_names"]["all"]
    yield figures["all"]["all"]


def _found(text: str, span: Span, category: str, proposed: Sequence[Proposal]) -> bool:
    words = [match.span() for match in _WORD.finditer(text, span.start, span.end)]
    if category in NAMES:
        words = [word for word in words if word[1] - word[0] > 3] or words
        near: Sequence[Proposal] = proposed
    else:
        words = [(span.start, span.end)]
        near = [one for one in proposed if one.kind == category]
    return all(any(one.start <= a and b <= one.end for one in near) for a, b in words)


def _shares(found: int, expected: int, right: int, proposed: int) -> dict[str, float | int | None]:
    return {
        "recall": round(found / expected, 3) if expected else None,
        "expected": expected,
        "precision": round(right / proposed, 3) if proposed else None,
        "proposed": proposed,
    }


def wikineural(size: int, *, small: bool = False) -> list[Case]:
    """Sentences of the set drawn by their hash, the full names of its persons by group of names."""
    usual = {fold(line.split(",")[0]) for line in _usual()}
    with gzip.open(WIKINEURAL, "rt", encoding="utf-8") as file:
        lines = sorted(file, key=lambda line: hashlib.sha256(line.encode()).digest())
    cases = []
    for row in map(json.loads, lines[:size]):
        text = row["text"].lower() if small else row["text"]
        people = [one for one in row["entities"] if one["label"] == "PER"]
        if len(text) != len(row["text"]):
            continue
        heads = [fold(one["text"].split()[0]) in usual for one in people if " " in one["text"]]
        group = "français" if heads and all(heads) else "origines diverses"
        spans = tuple(
            (Span(one["start"], one["end"]), "NOM COMPLET" if " " in one["text"] else "NOM SEUL")
            for one in people
        )
        cases.append(Case(text, group, "wikineural", spans))
    return cases


def _usual() -> list[str]:
    """First names given more than twenty thousand times in France, « name,sex,total,… »."""
    lines = USUAL.read_text(encoding="utf-8").splitlines()[1:]
    return [line for line in lines if int(line.split(",")[2]) > 20_000]


def speed(cases: Sequence[Case]) -> dict[str, float]:
    """Code points a second: by the rules and lists alone, and with the model's reading."""
    length = sum(len(case.text) for case in cases)
    started = time.perf_counter()
    for case in cases:
        propose(case.text)
    plain = time.perf_counter() - started
    started = time.perf_counter()
    persons.find({str(rank): case.text for rank, case in enumerate(cases)})
    return {
        "rules_per_second": round(length / plain),
        "reading_per_second": round(length / (time.perf_counter() - started)),
    }


def main(size: int = 1_000) -> None:
    """Print every figure; those of WikiNEuRal only when the shared folder is there."""
    cases = invented()
    parts = {part: [case for case in cases if case.part == part] for part in ("seen", "kept")}
    figures: dict[str, Any] = {part: score(some) for part, some in parts.items()}
    figures["without_model"] = score(cases, model=False)["names"]
    if WIKINEURAL.exists():
        figures["wikineural"] = score(wikineural(size))
        figures["wikineural_small"] = score(wikineural(size, small=True))
    figures["speed"] = speed(cases * 3)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
