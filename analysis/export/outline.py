"""The synthesis as a plain sequence of blocks: what every written format prints, in order.

Texts come out ready to print: typography applied to our sentences, and never to a quotation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from analysis.document import Heard, Synthesis, ThemeVoices
from analysis.export.typography import french
from analysis.findings import NATURE_LABELS, Finding
from analysis.glyphs import clean
from analysis.pictures import Picture
from analysis.quotations import Quotation
from analysis.wording import count, french_date, listing

DRAFT = "BROUILLON"
FICTITIOUS = "Démonstration : témoignages inventés"
NOT_CITABLE = "extrait non citable"

Kind = Literal["heading", "text", "lead", "notice", "list", "quote", "table", "picture", "page"]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the document.

    ``text`` is a heading, a paragraph, a quotation, or the caption of a table or a picture;
    ``note`` says where a quotation comes from; ``picture`` is a rank in the synthesis's pictures.
    ``widths`` are the relative widths of a table's columns.
    """

    kind: Kind
    text: str = ""
    level: int = 0
    note: str = ""
    items: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()
    picture: int = 0
    alt: str = ""


def display(text: str) -> str:
    """Our own text, ready to print."""
    return french(clean(text))


def document_title(synthesis: Synthesis) -> str:
    return display(f"Synthèse : {synthesis.identity.campaign}")


def blocks(synthesis: Synthesis) -> list[Block]:
    """The whole document, the title left to the writer."""
    return [
        *_identity(synthesis),
        *_essentials(synthesis),
        *_question(synthesis),
        *_listening(synthesis),
        *_heard(synthesis.heard),
        *_findings(synthesis),
        *_disagreements(synthesis),
        *_voices("Ce qui marche", synthesis.resources, "Aucun extrait n'a été codé ressource."),
        *_voices("Propositions", synthesis.proposals, "Aucun extrait n'a été codé proposition."),
        *_words(synthesis),
        _heading("Limites"),
        _list(synthesis.limits),
        *_trace(synthesis),
    ]


def _heading(text: str, level: int = 1) -> Block:
    return Block("heading", display(text), level)


def _text(text: str, kind: Kind = "text") -> Block:
    return Block(kind, display(text))


def _list(items: Iterable[str]) -> Block:
    return Block("list", items=tuple(display(item) for item in items))


def _table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int] = ()
) -> Block:
    return Block(
        "table",
        display(caption),
        head=tuple(display(cell) for cell in head),
        rows=tuple(tuple(clean(cell) for cell in row) for row in rows),
        widths=tuple(widths) or (1,) * len(head),
    )


def _picture(synthesis: Synthesis, rank: int) -> Iterator[Block]:
    picture = synthesis.pictures[rank]
    yield Block("picture", display(picture.title), picture=rank, alt=display(picture.alt))


def _quote(item: Quotation) -> Block:
    source = f"{item.id}, témoignage {item.testimony_number}"
    source = f"{source}, {item.meeting}" if item.meeting else source
    if item.quote is None:
        return _text(f"[{NOT_CITABLE} : {source}]")
    return Block("quote", clean(item.quote), note=display(source))


def _day(iso: str) -> str:
    return french_date(date.fromisoformat(iso[:10])) if iso else "non noté"


def _identity(synthesis: Synthesis) -> Iterator[Block]:
    identity = synthesis.identity
    if identity.fictitious:
        yield _text(FICTITIOUS, "notice")
    if identity.draft:
        yield _text(f"{DRAFT}. {' '.join(identity.reasons)}", "notice")
    places = [
        f"{place.name} ({place.code}, génération {place.generation})"
        for place in identity.neighbourhoods
    ]
    rows = [
        ("Contrat de ville", identity.city_contract),
        ("Quartiers", " ; ".join(places)),
        ("Campagne", identity.campaign),
        ("Instance d'habitants", identity.council),
        ("Responsable", identity.controller),
        ("Écoute", _span(identity.first_day, identity.last_day)),
        ("Données arrêtées le", _day(identity.taken_at) if identity.taken_at else ""),
        ("Auteurs", listing(identity.authors)),
        ("Version", f"{identity.version}, {identity.status}"),
        ("Grille de codage", identity.codebook_version),
    ]
    shown = [(name, display(value)) for name, value in rows if value]
    yield _table("Identité du document", ("Repère", "Valeur"), shown, (1, 3))


