"""Hypothesis strategies: small, valid corpora and texts that are hard on offsets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from analysis.corpus import (
    Campaign,
    Citable,
    Coding,
    Corpus,
    Excerpt,
    Meeting,
    Neighbourhood,
    Testimony,
)

CODES = ("LOG1", "LOG2", "CAD1", "TRA1", "LIE1", "LOG", "AUT", "INC")
TONES = ("positive", "négative", "partagée", "neutre")
KINDS = ("constat", "vécu", "besoin", "proposition", "ressource", "question")
MASKED = "[PRÉNOM 1]"

# Emoji with modifiers, combining accents, right-to-left, NUL and other controls, line ends.
AWKWARD = (
    "👩🏽‍🦱",
    "e\u0301",
    "a\u0308\u0323",
    "שלום",
    "مرحبا",
    "\u202e",
    "\x00",
    "\x0b",
    "\n",
    "\r\n",
    "\u2028",
    "\xa0",
    "\u202f",
    "\ufeff",
    "<b>&amp;",
    '"; --',
    "«",
    "»",
    "…",
    "...",
    "M. ",
    "n° 3",
    "1.800",
    "[",
    "]",
    "?!",
    "J.-P. ",
    "- ",
    MASKED,
)
PHRASES = (
    "L'ascenseur est tombé en panne trois fois ce mois-ci.",
    "On se sent bien ici, les voisins s'entraident.",
    "Je paie 1.800 euros de charges, c'est trop !",
    "« On appelle, on tombe sur un répondeur. »",
    f"{MASKED} m'a dit que M. le maire viendrait.",
    "Il faudrait des bancs, p. ex. devant l'école…",
)


def texts(min_size: int = 0, max_size: int = 12) -> st.SearchStrategy[str]:
    """Texts mixing plain French with everything that makes offsets slip."""
    piece = st.one_of(
        st.sampled_from(PHRASES),
        st.sampled_from(AWKWARD),
        st.sampled_from((" ", "\n\n", "été ", "Œuvre ", "ok. ")),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=4),
    )
    return st.lists(piece, min_size=min_size, max_size=max_size).map("".join)


@dataclass(frozen=True)
class _Rows:
    """What ``corpora`` has drawn so far."""

    meetings: tuple[Meeting, ...]
    testimonies: tuple[Testimony, ...]


@st.composite
def _people(draw: st.DrawFn, max_testimonies: int) -> _Rows:
    meetings = tuple(
        Meeting(
            id=f"m{index}",
            label=f"R{index + 1}",
            method=draw(st.sampled_from(("entretien", "micro-trottoir", "atelier"))),
            neighbourhood=draw(st.sampled_from(("QN01", "QN02"))),
            date=draw(st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2026, 12, 31)))),
            place=draw(st.sampled_from(("", "Place du marché"))),
            approached=draw(st.one_of(st.none(), st.integers(0, 40))),
            refusals=draw(st.one_of(st.none(), st.integers(0, 40))),
        )
        for index in range(draw(st.integers(1, 3)))
    )
    testimonies = []
    for index in range(draw(st.integers(0, max_testimonies))):
        meeting = draw(st.sampled_from(meetings))
        text = draw(texts(min_size=1, max_size=5)) or "Rien à dire."
        citable: Citable = draw(st.sampled_from(("yes", "approved", "no")))
        testimonies.append(
            Testimony(
                id=f"t{index}",
                number=index + 1,
                meeting=meeting.id,
                neighbourhood=meeting.neighbourhood,
                text=text,
                persons=draw(st.integers(1, 12)),
                date=meeting.date,
                reviewed=draw(st.booleans()),
                citable=citable,
                approved_phrases=(text[: max(1, len(text) // 2)],) if citable == "approved" else (),
                questionnaire="Q01",
                profile={"age": draw(st.sampled_from(("18-25", "26-40", "60+")))},
            )
        )
    return _Rows(meetings, tuple(testimonies))


@st.composite
def _excerpts(draw: st.DrawFn, testimonies: tuple[Testimony, ...]) -> tuple[Excerpt, ...]:
    if not testimonies:
        return ()
    found = []
    for index in range(draw(st.integers(0, 8))):
        testimony = draw(st.sampled_from(testimonies))
        start = draw(st.integers(0, len(testimony.text) - 1))
        end = draw(st.integers(start + 1, len(testimony.text)))
        quote = testimony.text[start:end]
        found.append(Excerpt(f"x{index}", index + 1, testimony.id, start, end, quote))
    return tuple(found)


def codings(excerpts: tuple[Excerpt, ...]) -> st.SearchStrategy[Coding]:
    """One validated coding of one of these excerpts (at least one is needed)."""
    facets = st.fixed_dictionaries(
        {},
        optional={
            "tonalite": st.sampled_from(TONES),
            "kind": st.sampled_from(KINDS),
            "transversal": st.sampled_from((("jeunesse",), ("jeunesse", "transition écologique"))),
        },
    )
    return st.builds(
        Coding,
        excerpt=st.sampled_from([excerpt.id for excerpt in excerpts]),
        code=st.sampled_from(CODES),
        coder=st.sampled_from(("u1", "u2")),
        facets=facets,
    )


@st.composite
def corpora(draw: st.DrawFn, max_testimonies: int = 6, coded: bool | None = None) -> Corpus:
    """A small valid corpus; ``coded=False`` has no coding, ``True`` has one whenever it can."""
    rows = draw(_people(max_testimonies))
    excerpts = draw(_excerpts(rows.testimonies))
    held: tuple[Coding, ...] = ()
    if excerpts and coded is not False:
        held = tuple(draw(st.lists(codings(excerpts), min_size=int(bool(coded)), max_size=12)))
    campaign = Campaign(
        slug="essai",
        title="Campagne d'essai",
        question="Qu'est-ce qui change la vie ici ?",
        council="Conseil citoyen d'essai",
        neighbourhoods=(
            Neighbourhood("QN01", "Les Tilleuls", "2024"),
            Neighbourhood("QN02", "La Plaine", "2024"),
        ),
        fictitious=True,
    )
    return Corpus(
        campaign=campaign,
        meetings=rows.meetings,
        testimonies=rows.testimonies,
        excerpts=excerpts,
        codings=held,
        codebook_version="1.0.0",
        masking_counts={"PRENOM": draw(st.integers(0, 9))},
        exclusions={"retrait": draw(st.integers(0, 2))},
        pending=draw(st.integers(0, 3)),
    )
