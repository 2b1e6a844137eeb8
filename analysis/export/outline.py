"""The synthesis as a plain sequence of blocks: what every written format prints, in order.

Texts come out ready to print: typography applied to our sentences, and never to a quotation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from analysis.document import Heard, Synthesis, ThemeVoices
from analysis.export.blocks import (
    DRAFT,
    FICTITIOUS,
    NOT_CITABLE,
    Block,
    bullets,
    display,
    figure,
    heading,
    paragraph,
    quote,
    table,
)
from analysis.findings import NATURE_LABELS, Finding
from analysis.pictures import Picture
from analysis.wording import count, french_date, listing


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
        *_voices(
            "Ce qui marche", synthesis.resources, "Aucun extrait n'a été codé comme ressource."
        ),
        *_voices(
            "Propositions", synthesis.proposals, "Aucun extrait n'a été codé comme proposition."
        ),
        *_words(synthesis),
        heading("Limites"),
        bullets(synthesis.limits),
        *_trace(synthesis),
    ]


def _day(iso: str) -> str:
    return french_date(date.fromisoformat(iso[:10])) if iso else "non noté"


def _identity(synthesis: Synthesis) -> Iterator[Block]:
    identity = synthesis.identity
    if identity.fictitious:
        yield paragraph(FICTITIOUS, "notice")
    if identity.draft:
        yield paragraph(f"{DRAFT}. {' '.join(identity.reasons)}", "notice")
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
    yield table("Identité du document", ("Repère", "Valeur"), shown, (1, 3))


def _span(first: str, last: str) -> str:
    if not first:
        return "dates non notées"
    return _day(first) if first == last else f"du {_day(first)} au {_day(last)}"


def _essentials(synthesis: Synthesis) -> Iterator[Block]:
    yield Block("page")
    yield heading("L'essentiel")
    none = (
        "Les constats retenus sont tous des désaccords ou des voix minoritaires, ci-dessous."
        if synthesis.findings
        else "Aucun constat pour l'instant."
    )
    yield from _listed("Constats", synthesis.essentials.findings, none)
    empty = synthesis.silence or "Aucun désaccord relevé."
    yield from _listed("Désaccords", synthesis.essentials.disagreements, empty)
    yield from _listed(
        "Propositions", synthesis.essentials.proposals, "Aucune proposition relevée."
    )
    yield paragraph(synthesis.essentials.limit, "lead")
    yield Block("page")


def _listed(title: str, items: Sequence[str], empty: str) -> Iterator[Block]:
    yield heading(title, 2)
    yield bullets(items) if items else paragraph(empty)


def _question(synthesis: Synthesis) -> Iterator[Block]:
    yield heading("Question évaluative")
    yield paragraph(synthesis.question or "La question n'a pas été notée.", "lead")
    axes = listing(synthesis.axes) or "non renseignés"
    criteria = listing(synthesis.criteria) or "non renseignés"
    yield paragraph(f"Axes d'évaluation : {axes}. Critères : {criteria}.")


def _listening(synthesis: Synthesis) -> Iterator[Block]:
    part = synthesis.listening
    yield heading("Comment nous avons écouté")
    yield bullets(
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
        yield table(f"{count(len(rows), 'rencontre').capitalize()}", head, rows, (3, 2, 3, 2, 2))


def _heard(heard: Heard) -> Iterator[Block]:
    yield heading("Qui nous avons entendu, et qui manque")
    yield paragraph(heard.representativeness, "lead")
    yield paragraph(heard.missing)
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
    yield table("Les nombres de l'écoute", ("Compteur", "Nombre"), rows, (3, 1))
    yield paragraph("« Non imprimé » : jamais compté, ou trop petit pour être montré sans risque.")


def _findings(synthesis: Synthesis) -> Iterator[Block]:
    yield heading("Constats par thème")
    for rank, picture in enumerate(synthesis.pictures):
        if picture.name == "themes":
            yield figure(synthesis, rank)
    for finding in synthesis.findings:
        yield heading(finding.theme_label, 2, finding.theme)
        yield from _finding(finding)
    if not synthesis.findings:
        yield paragraph("Aucun constat : rien n'a été codé, ou aucun constat n'a été retenu.")
    if synthesis.set_aside:
        number = count(synthesis.set_aside, "constat proposé", "constats proposés")
        yield paragraph(f"L'équipe n'a pas retenu {number} par l'outil.")


def _finding(finding: Finding) -> Iterator[Block]:
    yield paragraph(f"{NATURE_LABELS[finding.nature]} : {finding.sentence}", "lead")
    yield from (quote(item) for item in finding.excerpts)
    people = count(finding.counts.people, "personne")
    extracts = count(len(finding.support), "extrait")
    proof = f"À l'appui : {extracts}, {people}. Tous sont listés en annexe."
    yield paragraph(proof, theme=finding.theme)
    for name, said in (("Ce qui nuance", finding.nuance), ("Limite", finding.limit)):
        if said:
            yield paragraph(f"{name} : {said}")


def _disagreements(synthesis: Synthesis) -> Iterator[Block]:
    yield heading("Désaccords et voix minoritaires")
    for finding in synthesis.findings:
        if finding.nature not in ("divergence", "voix_minoritaire"):
            continue
        yield heading(finding.theme_label, 2)
        yield paragraph(finding.sentence)
        for side in finding.positions:
            yield heading(f"{side.label} : {count(side.testimonies, 'témoignage')}", 3)
            yield from (quote(item) for item in side.quotations)
        if not finding.positions:
            yield from (quote(item) for item in finding.excerpts)
    if synthesis.silence:
        yield paragraph(synthesis.silence)


def _voices(title: str, voices: Sequence[ThemeVoices], empty: str) -> Iterator[Block]:
    yield heading(title)
    for item in voices:
        yield heading(f"{item.label} : {count(item.testimonies, 'témoignage')}", 2)
        yield from (quote(quoted) for quoted in item.quotations)
    if not voices:
        yield paragraph(empty)


def _words(synthesis: Synthesis) -> Iterator[Block]:
    clouds: list[tuple[int, Picture]] = [
        (rank, picture)
        for rank, picture in enumerate(synthesis.pictures)
        if picture.name != "themes"
    ]
    if synthesis.exploratory is None and not clouds:
        return
    yield heading("Partie exploratoire : les mots qui reviennent")
    if synthesis.exploratory:
        yield paragraph(synthesis.exploratory.note)
    for rank, _ in clouds:
        yield figure(synthesis, rank)
    if synthesis.exploratory and synthesis.exploratory.words:
        head = ("Mot", "Nombre de fois", "Témoignages")
        yield table("Les mots les plus fréquents", head, synthesis.exploratory.words, (2, 1, 1))


def _trace(synthesis: Synthesis) -> Iterator[Block]:
    trace = synthesis.trace
    yield heading("Annexe : d'où vient chaque nombre")
    grid = synthesis.identity.codebook_version or "non notée"
    labels = {finding.theme: finding.theme_label for finding in synthesis.findings}
    head = ("Extrait", "Témoignage", "Rencontre", "Questionnaire", "Codeurs", "Paroles")
    for theme, rows in groupby(trace.rows, key=lambda row: row.theme):
        yield table(
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
            (8, 11, 10, 13, 9, 31),
        )
    if not trace.rows:
        yield paragraph("Aucun extrait n'appuie encore un constat.")
    for title, head_label, pairs in (
        ("Témoignages écartés, par raison", "Raison", trace.exclusions),
        ("Passages masqués, par catégorie", "Catégorie", trace.maskings),
    ):
        shown = [(name, str(number)) for name, number in pairs]
        yield (
            table(title, (head_label, "Nombre"), shown, (3, 1))
            if shown
            else paragraph(f"{title} : aucun.")
        )
