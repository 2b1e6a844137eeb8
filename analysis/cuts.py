"""Ways to cut a campaign: place, method, wave, month, meeting, axis, profile answer, facet value.

A ``key`` names a part: « quartier:QP034020 ». The line ``""`` is everybody; others are themes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from analysis.codebook import Codebook
from analysis.corpus import Corpus, Meeting
from analysis.findings import facet_values
from analysis.suppression import Atoms, Watched
from analysis.wording import MONTHS

AXIS = "axe_evaluation"
UNSAID, SEVERAL = "non dit", "plusieurs réponses"
FAMILIES = {
    "quartier": "Quartier",
    "methode": "Méthode",
    "vague": "Vague",
    "axe": "Axe d'évaluation",
    "mois": "Mois",
    "rencontre": "Rencontre",
}
OF_MEETINGS = ("quartier", "methode", "vague", "mois", "rencontre")
PAIRED = ("quartier", "methode", "axe")
_ASKED = "profil:"  # before the name of a profile question that another variable bears


@dataclass(frozen=True, slots=True)
class Variable:
    """What themes are crossed with. ``kind``: ``meeting``, ``profile`` or ``facet``."""

    name: str
    label: str
    kind: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def family(self) -> str:
        """The family of cuts that its columns are; empty where they are none."""
        return "axe" if self.name == AXIS else self.name if self.kind == "meeting" else ""

    @property
    def question(self) -> str:
        """The profile question whose answers are its columns."""
        return self.name.removeprefix(_ASKED)

    def key(self, value: str) -> str:
        return f"{self.family}:{value}"


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of the campaign that a filter keeps."""

    family: str
    value: str
    label: str
    atoms: Atoms = frozenset()

    @property
    def key(self) -> str:
        return f"{self.family}:{self.value}"


@dataclass(frozen=True)
class Readings:
    """For each line, who speaks in it, and the facet values of what they say there."""

    speakers: Mapping[str, tuple[str, ...]]
    facets: Mapping[tuple[str, str], Mapping[str, frozenset[str]]]

    def values(self, line: str, testimony: str, facet: str) -> frozenset[str]:
        return self.facets.get((line, testimony), {}).get(facet, frozenset())


@dataclass(frozen=True)
class Cuts:
    """The parts offered, over the smallest parts (``atoms``) that they tell apart."""

    corpus: Corpus
    said: Readings
    atoms: Mapping[frozenset[str], int]
    all: tuple[Cut, ...]
    watched: Watched
    by_key: Mapping[str, Cut] = field(default_factory=dict)

    @property
    def speakers(self) -> Mapping[str, tuple[str, ...]]:
        return self.said.speakers

    @property
    def pairs(self) -> tuple[Cut, ...]:
        return tuple(cut for cut in self.all if cut.family in PAIRED)

    def of(self, family: str) -> list[Cut]:
        return [cut for cut in self.all if cut.family == family]

    def atom(self, testimony: str, line: str) -> int:
        """The atom in which a testimony lies, as the axes of this line place it."""
        meeting = self.corpus.meeting_by_id[self.corpus.testimony_by_id[testimony].meeting]
        axes = self.said.values(line, testimony, AXIS)
        return self.atoms[_signature(meeting, axes, self.by_key)]

    def values(self, testimony: str, line: str, variable: Variable) -> frozenset[str]:
        return values_of(self.corpus, self.said, testimony, line, variable)


def readings(corpus: Corpus, codebook: Codebook) -> Readings:
    """Who speaks of each theme and how, in order of testimony number; ``""`` is everybody."""
    facets: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for coding in corpus.codings:
        testimony = corpus.excerpt_by_id[coding.excerpt].testimony
        theme = codebook.theme_of(coding.code) or (
            codebook.theme(coding.code) if _is_theme(codebook, coding.code) else None
        )
        for line in ("", *((theme.code,) if theme else ())):
            said = facets[line, testimony]
            for name in coding.facets:
                said[name].update(facet_values(coding.facets, name))
    spoken: dict[str, list[str]] = {"": [item.id for item in corpus.testimonies]}
    number = {item.id: item.number for item in corpus.testimonies}
    for line, testimony in sorted(facets, key=lambda pair: (pair[0], number[pair[1]])):
        if line:
            spoken.setdefault(line, []).append(testimony)
    frozen = {
        key: {name: frozenset(values) for name, values in said.items()}
        for key, said in facets.items()
    }
    return Readings({line: tuple(names) for line, names in spoken.items()}, frozen)


def _is_theme(codebook: Codebook, code: str) -> bool:
    return any(theme.code == code for theme in codebook.themes)


def values_of(
    corpus: Corpus, said: Readings, testimony: str, line: str, variable: Variable
) -> frozenset[str]:
    """The column of a variable in which a testimony counts; for axes, each that it speaks of.

    A column of axes is then the very part that its filter keeps: « this axis alone » beside it
    would give away, by a difference, the few who speak of several.
    """
    found = corpus.testimony_by_id[testimony]
    if variable.kind == "profile":
        return frozenset({found.profile.get(variable.question) or UNSAID})
    if variable.kind == "facet":
        values = said.values(line, testimony, variable.name)
        if variable.name == AXIS:
            return values
        return frozenset({SEVERAL}) if len(values) > 1 else values or frozenset({UNSAID})
    return frozenset({_of_meeting(corpus.meeting_by_id[found.meeting], variable.name)})


def within(corpus: Corpus, said: Readings, testimony: str, line: str, key: str) -> bool:
    """Whether a testimony lies in the part of this key; everybody lies in ``""``."""
    family, _, value = key.partition(":")
    if family == "axe":
        return value in said.values(line, testimony, AXIS)
    meeting = corpus.meeting_by_id[corpus.testimony_by_id[testimony].meeting]
    return not key or _of_meeting(meeting, family) == value


