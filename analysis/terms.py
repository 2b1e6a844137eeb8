"""Which words count as terms: the choices of a campaign, applied to its annotated texts.

What comes out (« said ») is what every count of words takes: for each testimony its terms, in
order, each with the offsets that lead back to its sentence.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.corpus import Corpus, CorpusError, Testimony
from analysis.french import Token, is_content
from analysis.sentences import sentences

Annotated = Mapping[str, Sequence[Token]]
Said = dict[str, tuple[Token, ...]]
KINDS = {
    "NOUN": "noms",
    "PROPN": "noms propres",
    "VERB": "verbes",
    "ADJ": "adjectifs",
    "ADV": "adverbes",
    "PRON": "pronoms",
    "INTJ": "interjections",
}
CONTENT = ("NOUN", "PROPN", "VERB", "ADJ")
EXPRESSION, NGRAM = "EXPR", "NGRAM"
LONGEST_NGRAM = 3
LONGEST_EXPRESSION = 6  # words
MOST_WORDS = 1_000  # in each list of a selection
_LONGEST_WORD = 80
# What may stand between two words of one expression: « conseil citoyen », « porte-à-porte ».
_JOINT = re.compile("[ \t\u00a0\u2009\u202f'’ʼ\u2010\u2011-]*")
_ELIDED = re.compile(r"(?<!aujourd)'(?=\S)")  # « d'accueil » is two words
_PLAIN = str.maketrans("’ʼ\u00a0\u202f\u2009\u2010\u2011", "''   --")


class SelectionError(ValueError):
    """A choice of words cannot be kept; the message says why, in French."""


def plain(word: str) -> str:
    """A word as lemmas are written: small letters, plain apostrophes and single spaces."""
    return " ".join(unicodedata.normalize("NFC", word).translate(_PLAIN).lower().split())


@dataclass(frozen=True)
class Selection:
    """The choices of a campaign about its words.

    ``kinds``: parts of speech that count; ``added``: words set aside; ``restored``: words that
    count though the shipped list sets them aside; ``expressions``: sequences of lemmas that count
    as one term; ``ngrams``: up to how many words the lexicon also counts sequences. A word is
    named by its lemma or by a form; one that is both added and restored is set aside.
    """

    kinds: tuple[str, ...] = CONTENT
    added: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    expressions: tuple[tuple[str, ...], ...] = ()
    ngrams: int = 1

    def __post_init__(self) -> None:
        words = (*self.added, *self.restored, *(word for one in self.expressions for word in one))
        if not self.kinds or not set(self.kinds) <= KINDS.keys():
            raise SelectionError("Gardez au moins une sorte de mots, parmi celles proposées.")
        if not 1 <= self.ngrams <= LONGEST_NGRAM:
            raise SelectionError(f"Les suites de mots vont de 1 à {LONGEST_NGRAM} mots.")
        if max(map(len, (self.added, self.restored, self.expressions))) > MOST_WORDS:
            raise SelectionError(f"Chaque liste tient {MOST_WORDS} mots au plus.")
        if any(not 2 <= len(one) <= LONGEST_EXPRESSION for one in self.expressions):
            raise SelectionError(f"Une expression a de 2 à {LONGEST_EXPRESSION} mots.")
        if any(not word or len(word) > _LONGEST_WORD or word != plain(word) for word in words):
            raise SelectionError(f"Un mot est vide, ou passe {_LONGEST_WORD} caractères.")

    def as_dict(self) -> dict[str, Any]:
        """What a campaign keeps, in plain JSON."""
        return {
            "kinds": list(self.kinds),
            "added": list(self.added),
            "restored": list(self.restored),
            "expressions": [" ".join(one) for one in self.expressions],
            "ngrams": self.ngrams,
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Selection:
        """The selection of ``as_dict``, or of what a person typed; what is missing is usual.

        ``SelectionError`` for what cannot be kept.
        """
        ngrams = raw.get("ngrams", 1)
        if type(ngrams) is not int:
            raise SelectionError(f"Les suites de mots vont de 1 à {LONGEST_NGRAM} mots.")
        kinds = _words(raw.get("kinds", CONTENT))
        return cls(
            tuple(kind.upper() for kind in kinds),
            _words(raw.get("added", ())),
            _words(raw.get("restored", ())),
            tuple(
                tuple(_ELIDED.sub("' ", one).split(" "))
                for one in _words(raw.get("expressions", ()))
            ),
            ngrams,
        )

    def keeps(self, token: Token, form: str = "") -> bool:
        """Whether this word (``form``: as it is written) counts as a term."""
        named = {token.lemma, plain(form)} if form else {token.lemma}
        if named & self._added:
            return False
        if token.pos == EXPRESSION or named & self._restored:
            return True
        if token.pos not in self.kinds:
            return False
        return is_content(token if token.pos in CONTENT else token._replace(pos="ADJ"))

    @property
    def by_form(self) -> bool:
        """Whether some choice names words, by which forms must be looked at too."""
        return bool(self.added or self.restored)

    @cached_property
    def _added(self) -> frozenset[str]:
        return frozenset(self.added)

    @cached_property
    def _restored(self) -> frozenset[str]:
        return frozenset(self.restored)

    @cached_property
    def by_first(self) -> dict[str, list[tuple[str, ...]]]:
        """The expressions by their first word."""
        found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for one in self.expressions:
            found[one[0]].append(one)
        return dict(found)


def _words(raw: object) -> tuple[str, ...]:
    """Words in plain writing, each once; a list of anything else is refused."""
    if not isinstance(raw, list | tuple) or not all(isinstance(word, str) for word in raw):
        raise SelectionError("Une liste de mots est attendue.")
    return tuple(dict.fromkeys(word for word in map(plain, raw) if word))


def said(annotated: Annotated, corpus: Corpus, selection: Selection | None = None) -> Said:
    """The terms of each testimony, in order: expressions merged, then words that count kept.

    A merged expression is one token, from its first word to the end of its last, ``EXPR``; the
    longest wins and none overlap. ``CorpusError`` when a testimony was not annotated.
    """
    chosen = selection or Selection()
    found: Said = {}
    for testimony in corpus.testimonies:
        tokens = words_of(annotated, testimony)
        if chosen.expressions:
            tokens = [
                one
                for run in runs(tokens, testimony.text)
                for one in _merged(run, testimony.text, chosen)
            ]
        found[testimony.id] = tuple(
            token for token in tokens if chosen.keeps(token, _form(token, testimony.text, chosen))
        )
    return found


def ngrams(
    annotated: Annotated, corpus: Corpus, size: int, selection: Selection | None = None
) -> Said:
    """The sequences of ``size`` words (2 or 3) that begin and end with a term, as tokens.

    They cross no sentence, no punctuation and no masked passage; tool words may stand inside
    (« aire de jeu »); an expression is one word. Unlike terms, they overlap.
    """
    if not 2 <= size <= LONGEST_NGRAM:
        raise SelectionError(f"Les suites comptées ont de 2 à {LONGEST_NGRAM} mots.")
    chosen = selection or Selection()
    found: Said = {}
    for testimony in corpus.testimonies:
        text, here = testimony.text, []
        for run in runs(words_of(annotated, testimony), text):
            words = _merged(run, text, chosen)
            ends = [chosen.keeps(word, _form(word, text, chosen)) for word in words]
            for rank in range(len(words) - size + 1):
                if ends[rank] and ends[rank + size - 1]:
                    here.append(_joined(words[rank : rank + size], NGRAM))
        found[testimony.id] = tuple(here)
    return found


def words_of(annotated: Annotated, testimony: Testimony) -> Sequence[Token]:
    """The words of a testimony; ``CorpusError`` when they were not prepared."""
    if testimony.id not in annotated:
        raise CorpusError(
            f"Les mots du témoignage {testimony.number} n'ont pas été préparés. "
            "Rien n'est perdu : relancez l'analyse."
        )
    return annotated[testimony.id]


def runs(tokens: Iterable[Token], text: str) -> Iterator[list[Token]]:
    """The words cut where a sentence ends, or where more than a space or a hyphen parts two."""
    ends = [span.end for span in sentences(text)]
    run: list[Token] = []
    for token in tokens:
        if run:
            gap = text[run[-1].end : token.start]
            apart = gap not in ("", " ") and not _JOINT.fullmatch(gap)
            if apart or bisect_right(ends, run[-1].start) != bisect_right(ends, token.start):
                yield run
                run = []
        run.append(token)
    if run:
        yield run


def _form(token: Token, text: str, chosen: Selection) -> str:
    return text[token.start : token.end] if chosen.by_form else ""


def _joined(words: Sequence[Token], kind: str) -> Token:
    lemma = " ".join(word.lemma for word in words)
    return Token(words[0].start, words[-1].end, lemma, kind)


def _merged(run: Sequence[Token], text: str, chosen: Selection) -> list[Token]:
    """The run with its expressions as one token each, from left to right, the longest first."""
    if not chosen.expressions:
        return list(run)
    names = [{word.lemma, plain(text[word.start : word.end])} for word in run]
    found: list[Token] = []
    rank = 0
    while rank < len(run):
        lines = (one for name in sorted(names[rank]) for one in chosen.by_first.get(name, ()))
        fitting = [one for one in lines if _fits(one, names[rank : rank + len(one)])]
        if fitting:
            best = max(fitting, key=lambda one: (len(one), one))
            token = Token(
                run[rank].start, run[rank + len(best) - 1].end, " ".join(best), EXPRESSION
            )
            found.append(token)
            rank += len(best)
        else:
            found.append(run[rank])
            rank += 1
    return found


def _fits(one: Sequence[str], names: Sequence[set[str]]) -> bool:
    return len(names) == len(one) and all(map(set.__contains__, names, one))