def _span(first: str, last: str) -> str:
    if not first:
        return "dates non notées"
    return _day(first) if first == last else f"du {_day(first)} au {_day(last)}"


def _essentials(synthesis: Synthesis) -> Iterator[Block]:
    yield Block("page")
    yield _heading("L'essentiel")
    yield from _listed("Constats", synthesis.essentials.findings, "Aucun constat pour l'instant.")
    empty = synthesis.silence or "Aucun désaccord relevé."
    yield from _listed("Désaccords", synthesis.essentials.disagreements, empty)
    yield from _listed(
        "Propositions", synthesis.essentials.proposals, "Aucune proposition relevée."
    )
    yield _text(synthesis.essentials.limit, "lead")
    yield Block("page")


def _listed(title: str, items: Sequence[str], empty: str) -> Iterator[Block]:
    yield _heading(title, 2)
    yield _list(items) if items else _text(empty)


def _question(synthesis: Synthesis) -> Iterator[Block]:
    yield _heading("Question évaluative")
    yield _text(synthesis.question or "La question n'a pas été notée.", "lead")
    axes = listing(synthesis.axes) or "non renseignés"
    criteria = listing(synthesis.criteria) or "non renseignés"
    yield _text(f"Axes d'évaluation : {axes}. Critères : {criteria}.")


def _listening(synthesis: Synthesis) -> Iterator[Block]:
    part = synthesis.listening
    yield _heading("Comment nous avons écouté")
    yield _list(
        f"{name} : {listing(values) or 'non noté'}."
        for name, values in (
            ("Méthodes", part.methods),
            ("Questionnaires", part.questionnaires),
            ("Équipe", part.team),
        )
    )
    head = ("Rencontre", "Date", "Lieu", "Méthode", "Quartier")
    rows = [
        (row.label, _day(row.day), row.place or "non noté", row.method, row.neighbourhood)
        for row in part.meetings
    ]
    if rows:
        yield _table(f"{count(len(rows), 'rencontre').capitalize()}", head, rows, (3, 2, 3, 2, 2))


def _heard(heard: Heard) -> Iterator[Block]:
    yield _heading("Qui nous avons entendu, et qui manque")
    yield _text(heard.representativeness, "lead")
    yield _text(heard.missing)
    numbers = (
        ("Témoignages", heard.counts.testimonies),
        ("Rencontres", heard.counts.meetings),
        ("Personnes", heard.counts.people),
        ("Personnes abordées", heard.approached),
        ("Refus", heard.refusals),
        ("Arrêts en cours de route", heard.stopped),
        ("Femmes présentes", heard.present_women),
        ("Hommes présents", heard.present_men),
    )
    rows = [(name, "non imprimé" if number is None else str(number)) for name, number in numbers]
    yield _table("Les nombres de l'écoute", ("Compteur", "Nombre"), rows, (3, 1))
    yield _text("« Non imprimé » : jamais compté, ou trop petit pour être montré sans risque.")


def _findings(synthesis: Synthesis) -> Iterator[Block]:
    yield _heading("Constats par thème")
    for rank, picture in enumerate(synthesis.pictures):
        if picture.name == "themes":
            yield from _picture(synthesis, rank)
    for finding in synthesis.findings:
        yield _heading(finding.theme_label, 2)
        yield from _finding(finding, finding.excerpts)
    if not synthesis.findings:
        yield _text("Aucun constat : rien n'a été codé, ou aucun constat n'a été retenu.")
    if synthesis.set_aside:
        number = count(synthesis.set_aside, "constat proposé", "constats proposés")
        yield _text(f"L'équipe n'a pas retenu {number} par l'outil.")


