"""The voices that a count would drown: kept, read, and called « voix minoritaire ».

Few is at most one testimony in ten of its theme, and always one alone of three or more. Where two
tones meet, the one three times rarer is the minority; closer than that it is a disagreement. Groups
seldom met are shown together, unnamed, and only where they are enough not to point at somebody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.codebook import Codebook
from analysis.corpus import Corpus, Excerpt
from analysis.positions import BAD, GOOD, TONE, sides, speakers
from analysis.tables import Counts, codes_under, counts_of, excerpts_of
from analysis.wording import count, plural

LABEL = "Voix minoritaire"
INSIDE = 5  # testimonies under which a group could point at somebody
_TENTH = 10
_TIMES = 3  # how many times fewer a tone must be, as `analysis.findings` has it
_MOST_VALUES = 12  # a profile question with more answers cuts no groups
_QUARTER = 4  # groups seldom met make a quarter of the testimonies at most


@dataclass(frozen=True, slots=True)
class Voice:
    """Excerpts that few hold, and the sentence that says so.

    ``reason``: ``code`` (a subject few speak of), ``tone`` (against most), ``group`` (people
    seldom met). ``value`` is the code or the tone; empty for a group, which is never named.
    """

    reason: str
    value: str
    sentence: str
    counts: Counts
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class Minorities:
    """The minority voices of a theme or a code; ``note`` says what could not be shown."""

    code: str
    counts: Counts
    voices: tuple[Voice, ...]
    note: str


def minorities(
    corpus: Corpus, codebook: Codebook, code: str, threshold: int = INSIDE
) -> Minorities:
    """Every voice that few hold within a theme or a code, in reading order.

    ``threshold`` is the least number of testimonies of groups seldom met, taken together.
    Raises ``CodebookError`` when the grid does not hold the code.
    """
    excerpts = excerpts_of(corpus, codebook, code)
    whole = counts_of(corpus, excerpts)
    seldom = seldom_met(corpus)
    shown = len(seldom) >= threshold
    voices = [
        *_alone(code, excerpts, whole),
        *_of_codes(corpus, codebook, code, excerpts),
        *_of_tones(corpus, codebook, code, excerpts),
        *(_of_groups(corpus, excerpts, seldom, whole) if shown else ()),
    ]
    note = "" if shown or not seldom else _UNSHOWN
    return Minorities(code, whole, tuple(voices), note)


_UNSHOWN = (
    "Des groupes ont été peu rencontrés. Leurs paroles comptent avec les autres, mais ne sont "
    "pas montrées à part : on pourrait reconnaître quelqu'un."
)


def _few(part: int, whole: int) -> bool:
    alone = part == 1 and whole >= _TIMES
    return part > 0 and (alone or part * _TENTH <= whole)


def _alone(code: str, excerpts: tuple[Excerpt, ...], whole: Counts) -> list[Voice]:
    if whole.testimonies != 1:
        return []
    sentence = f"{LABEL} : un seul témoignage en parle dans toute la campagne."
    return [Voice("code", code, sentence, whole, excerpts)]


def _of_codes(
    corpus: Corpus, codebook: Codebook, code: str, excerpts: Sequence[Excerpt]
) -> list[Voice]:
    """The codes of a theme of which few of its testimonies speak."""
    coded: defaultdict[str, set[str]] = defaultdict(set)
    for coding in corpus.codings:
        coded[coding.code].add(coding.excerpt)
    whole = len({item.testimony for item in excerpts})
    found = []
    for inner in codes_under(codebook, code)[1:]:
        kept = tuple(item for item in excerpts if item.id in coded[inner])
        counts = counts_of(corpus, kept)
        if _few(counts.testimonies, whole):
            sentence = (
                f"{LABEL} : {count(counts.testimonies, 'témoignage')} sur {whole} "
                f"{plural(counts.testimonies, 'parle', 'parlent')} "
                f"de « {codebook.code(inner).label} »."
            )
            found.append(Voice("code", inner, sentence, counts, kept))
    return found


def _of_tones(
    corpus: Corpus, codebook: Codebook, code: str, excerpts: Sequence[Excerpt]
) -> list[Voice]:
    """The tone opposite to that of most; a testimony that has both is on neither side here."""
    tones = sides(corpus, codebook, excerpts, codes_under(codebook, code), TONE)
    good, bad = speakers(tones, GOOD), speakers(tones, BAD)
    both = good & bad
    (fewer, rare), (more, usual) = sorted(
        ((len(good - both), GOOD), (len(bad - both), BAD)), key=lambda pair: pair[0]
    )
    if not fewer or fewer * _TIMES > more:
        return []
    kept = tuple(
        item
        for side in tones
        for item in side.excerpts
        if side.value == rare and item.testimony not in both
    )
    sentence = (
        f"{LABEL} : {count(fewer, 'témoignage')} en {plural(fewer, 'parle', 'parlent')} de façon "
        f"{rare}, quand {more} en {plural(more, 'parle', 'parlent')} de façon {usual}."
    )
    return [Voice("tone", rare, sentence, counts_of(corpus, kept), kept)]


def _of_groups(
    corpus: Corpus, excerpts: Sequence[Excerpt], seldom: frozenset[str], whole: Counts
) -> list[Voice]:
    kept = tuple(item for item in excerpts if item.testimony in seldom)
    if not kept:
        return []
    counts = counts_of(corpus, kept)
    verb = plural(counts.testimonies, "vient", "viennent")
    sentence = (
        f"{LABEL} : {count(counts.testimonies, 'témoignage')} sur {whole.testimonies} {verb} de "
        f"personnes peu rencontrées, par leur quartier, la façon de les écouter ou leur profil."
    )
    return [Voice("group", "", sentence, counts, kept)]


def seldom_met(corpus: Corpus) -> frozenset[str]:
    """The testimonies of groups that make a tenth of the campaign or less, the smallest first.

    A group shares a neighbourhood, a method or a profile answer; taken together they stay under
    a quarter of the campaign, beyond which nothing is seldom.
    """
    groups: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for testimony in corpus.testimonies:
        groups["quartier", testimony.neighbourhood].add(testimony.id)
        groups["methode", corpus.meeting_by_id[testimony.meeting].method].add(testimony.id)
        for field, value in testimony.profile.items():
            if value:
                groups[f"profil:{field}", value].add(testimony.id)
    answers: defaultdict[str, list[int]] = defaultdict(list)
    for (field, _), held in groups.items():
        answers[field].append(len(held))
    small = sorted((len(held), key) for key, held in groups.items())
    found: set[str] = set()
    for size, key in small:
        asked, several = sum(answers[key[0]]), 1 < len(answers[key[0]]) <= _MOST_VALUES
        wider = found | groups[key]
        if several and size * _TENTH <= asked and len(wider) * _QUARTER <= len(corpus.testimonies):
            found = wider
    return frozenset(found)