def variables(corpus: Corpus, codebook: Codebook) -> tuple[Variable, ...]:
    """What this corpus can be crossed with: places and methods first, then profile, then facets."""
    found = [
        Variable(name, FAMILIES[name], "meeting", tuple(_labels(corpus, name).items()))
        for name in _meeting_families(corpus)
    ]
    asked = sorted({name for testimony in corpus.testimonies for name in testimony.profile})
    taken = {*OF_MEETINGS, *(facet.id for facet in codebook.facets)}
    found += [Variable(_ASKED + name if name in taken else name, name, "profile") for name in asked]
    used = {name for coding in corpus.codings for name in coding.facets}
    found += [
        Variable(facet.id, facet.label, "facet", tuple((value, value) for value in facet.values))
        for facet in codebook.facets
        if facet.id in used
    ]
    return tuple(found)


def everybody(corpus: Corpus, said: Readings, most: int) -> Cuts:
    """The parts to offer, ``most`` at the most: those of places and methods first, larger first.

    Axes are all offered: a group of axes must be told apart from any other.
    """
    offered = _offered(corpus, said, most)
    keys = {cut.key: cut for cut in offered}
    axes = {frozenset[str]()} | {
        said.values(line, name, AXIS) for line, names in said.speakers.items() for name in names
    }
    met = {testimony.meeting for testimony in corpus.testimonies}
    signatures = {
        _signature(corpus.meeting_by_id[meeting], values, keys)
        for meeting in met
        for values in axes
    }
    atoms = {signature: rank for rank, signature in enumerate(sorted(signatures, key=sorted))}
    cuts = [Cut(cut.family, cut.value, cut.label, _holding(atoms, cut.key)) for cut in offered]
    kept = tuple(cut for cut in cuts if cut.atoms)
    return Cuts(
        corpus, said, atoms, kept, _watched(kept, len(atoms)), {cut.key: cut for cut in kept}
    )


def _holding(atoms: Mapping[frozenset[str], int], key: str) -> Atoms:
    return frozenset(rank for signature, rank in atoms.items() if key in signature)


def _signature(meeting: Meeting, axes: Iterable[str], keys: Mapping[str, Cut]) -> frozenset[str]:
    own = {f"{name}:{_of_meeting(meeting, name)}" for name in OF_MEETINGS}
    return frozenset((own | {f"axe:{value}" for value in axes}) & keys.keys())


def _offered(corpus: Corpus, said: Readings, most: int) -> list[Cut]:
    sizes: Counter[str] = Counter()
    families = _meeting_families(corpus)
    for testimony in corpus.testimonies:
        meeting = corpus.meeting_by_id[testimony.meeting]
        sizes.update(f"{name}:{_of_meeting(meeting, name)}" for name in families)
        sizes.update(f"axe:{value}" for value in said.values("", testimony.id, AXIS))
    rank = {name: order for order, name in enumerate(FAMILIES)}
    ordered = sorted(sizes, key=lambda key: (rank[key.partition(":")[0]], -sizes[key], key))
    keys = [key for n, key in enumerate(ordered) if n < most or key.startswith("axe:")]
    labels = {name: _labels(corpus, name) for name in OF_MEETINGS}
    found = []
    for key in keys:
        family, _, value = key.partition(":")
        found.append(Cut(family, value, labels.get(family, {}).get(value, value)))
    return found


def _watched(cuts: Sequence[Cut], atoms: int) -> Watched:
    """Every group that two views could give away: meetings of parts, differences, leftovers."""
    whole = frozenset(range(atoms))
    base = {cut.atoms for cut in cuts} | {whole}
    found = set(base) | {frozenset({atom}) for atom in whole}
    for one, two in combinations(base, 2):
        found |= {one & two, one - two, two - one}
    paired = {one.atoms & two.atoms for one, two in combinations(cuts, 2) if _paired(one, two)}
    every = base | paired
    for one in paired:
        found |= {other - one for other in every if one < other}
        found |= {one - other for other in every if other < one}
    return Watched(atoms, found)


def _paired(one: Cut, two: Cut) -> bool:
    return one.family in PAIRED and two.family in PAIRED and one.family != two.family


def _meeting_families(corpus: Corpus) -> tuple[str, ...]:
    """What meetings can be gathered by: waves only where there are some."""
    waves = any(meeting.wave for meeting in corpus.meetings)
    return tuple(name for name in OF_MEETINGS if waves or name != "vague")


def _of_meeting(meeting: Meeting, family: str) -> str:
    if family == "mois":
        return f"{meeting.date:%Y-%m}" if meeting.date else UNSAID
    by_family = {
        "quartier": meeting.neighbourhood,
        "methode": meeting.method,
        "vague": meeting.wave,
        "rencontre": meeting.label,
    }
    return by_family.get(family, "") or UNSAID


def _labels(corpus: Corpus, family: str) -> dict[str, str]:
    """How the values of a family of meetings read, in order."""
    if family == "quartier":
        return {
            place.code: f"{place.name} ({place.municipality})" if place.municipality else place.name
            for place in corpus.campaign.neighbourhoods
        }
    if family == "mois":
        days = sorted({meeting.date for meeting in corpus.meetings if meeting.date})
        return {f"{day:%Y-%m}": f"{MONTHS[day.month - 1]} {day.year}" for day in days}
    if family == "vague":
        dated = sorted(corpus.meetings, key=lambda item: (item.date or date.max, item.wave))
        return {item.wave: item.wave for item in dated if item.wave}
    if family == "rencontre":
        ordered = sorted(corpus.meetings, key=lambda item: item.label)
        return {item.label: f"{item.label}, {item.place}".rstrip(", ") for item in ordered}
    return {}
