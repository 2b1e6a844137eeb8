"""The few excerpts that stand for a theme: close to what is said most, and unlike one another.

Words are lemmas weighted by TF-IDF (Spärck Jones 1972), rare in the campaign counting more; the
centre of a theme is the mean of its testimonies, one voice each. The choice follows maximal
marginal relevance (Carbonell and Goldstein 1998). Pure Python: nothing heavy is loaded.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from analysis.codebook import Codebook
from analysis.corpus import Corpus, Excerpt
from analysis.french import Token
from analysis.quotations import MOST_QUOTED
from analysis.tables import Counts, counts_of, excerpts_of
from analysis.wording import count, listing

Said = Mapping[str, Sequence[Token]]
Vector = Mapping[str, float]

# Our choices, set by reading what they choose. A cosine lies in 0..1, a malus is taken off it.
CENTRAL = 0.6  # what closeness to the theme weighs against novelty
SAME_MEETING = 0.10
SAME_NEIGHBOURHOOD = 0.05
BAD_LENGTH = 0.15
NOT_CITABLE = 0.05
ALIKE = 0.5  # the cosine from which two excerpts repeat one another
LENGTHS = range(40, 401)  # code points that one reads aloud
_NAMED = 3  # words named in a reason
_HEARD = 2  # testimonies from which a word may be named


@dataclass(frozen=True, slots=True)
class Chosen:
    """An excerpt, whether its words may be quoted, its closeness to the theme (0..1), and why."""

    excerpt: Excerpt
    citable: bool
    closeness: float
    words: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """Excerpts of several testimonies that say the same, and the words they have in common."""

    words: tuple[str, ...]
    excerpts: tuple[Excerpt, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Representative:
    """What to read first on a theme or a code; ``counts`` are those of all its excerpts."""

    code: str
    label: str
    counts: Counts
    chosen: tuple[Chosen, ...]
    repeated: tuple[Repeated, ...]


def choose(
    corpus: Corpus, codebook: Codebook, code: str, said: Said, most: int = MOST_QUOTED
) -> Representative:
    """At most ``most`` excerpts of a theme or a code, and what its excerpts repeat.

    ``said`` holds the words that count in each testimony. No testimony comes twice while another
    waits. Raises ``CodebookError`` when the grid does not hold the code.
    """
    excerpts = excerpts_of(corpus, codebook, code)
    inside = vectors(excerpts, said)
    return Representative(
        code,
        codebook.code(code).label,
        counts_of(corpus, excerpts),
        _chosen(corpus, excerpts, inside, said, most),
        _repeated(corpus, excerpts, inside),
    )


def tokens_of(excerpt: Excerpt, said: Said) -> list[Token]:
    """The words that lie whole inside an excerpt."""
    return [
        token
        for token in said.get(excerpt.testimony, ())
        if excerpt.start <= token.start and token.end <= excerpt.end
    ]


def vectors(excerpts: Iterable[Excerpt], said: Said) -> dict[str, Vector]:
    """For each excerpt id the weights of its lemmas, of length one; empty without words."""
    spoken = Counter(lemma for tokens in said.values() for lemma in {t.lemma for t in tokens})
    rarity = {lemma: 1 + log((1 + len(said)) / (1 + held)) for lemma, held in spoken.items()}
    found: dict[str, Vector] = {}
    for excerpt in excerpts:
        times = Counter(token.lemma for token in tokens_of(excerpt, said))
        found[excerpt.id] = _unit({w: (1 + log(n)) * rarity[w] for w, n in times.items()})
    return found


def cosine(one: Vector, two: Vector) -> float:
    """The likeness of two vectors of length one, in 0..1."""
    if len(one) > len(two):
        one, two = two, one
    return sum(weight * two[lemma] for lemma, weight in one.items() if lemma in two)


def _unit(weights: dict[str, float]) -> Vector:
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {lemma: weights[lemma] / length for lemma in sorted(weights)}


def centre_of(excerpts: Sequence[Excerpt], inside: Mapping[str, Vector]) -> Vector:
    """The mean of the excerpts; who said ten things on a theme weighs no more than another."""
    voices = Counter(excerpt.testimony for excerpt in excerpts)
    total: defaultdict[str, float] = defaultdict(float)
    for excerpt in excerpts:
        for lemma, weight in inside[excerpt.id].items():
            total[lemma] += weight / voices[excerpt.testimony]
    return _unit(dict(total))


def _speakers(excerpts: Iterable[Excerpt], inside: Mapping[str, Vector]) -> dict[str, set[str]]:
    """The testimonies behind each lemma."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for excerpt in excerpts:
        for lemma in inside[excerpt.id]:
            found[lemma].add(excerpt.testimony)
    return found


def _chosen(
    corpus: Corpus,
    excerpts: Sequence[Excerpt],
    inside: Mapping[str, Vector],
    said: Said,
    most: int,
) -> tuple[Chosen, ...]:
    centre = centre_of(excerpts, inside)
    close = {excerpt.id: cosine(inside[excerpt.id], centre) for excerpt in excerpts}
    heard = {w for w, who in _speakers(excerpts, inside).items() if len(who) >= _HEARD}
    waiting = {excerpt.id: excerpt for excerpt in excerpts}
    nearest = dict.fromkeys(waiting, 0.0)  # to the closest of those already chosen
    worth = {key: CENTRAL * close[key] - _malus(corpus, waiting[key]) for key in waiting}
    used: Counter[str] = Counter()
    found: list[Chosen] = []
    while waiting and len(found) < most:
        best = min(
            waiting.values(),
            key=lambda one: (
                used[f"t:{one.testimony}"],
                _crowd(corpus, one, used) + (1 - CENTRAL) * nearest[one.id] - worth[one.id],
                one.number,
                one.id,
            ),
        )
        del waiting[best.id]
        words = _words(best, inside[best.id], centre, heard, said)
        why = _why(corpus, best, words, nearest[best.id], used)
        citable = corpus.testimony_by_id[best.testimony].may_quote(best.quote)
        found.append(Chosen(best, citable, min(1.0, close[best.id]), words, why))
        used.update(_places(corpus, best))
        for key in waiting:
            nearest[key] = max(nearest[key], cosine(inside[key], inside[best.id]))
    return tuple(found)


