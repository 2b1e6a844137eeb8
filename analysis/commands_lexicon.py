"""``python -m analysis lexicon``: the terms of a table of texts, how often and how evenly said."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.command_texts import CommandError, corpus_of, ready, write
from analysis.corpus import Corpus, Meeting
from analysis.french import FrenchModelError, annotate
from analysis.lexicon import Term, lexicon
from analysis.terms import LONGEST_NGRAM, Said, ngrams, said

_HEADER = ("terme", "forme", "mots", "occurrences", "textes", "dispersion")
_GROUPED = ("groupes", "dispersion_groupes")
_UNNAMED = "non dit"


def main(argv: Sequence[str]) -> int:
    """Write one line for each term, the most said first; 0 when done, 2 when refused."""
    asked = _asked(argv)
    try:
        _run(asked)
    except (CommandError, FrenchModelError) as refusal:
        print(f"{refusal} Rien n'a été écrit.", file=sys.stderr)
        return 2
    return 0


def _asked(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m analysis lexicon",
        description="Compte les mots d'une table de textes, et dit s'ils y sont partout.",
        epilog="Dispersion : de 0, dit partout également, à 1, dit à un seul endroit "
        "(écart de Gries, 2008).",
    )
    parser.add_argument("--input", type=Path, required=True, help="table CSV des textes")
    parser.add_argument("--text", required=True, help="colonne du texte")
    parser.add_argument("--id", help="colonne de l'identifiant")
    parser.add_argument("--group", help="colonne des groupes à comparer")
    parser.add_argument("--ngrams", type=int, default=1, help="suites de mots, jusqu'à 3 (1 sinon)")
    parser.add_argument("--output", type=Path, required=True, help="table CSV à écrire")
    return parser.parse_args(argv)


def _run(asked: argparse.Namespace) -> None:
    if not 1 <= asked.ngrams <= LONGEST_NGRAM:
        raise CommandError(f"--ngrams demande un nombre de 1 à {LONGEST_NGRAM}.")
    ready(asked.output)
    corpus = _corpus(asked)
    annotated = annotate({one.id: one.text for one in corpus.testimonies})
    groups = [meeting.label for meeting in corpus.meetings] if asked.group else []
    lines: list[tuple[object, ...]] = []
    for size in range(1, asked.ngrams + 1):
        held = ngrams(annotated, corpus, size) if size > 1 else said(annotated, corpus)
        inside = _by_group(held, corpus) if groups else {}
        lines += [
            (*_line(term, size), *(_spread(term, inside, groups) if groups else ()))
            for term in lexicon(held, corpus)
        ]
    header = (*_HEADER, *(_GROUPED if groups else ()), *(f"groupe {name}" for name in groups))
    write(asked.output, header, lines)


def _corpus(asked: argparse.Namespace) -> Corpus:
    """Each text as a testimony; each group, where there are some, as a meeting."""
    corpus = corpus_of(asked.input, asked.text, asked.id or "")
    if not asked.group:
        return corpus
    column = corpus_of(asked.input, asked.group, asked.id or "").testimonies
    groups = [one.text.strip() or _UNNAMED for one in column]
    return replace(
        corpus,
        meetings=tuple(Meeting(name, name, "", "") for name in sorted(set(groups))),
        testimonies=tuple(
            replace(one, meeting=group)
            for one, group in zip(corpus.testimonies, groups, strict=True)
        ),
    )


def _by_group(held: Said, corpus: Corpus) -> dict[tuple[str, str], int]:
    return Counter(
        (token.lemma, one.meeting) for one in corpus.testimonies for token in held[one.id]
    )


def _line(term: Term, size: int) -> Iterable[object]:
    return term.lemma, term.display, size, term.count, term.testimonies, f"{term.uneven:.4f}"


def _spread(
    term: Term, inside: dict[tuple[str, str], int], groups: Sequence[str]
) -> Iterable[object]:
    counts = (inside.get((term.lemma, group), 0) for group in groups)
    return term.meetings, f"{term.uneven_meetings:.4f}", *counts
