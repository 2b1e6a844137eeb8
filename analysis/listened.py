"""Who is not heard: declared profiles beside reference figures of the neighbourhood.

Numbers are those that the crossings of the run show, and no others. A group that nobody said to be
of is named all the same: there is nobody to recognise. No test is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from analysis.codebook import fold
from analysis.corpus import Corpus, Testimony
from analysis.crossings import ALL, Crossing, Line
from analysis.cuts import UNSAID
from analysis.listened_csv import Reference
from analysis.listened_groups import Titles, answers_of, question_of
from analysis.tables import Counts
from analysis.wording import listing

ENOUGH = 30  # testimonies that answered: no share, and no word on a gap, under it
_CLOSE = 3  # a gap of fewer testimonies is no gap
NOBODY = "personne n'a été entendu"
MASKED = "nombre non imprimé"
UNKNOWN = "le nombre de réponses n'est pas imprimé"
FEW = "trop peu de réponses pour comparer"
WORDS = (
    (0.5, "bien moins présents ici que dans le quartier"),
    (0.8, "moins présents ici que dans le quartier"),
    (1.25, "à peu près autant ici que dans le quartier"),
)
MORE = "plus présents ici que dans le quartier"
CAUTION = (
    "La source compte toutes les personnes qui habitent le quartier ; ici ne comptent que celles "
    "qui ont répondu à la question. Ces chiffres aident à voir qui manque et qui aller écouter. "
    "Ils ne rendent pas ces paroles représentatives, et aucun test n'est fait."
)


@dataclass(frozen=True, slots=True)
class Group:
    """``heard``: None is masked. ``share``: of the testimonies that answered, rounded percent."""

    label: str
    answers: tuple[str, ...]
    heard: Counts | None
    share: int | None
    reference: Reference | None
    words: str

    @property
    def nobody(self) -> bool:
        return self.heard is not None and not self.heard.testimonies


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile question in a place (``""``: the campaign), groups without anybody first.

    ``unsaid`` is who gave no answer or was not asked; ``not_asked`` those whose questionnaire does
    not ask, where that can be told and shown.
    """

    question: str
    title: str
    place: str
    place_label: str
    total: Counts | None
    unsaid: Counts | None
    not_asked: int | None
    groups: tuple[Group, ...]

    @property
    def sentence(self) -> str:
        """Who was not heard, in French; empty when every group was, or nobody answered."""
        absent = [f"« {group.label} »" for group in self.groups if group.nobody]
        if not absent:
            return ""
        where = f" ({self.place_label})" if self.place else ""
        return f"{self.title}{where} : personne n'a donné pour réponse {listing(absent)}."


@dataclass(frozen=True, slots=True)
class Listened:
    """``not_compared``: the figures that stand beside nothing, each with the reason, in French."""

    profiles: tuple[Profile, ...]
    not_compared: tuple[tuple[Reference, str], ...]


def listened(
    corpus: Corpus,
    crossings: Iterable[Crossing],
    titles: Titles,
    references: Sequence[Reference] = (),
    *,
    threshold: int,
    asked: Mapping[str, Iterable[str]] | None = None,
) -> Listened:
    """Every profile question that was answered; by place too, where figures of it were given.

    ``crossings`` are those of this corpus, made with ``threshold``. ``asked``: the profile
    questions of each questionnaire, as `Testimony.questionnaire` names them.
    """
    by_question = {
        crossing.variable.question: crossing
        for crossing in crossings
        if crossing.variable.kind == "profile"
    }
    known = {name for testimony in corpus.testimonies for name in testimony.profile}
    named = {name: titles[name] for name in titles if name in known}
    named |= {name: (name, {}) for name in sorted(known - titles.keys())}
    usable, refused = _usable(corpus, references, titles, known)
    profiles = []
    for question, (title, choices) in named.items():
        for place, label in [(ALL, ""), *_places(corpus)]:
            mine = [item for item in usable if item[:2] == (question, place)]
            if place and not mine:
                continue
            part = _Part(corpus, by_question.get(question), question, place, threshold)
            groups = tuple(_groups(part, choices, [item[2:] for item in mine]))
            missing = part.not_asked(asked) if asked is not None else None
            heard = part.total, part.heard({UNSAID}), missing
            profiles.append(Profile(question, title, place, label, *heard, groups))
    return Listened(tuple(profiles), tuple(refused))


class _Part:
    """The answers to one question in one place, as the crossings show them."""

    def __init__(
        self,
        corpus: Corpus,
        crossing: Crossing | None,
        question: str,
        place: str,
        threshold: int,
    ) -> None:
        self._people = [
            item for item in corpus.testimonies if not place or _place(corpus, item) == place
        ]
        self._question, self._threshold = question, threshold
        key = f"quartier:{place}" if place else ALL
        view = crossing.views.get(key, ()) if crossing else ()
        line = next((line for line in view if line.code == ALL), None)
        self._shown = _shown(crossing, line) if crossing and line else {}
        self.total = line.total if line else None if place else _counts(self._people)
        self.values = {self._value(item) for item in self._people} - {UNSAID}

    def _value(self, testimony: Testimony) -> str:
        return testimony.profile.get(self._question) or UNSAID

    def heard(self, answers: Iterable[str]) -> Counts | None:
        """Those who gave one of these answers; None when one of the numbers is masked."""
        wanted = set(answers)
        mine = [item for item in self._people if self._value(item) in wanted]
        met = {self._value(item) for item in mine}
        return _counts(mine) if all(self._shown.get(value) for value in met) else None

    def answered(self) -> int | None:
        unsaid = self.heard({UNSAID})
        if self.total is None or unsaid is None:
            return None
        return self.total.testimonies - unsaid.testimonies

    def not_asked(self, asked: Mapping[str, Iterable[str]]) -> int | None:
        """None where it is small, or where it would give away a small number of silences."""
        unsaid = [item for item in self._people if self._value(item) == UNSAID]
        apart = sum(
            item.questionnaire in asked and self._question not in asked[item.questionnaire]
            for item in unsaid
        )
        small = any(0 < number < self._threshold for number in (apart, len(unsaid) - apart))
        return None if small or self.heard({UNSAID}) is None else apart