def _places(corpus: Corpus, excerpt: Excerpt) -> tuple[str, str, str]:
    testimony = corpus.testimony_by_id[excerpt.testimony]
    return f"t:{testimony.id}", f"m:{testimony.meeting}", f"n:{testimony.neighbourhood}"


def _crowd(corpus: Corpus, excerpt: Excerpt, used: Counter[str]) -> float:
    """The malus for a meeting and a neighbourhood already chosen from, at each time."""
    _, meeting, neighbourhood = _places(corpus, excerpt)
    return SAME_MEETING * used[meeting] + SAME_NEIGHBOURHOOD * used[neighbourhood]


def _malus(corpus: Corpus, excerpt: Excerpt) -> float:
    citable = corpus.testimony_by_id[excerpt.testimony].may_quote(excerpt.quote)
    readable = len(excerpt.quote) in LENGTHS
    return (0.0 if readable else BAD_LENGTH) + (0.0 if citable else NOT_CITABLE)


def _words(
    excerpt: Excerpt, weights: Vector, centre: Vector, heard: set[str], said: Said
) -> tuple[str, ...]:
    """The words, as this excerpt says them, that bring it close to the theme."""
    spoken = {token.lemma: token for token in reversed(tokens_of(excerpt, said))}
    named = sorted(heard & weights.keys(), key=lambda word: (-weights[word] * centre[word], word))
    return tuple(_as_said(excerpt, spoken[word]) for word in named[:_NAMED])


def _as_said(excerpt: Excerpt, token: Token) -> str:
    return excerpt.quote[token.start - excerpt.start : token.end - excerpt.start].lower()


def _why(
    corpus: Corpus, excerpt: Excerpt, words: Sequence[str], nearest: float, used: Counter[str]
) -> str:
    told = []
    if words:
        named = listing(f"« {word} »" for word in words)
        told.append(f"Reprend ce que plusieurs disent : {named}.")
    else:
        told.append("Aucun de ses mots ne revient dans un autre témoignage.")
    if used:
        _, meeting, neighbourhood = _places(corpus, excerpt)
        if not used[neighbourhood]:
            told.append("Vient d'un quartier que les extraits précédents ne montrent pas.")
        elif not used[meeting]:
            told.append("Vient d'une rencontre que les extraits précédents ne montrent pas.")
        if words and nearest < ALIKE / 2:
            told.append("En parle avec d'autres mots que les extraits précédents.")
    if len(excerpt.quote) not in LENGTHS:
        told.append("Trop court ou trop long pour être lu à voix haute.")
    return " ".join(told)


def _repeated(
    corpus: Corpus, excerpts: Sequence[Excerpt], inside: Mapping[str, Vector]
) -> tuple[Repeated, ...]:
    """Each excerpt joins the closest first one that it repeats; lone ones are left out."""
    held: defaultdict[str, list[Excerpt]] = defaultdict(list)
    leaders: defaultdict[str, list[str]] = defaultdict(list)  # by lemma
    speakers = _speakers(excerpts, inside)
    for excerpt in excerpts:
        weights = inside[excerpt.id]
        near = {key for lemma in _telling(weights, speakers) for key in leaders[lemma]}
        likeness = [(cosine(weights, inside[key]), held[key][0].number, key) for key in near]
        alike, _, key = max(likeness, key=lambda one: (one[0], -one[1], one[2]), default=(0, 0, ""))
        if alike >= ALIKE:
            held[key].append(excerpt)
            continue
        held[excerpt.id].append(excerpt)
        for lemma in weights:
            leaders[lemma].append(excerpt.id)
    found = [_group(corpus, group, inside) for group in held.values() if len(group) > 1]
    several = [group for group in found if group.counts.testimonies >= _HEARD]
    return tuple(sorted(several, key=lambda group: -group.counts.testimonies))


def _telling(weights: Vector, speakers: Mapping[str, set[str]]) -> list[str]:
    """The rarest words of an excerpt: who shares none of them is not ``ALIKE`` (Cauchy-Schwarz)."""
    order = sorted(weights, key=lambda lemma: (-len(speakers[lemma]), lemma))
    rest = 0.0
    for place, lemma in enumerate(order):
        rest += weights[lemma] ** 2
        if sqrt(rest) >= ALIKE:
            return order[place:]
    return order


def _group(corpus: Corpus, group: Sequence[Excerpt], inside: Mapping[str, Vector]) -> Repeated:
    speakers = _speakers(group, inside)
    counts = counts_of(corpus, group)
    common = [word for word, who in speakers.items() if 2 * len(who) > counts.testimonies]
    common = [word for word in common if len(speakers[word]) >= _HEARD]
    common.sort(key=lambda word: (-len(speakers[word]), word))
    return Repeated(tuple(common[:_NAMED]), tuple(group), counts)


def sentence(counts: Counts) -> str:
    """« 3 témoignages, 2 rencontres, 5 personnes »: what every list says of itself."""
    return (
        f"{count(counts.testimonies, 'témoignage')}, {count(counts.meetings, 'rencontre')}, "
        f"{count(counts.people, 'personne')}"
    )