def _finding(finding: Finding, excerpts: Sequence[Quotation]) -> Iterator[Block]:
    yield _text(f"{NATURE_LABELS[finding.nature]} : {finding.sentence}", "lead")
    yield from (_quote(item) for item in excerpts)
    people = count(finding.counts.people, "personne")
    extracts = count(len(finding.support), "extrait")
    yield _text(f"À l'appui : {extracts}, {people}. Tous sont listés en annexe.")
    for name, said in (("Ce qui nuance", finding.nuance), ("Limite", finding.limit)):
        if said:
            yield _text(f"{name} : {said}")


def _disagreements(synthesis: Synthesis) -> Iterator[Block]:
    yield _heading("Désaccords et voix minoritaires")
    for finding in synthesis.findings:
        if finding.nature not in ("divergence", "voix_minoritaire"):
            continue
        yield _heading(finding.theme_label, 2)
        yield _text(finding.sentence)
        for side in finding.positions:
            yield _heading(f"{side.label} : {count(side.testimonies, 'témoignage')}", 3)
            yield from (_quote(item) for item in side.quotations)
        if not finding.positions:
            yield from (_quote(item) for item in finding.excerpts)
    if synthesis.silence:
        yield _text(synthesis.silence)


def _voices(title: str, voices: Sequence[ThemeVoices], empty: str) -> Iterator[Block]:
    yield _heading(title)
    for item in voices:
        yield _heading(f"{item.label} : {count(item.testimonies, 'témoignage')}", 2)
        yield from (_quote(quoted) for quoted in item.quotations)
    if not voices:
        yield _text(empty)


def _words(synthesis: Synthesis) -> Iterator[Block]:
    clouds: list[tuple[int, Picture]] = [
        (rank, picture)
        for rank, picture in enumerate(synthesis.pictures)
        if picture.name != "themes"
    ]
    if synthesis.exploratory is None and not clouds:
        return
    yield _heading("Partie exploratoire : les mots qui reviennent")
    if synthesis.exploratory:
        yield _text(synthesis.exploratory.note)
    for rank, _ in clouds:
        yield from _picture(synthesis, rank)
    if synthesis.exploratory and synthesis.exploratory.words:
        head = ("Mot", "Nombre de fois", "Témoignages")
        yield _table("Les mots les plus fréquents", head, synthesis.exploratory.words, (2, 1, 1))


def _trace(synthesis: Synthesis) -> Iterator[Block]:
    trace = synthesis.trace
    yield _heading("Annexe : d'où vient chaque nombre")
    grid = synthesis.identity.codebook_version or "non notée"
    labels = {finding.theme: finding.theme_label for finding in synthesis.findings}
    head = ("Extrait", "Témoignage", "Rencontre", "Questionnaire", "Codeurs", "Paroles")
    for theme, rows in groupby(trace.rows, key=lambda row: row.theme):
        yield _table(
            f"{labels.get(theme, theme)} (grille de codage, version {grid})",
            head,
            [
                (
                    row.quotation.id,
                    str(row.quotation.testimony_number),
                    row.quotation.meeting,
                    row.questionnaire,
                    ", ".join(row.coders),
                    NOT_CITABLE if row.quotation.quote is None else row.quotation.quote,
                )
                for row in rows
            ],
            (2, 2, 3, 3, 2, 8),
        )
    if not trace.rows:
        yield _text("Aucun extrait n'appuie encore un constat.")
    for title, head_label, pairs in (
        ("Témoignages écartés, par raison", "Raison", trace.exclusions),
        ("Passages masqués, par catégorie", "Catégorie", trace.maskings),
    ):
        shown = [(name, str(number)) for name, number in pairs]
        yield (
            _table(title, (head_label, "Nombre"), shown, (3, 1))
            if shown
            else _text(f"{title} : aucun.")
        )
