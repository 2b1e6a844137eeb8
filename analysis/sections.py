"""The generated sections of a synthesis: who was heard, how, the limits, the proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count as counting
from string import ascii_uppercase

from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.document import (
    Essentials,
    Exploratory,
    Heard,
    Listening,
    MeetingRow,
    ThemeVoices,
    Trace,
    TraceRow,
)
from analysis.findings import Finding, facet_values, voices_of
from analysis.pictures import OUTSIDE_THRESHOLD
from analysis.quotations import quotation, representative
from analysis.tables import totals
from analysis.wording import count, french_date, listing, plural

MOST_ESSENTIAL = 7
MOST_LISTED = 3
ONE_LINE_LIMIT = (
    "Les nombres disent combien de fois un sujet est venu dans ces paroles ; "
    "ils ne disent pas quelle part du quartier le pense."
)


def days(corpus: Corpus) -> tuple[date | None, date | None]:
    """First and last known days of listening."""
    known = [meeting.date for meeting in corpus.meetings if meeting.date]
    known += [testimony.date for testimony in corpus.testimonies if testimony.date]
    return (min(known), max(known)) if known else (None, None)


def representativeness(corpus: Corpus, missing: Iterable[str]) -> str:
    """The sentence that every synthesis must bear on what its numbers are worth."""
    total = totals(corpus)
    first, last = days(corpus)
    if first is None:
        when = "à des dates qui n'ont pas été notées"
    elif first == last:
        when = f"le {french_date(first)}"
    else:
        when = f"entre le {french_date(first)} et le {french_date(last)}"
    places = sorted({meeting.place for meeting in corpus.meetings if meeting.place})
    where = (
        f"les personnes ont été rencontrées là où l'équipe est allée ({listing(places)})"
        if places
        else "les lieux de rencontre n'ont pas été notés"
    )
    absent = listing(missing)
    return (
        f"Cette synthèse repose sur {count(total.testimonies, 'témoignage')} "
        f"{plural(total.testimonies, 'recueilli')} lors de {count(total.meetings, 'rencontre')} "
        f"avec {count(total.people, 'personne')}, {when}. "
        f"Ce n'est pas un échantillon représentatif : {where}. "
        + (f"Ont été peu entendus : {absent}. " if absent else "")
        + ONE_LINE_LIMIT
    )


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def heard(corpus: Corpus) -> Heard:
    """The counters, and which neighbourhoods or genders were hardly heard."""
    women = _sum(meeting.present_women for meeting in corpus.meetings)
    men = _sum(meeting.present_men for meeting in corpus.meetings)
    present = (women or 0) + (men or 0)
    missing = []
    if women is not None and men is not None and present:
        missing += ["les femmes"] if 3 * women < present else []
        missing += ["les hommes"] if 3 * men < present else []
    reached = {testimony.neighbourhood for testimony in corpus.testimonies}
    unreached = [
        place.name for place in corpus.campaign.neighbourhoods if place.code not in reached
    ]
    known = min(women or 0, men or 0) >= OUTSIDE_THRESHOLD
    return Heard(
        counts=totals(corpus),
        approached=_sum(meeting.approached for meeting in corpus.meetings),
        refusals=_sum(meeting.refusals for meeting in corpus.meetings),
        stopped=_sum(meeting.stopped for meeting in corpus.meetings),
        present_women=women if known else None,
        present_men=men if known else None,
        representativeness=representativeness(corpus, missing),
        missing=(
            f"Aucun témoignage ne vient de : {listing(unreached)}."
            if unreached
            else "Chaque quartier de la campagne a été entendu. Les âges, les secteurs et les "
            "langues ne sont pas comptés ici : des groupes ont pu manquer sans qu'on le voie."
        ),
    )


def listening(corpus: Corpus, team: Sequence[str]) -> Listening:
    """Methods, meetings in order of day, questionnaires, and the team by roles, never by names."""
    names = {place.code: place.name for place in corpus.campaign.neighbourhoods}
    ordered = sorted(corpus.meetings, key=lambda item: (item.date or date.max, item.label))
    return Listening(
        methods=tuple(sorted({_method(item.method) for item in corpus.meetings if item.method})),
        meetings=tuple(
            MeetingRow(
                item.label,
                item.date.isoformat() if item.date else "",
                item.place,
                _method(item.method),
                names.get(item.neighbourhood, item.neighbourhood),
            )
            for item in ordered
        ),
        questionnaires=tuple(sorted({t.questionnaire for t in corpus.testimonies} - {""})),
        team=tuple(team),
    )


def _method(method: str) -> str:
    return method.replace("_", " ")


def facet_in_use(corpus: Corpus, facet: str) -> tuple[str, ...]:
    """The values of a facet met in the codings, « sans objet » left out."""
    met = {value for coding in corpus.codings for value in facet_values(coding.facets, facet)}
    return tuple(sorted(met - {"sans objet"}))


def theme_voices(corpus: Corpus, codebook: Codebook, kind: str) -> tuple[ThemeVoices, ...]:
    """Theme by theme, the excerpts coded as that kind, the most heard first."""
    found = []
    for theme in codebook.themes:
        voices = voices_of(corpus, codebook, theme)
        excerpts = voices.excerpts("kind", kind)
        if excerpts:
            size = voices.size("kind", kind)
            quoted = representative(corpus, excerpts)
            found.append(ThemeVoices(theme.code, theme.label, size, quoted))
    return tuple(sorted(found, key=lambda item: -item.testimonies))


def essentials(findings: Sequence[Finding], proposals: Sequence[ThemeVoices]) -> Essentials:
    """The page that is read when nothing else is."""
    opposed = [item for item in findings if item.nature in ("divergence", "voix_minoritaire")]
    # A disagreement between many comes before a voice alone.
    opposed.sort(key=lambda item: item.nature)
    listed = opposed[:MOST_LISTED]
    others = [item for item in findings if item not in listed]
    return Essentials(
        findings=tuple(item.sentence for item in others[:MOST_ESSENTIAL]),
        disagreements=tuple(item.sentence for item in listed),
        proposals=tuple(
            f"{item.label} : {count(item.testimonies, 'témoignage')} "
            f"{plural(item.testimonies, 'porte', 'portent')} une proposition "
            f"({', '.join(quoted.id for quoted in item.quotations)})."
            for item in proposals[:MOST_LISTED]
        ),
        limit=ONE_LINE_LIMIT,
    )


def silence(findings: Sequence[Finding], coded: bool) -> str:
    """Why there is no disagreement to show; empty when there is one."""
    if any(item.nature in ("divergence", "voix_minoritaire") for item in findings):
        return ""
    if not coded:
        return "Rien n'a encore été codé : les désaccords n'ont pas pu être cherchés."
    return (
        "Aucun thème ne réunit à la fois des paroles positives et des paroles négatives, et aucun "
        "ne repose sur un seul témoignage. Cela ne veut pas dire que tout le monde est d'accord : "
        "les personnes en désaccord n'ont peut-être pas été rencontrées."
    )


def limits(corpus: Corpus) -> tuple[str, ...]:
    """What the reader must keep in mind, in plain sentences."""
    said = [
        "Ces témoignages ne forment pas un échantillon représentatif. Aucun pourcentage n'est "
        "donné et aucun test statistique n'a été fait.",
        "Les noms et ce qui permet de reconnaître quelqu'un ont été masqués dans les textes relus. "
        "Un passage que la personne n'a pas accepté de voir cité compte, mais n'est pas imprimé.",
        f"Un tableau qui croise des profils ou des lieux cacherait toute case de {_below()} ; "
        "ce document n'en contient aucun.",
    ]
    if not corpus.reviewed:
        unread = sum(not testimony.reviewed for testimony in corpus.testimonies)
        verb = plural(unread, "n'a été ni relu ni masqué", "n'ont été ni relus ni masqués")
        said.append(f"{count(unread, 'témoignage importé', 'témoignages importés')} {verb}.")
    if corpus.campaign.single_person_exception:
        said.append(
            "Exception déclarée : faute d'équipe suffisante, une même personne a pu recueillir "
            "et relire un témoignage."
        )
    if corpus.codings:
        said.append(_unclassified(corpus))
    if corpus.pending:
        verb = plural(corpus.pending, "n'est pas encore prêt", "ne sont pas encore prêts")
        said.append(
            f"{count(corpus.pending, 'témoignage')} {verb} et "
            f"{plural(corpus.pending, 'ne compte', 'ne comptent')} pas ici."
        )
    return tuple(said)


def _below() -> str:
    return f"moins de {OUTSIDE_THRESHOLD} personnes"


def _unclassified(corpus: Corpus) -> str:
    coded = {coding.excerpt for coding in corpus.codings}
    other = {coding.excerpt for coding in corpus.codings if coding.code == "AUT"}
    unsure = {coding.excerpt for coding in corpus.codings if coding.code == "INC"}
    return (
        f"Sur {count(len(coded), 'extrait codé', 'extraits codés')}, {len(other)} "
        f"{plural(len(other), 'relève', 'relèvent')} d'un autre thème (AUT) et {len(unsure)} "
        f"{plural(len(unsure), 'reste', 'restent')} à classer (INC)."
    )


def exploratory(
    words: Sequence[tuple[str, str, str]], coded: bool, pointed: str = ""
) -> Exploratory | None:
    """Words counted by the machine: the whole content when nothing is coded, a help otherwise.

    ``pointed`` says what these words point at, while nobody has coded anything.
    """
    if coded and not words:
        return None
    note = "Ces mots ont été comptés par la machine. Ils ne remplacent pas la lecture."
    if not coded:
        note = (
            "Aucun extrait n'a encore été codé : ce document ne contient aucun constat. "
            f"Il montre seulement les mots qui reviennent. {note} {pointed}".rstrip()
        )
    if not words:
        note = f"{note} Il n'y a pas assez de mots communs à plusieurs témoignages."
    return Exploratory(note, tuple(words))


def trace(corpus: Corpus, findings: Sequence[Finding]) -> Trace:
    """Every excerpt behind every count; coders appear as letters, never by name."""
    coders = {coding.coder for coding in corpus.codings}
    letters = dict(zip(sorted(coders), _letters(), strict=False))
    coded_by: dict[str, set[str]] = {}
    for coding in corpus.codings:
        name = f"codeur {letters[coding.coder]}"
        coded_by.setdefault(coding.excerpt, set()).add(name)
    rows = []
    for finding in findings:
        for excerpt_id in finding.support:
            excerpt = corpus.excerpt_by_id[excerpt_id]
            form = corpus.testimony_by_id[excerpt.testimony].questionnaire
            names = tuple(sorted(coded_by.get(excerpt_id, ())))
            rows.append(TraceRow(finding.theme, quotation(corpus, excerpt), form, names))
    return Trace(
        rows=tuple(rows),
        exclusions=tuple(sorted(corpus.exclusions.items())),
        maskings=tuple(sorted(corpus.masking_counts.items())),
        pending=corpus.pending,
    )


def _letters() -> Iterable[str]:
    """A, B, … Z, A2, B2, … without end."""
    for turn in counting(1):
        for letter in ascii_uppercase:
            yield letter if turn == 1 else f"{letter}{turn}"