def _shown(crossing: Crossing, line: Line) -> dict[str, Counts | None]:
    return dict(zip((value for value, _ in crossing.columns), line.cells, strict=True))


def _counts(people: Sequence[Testimony]) -> Counts:
    return Counts(
        len(people), len({item.meeting for item in people}), sum(item.persons for item in people)
    )


def _place(corpus: Corpus, testimony: Testimony) -> str:
    return corpus.meeting_by_id[testimony.meeting].neighbourhood


def _places(corpus: Corpus) -> list[tuple[str, str]]:
    """The neighbourhoods to look at apart: none where there is only one."""
    places = corpus.campaign.neighbourhoods
    return [(place.code, place.name) for place in places] if len(places) > 1 else []


def _groups(
    part: _Part, choices: Mapping[str, str], given: Sequence[tuple[Reference, tuple[str, ...]]]
) -> list[Group]:
    """The groups of the figures, then the answers in none of them; those without anybody first."""
    if not part.values:
        return []
    covered = {answer for _, answers in given for answer in answers}
    left = [name for name in choices if name not in covered]
    left += sorted(part.values - covered - choices.keys())
    found = [_group(part, row.group, answers, row) for row, answers in given]
    found += [_group(part, choices.get(name, name), (name,), None) for name in left]
    return sorted(found, key=lambda group: not group.nobody)


def _group(part: _Part, label: str, answers: tuple[str, ...], reference: Reference | None) -> Group:
    heard, answered = part.heard(answers), part.answered()
    enough = answered is not None and answered >= ENOUGH
    share = round(100 * heard.testimonies / answered) if heard and answered and enough else None
    group = Group(label, answers, heard, share, reference, "")
    return replace(group, words=_words(group, answered))


def _words(group: Group, answered: int | None) -> str:
    """The gap in words; a gap of a few testimonies is none."""
    if group.heard is None:
        return MASKED
    if group.nobody:
        return NOBODY
    if group.reference is None or group.reference.share is None:
        return ""
    if answered is None:
        return UNKNOWN
    if answered < ENOUGH:
        return FEW
    awaited = answered * group.reference.share / 100
    if abs(group.heard.testimonies - awaited) < _CLOSE:
        return WORDS[-1][1]
    said = group.heard.testimonies / awaited if awaited else float("inf")
    return next((words for most, words in WORDS if said < most), MORE)


def _usable(
    corpus: Corpus, references: Sequence[Reference], titles: Titles, known: Iterable[str]
) -> tuple[list[tuple[str, str, Reference, tuple[str, ...]]], list[tuple[Reference, str]]]:
    """The figures that stand beside a question and a place, and the others with the reason."""
    places = [place.code for place in corpus.campaign.neighbourhoods]
    usable, refused = [], []
    newest: dict[tuple[str, str], tuple[int, str]] = {}
    for row in references:
        key = (fold(row.indicator), row.perimeter)
        newest[key] = max(newest.get(key, (0, "")), (row.year, row.source))
    for row in references:
        question = question_of(row.indicator, titles)
        answers = answers_of(row, titles[question][1]) if question else ()
        if row.perimeter not in places:
            refused.append((row, "ce périmètre n'est pas un quartier de la campagne"))
        elif newest[fold(row.indicator), row.perimeter] != (row.year, row.source):
            refused.append((row, "un chiffre plus récent, ou d'une autre source, est déjà là"))
        elif question is None or question not in known:
            refused.append((row, "aucune réponse recueillie ne porte sur ce sujet"))
        elif not answers:
            refused.append((row, "aucune réponse du questionnaire ne correspond à ce groupe"))
        else:
            place = row.perimeter if len(places) > 1 else ALL
            usable.append((question, place, row, answers))
    return usable + list(_summed(usable, places)), refused


def _summed(
    usable: Sequence[tuple[str, str, Reference, tuple[str, ...]]], places: Sequence[str]
) -> Iterator[tuple[str, str, Reference, tuple[str, ...]]]:
    """The campaign's figures where each of its neighbourhoods gives numbers of people.

    A share is of all the people of those neighbourhoods, those of groups without answer included:
    what each neighbourhood's own share says.
    """
    if len(places) < 2:
        return
    rows = [item for item in usable if item[2].count and item[2].share]
    wholes = {item[:2]: 100 * (item[2].count or 0) / (item[2].share or 100) for item in rows}
    alike = sorted(rows, key=lambda item: (item[0], item[2].year, item[2].source, item[3]))
    found = []
    for _, items in groupby(alike, key=lambda i: (i[0], i[2].year, i[2].source, i[3])):
        mine = list(items)
        if sorted(item[1] for item in mine) == sorted(places):
            question, _, row, answers = min(mine, key=lambda item: item[2].line)
            people = sum(item[2].count or 0 for item in mine)
            share = 100 * people / sum(wholes[question, place] for place in places)
            summed = replace(row, perimeter="", count=people, share=share)
            found.append((question, ALL, summed, answers))
    yield from sorted(found, key=lambda item: item[2].line)
