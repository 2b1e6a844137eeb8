"""The sheets of ``synthese.xlsx``: their names, columns and rows, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.document import Synthesis, fingerprint
from analysis.export.blocks import DRAFT, FICTITIOUS
from analysis.export.outline import blocks, document_title
from analysis.export.sheets import PROOF_HEAD, Row, printed, proofs
from analysis.findings import NATURE_LABELS, Finding
from analysis.pictures import OUTSIDE_THRESHOLD
from analysis.wording import count


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; ``widths`` are in characters, ``empty`` says why there is no row."""

    name: str
    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    total: Row = ()


def sheets(synthesis: Synthesis) -> tuple[Sheet, ...]:
    return (
        Sheet("Lisez-moi", ("Repère", "À savoir"), (28, 100), tuple(_about(synthesis))),
        _findings(synthesis),
        Sheet(
            "Extraits",
            PROOF_HEAD,
            (9, 26, 16, 40, 13, 13, 13, 10, 12, 20, 10, 12, 24, 70, 10, 10, 16, 12, 18, 24),
            tuple(proofs(synthesis)),
            "Aucun extrait n'appuie encore un constat.",
        ),
        _themes(synthesis),
        _words(synthesis),
        _meetings(synthesis),
        Sheet("Annexe", ("Tableau", "Ligne", "Nombre"), (34, 50, 14), tuple(_annex(synthesis))),
    )


def _about(synthesis: Synthesis) -> Iterator[Row]:
    identity = synthesis.identity
    yield "Document", document_title(synthesis)
    if identity.fictitious:
        yield "Avertissement", FICTITIOUS
    if identity.draft:
        yield DRAFT, " ".join(identity.reasons)
    first = next(block for block in blocks(synthesis) if block.kind == "table")
    yield from first.rows
    yield "Empreinte", fingerprint(synthesis)
    yield "Question évaluative", synthesis.question or "La question n'a pas été notée."
    yield "Ce que valent les nombres", synthesis.heard.representativeness
    yield "Qui manque", synthesis.heard.missing
    for limit in synthesis.limits:
        yield "Limite", limit
    yield (
        "Trois comptes",
        "Un témoignage est une parole recueillie, seule ou en groupe ; une rencontre peut en "
        "réunir plusieurs ; les personnes sont celles qui étaient là.",
    )
    yield (
        "Seuils",
        "Les comptes d'un constat sont donnés tels quels. Un mot que portent moins de "
        f"{OUTSIDE_THRESHOLD} témoignages est donné sans son nombre.",
    )
    yield (
        "Apostrophe",
        "Une apostrophe précède un texte qui commence comme une formule de tableur (=, +, -, @) : "
        "elle ne vient pas de la personne.",
    )


def _findings(synthesis: Synthesis) -> Sheet:
    head = (
        "Code du thème",
        "Thème",
        "Nature",
        "Constat",
        "Témoignages",
        "Rencontres",
        "Personnes",
        "Extraits",
        "Extraits imprimés",
        "Positions",
        "Ce qui nuance",
        "Limite",
    )
    widths = (9, 26, 16, 60, 13, 13, 13, 10, 28, 44, 32, 32)
    rows = tuple(_finding(finding, synthesis) for finding in synthesis.findings)
    return Sheet("Constats", head, widths, rows, "Aucun constat pour l'instant.")


def _finding(finding: Finding, synthesis: Synthesis) -> Row:
    shown = printed(finding)
    numbers = [
        row.quotation.id
        for row in synthesis.trace.rows
        if row.theme == finding.theme and row.quotation.excerpt in shown
    ]
    sides = [
        f"{side.label} : {count(side.testimonies, 'témoignage')}" for side in finding.positions
    ]
    return (
        finding.theme,
        finding.theme_label,
        NATURE_LABELS[finding.nature],
        finding.sentence,
        finding.counts.testimonies,
        finding.counts.meetings,
        finding.counts.people,
        len(finding.support),
        ", ".join(numbers),
        "\n".join(sides),
        finding.nuance,
        finding.limit,
    )


def _themes(synthesis: Synthesis) -> Sheet:
    """The three counts, beside what each theme brings; a testimony may speak of several themes."""
    resources = {item.theme: item.testimonies for item in synthesis.resources}
    proposals = {item.theme: item.testimonies for item in synthesis.proposals}
    rows = tuple(
        (
            finding.theme,
            finding.theme_label,
            finding.counts.testimonies,
            finding.counts.meetings,
            finding.counts.people,
            resources.get(finding.theme, 0),
            proposals.get(finding.theme, 0),
        )
        for finding in synthesis.findings
    )
    total = synthesis.heard.counts
    return Sheet(
        "Thèmes",
        (
            "Code du thème",
            "Thème",
            "Témoignages",
            "Rencontres",
            "Personnes",
            "Témoignages avec une ressource",
            "Témoignages avec une proposition",
        ),
        (9, 40, 14, 14, 14, 18, 18),
        rows,
        "Aucun thème n'a encore été codé.",
        ("", "Toute la campagne", total.testimonies, total.meetings, total.people, "", ""),
    )


def _words(synthesis: Synthesis) -> Sheet:
    found = synthesis.exploratory.words if synthesis.exploratory else ()
    rows = tuple((word, _number(times), _number(people)) for word, times, people in found)
    head = ("Mot", "Nombre de fois", "Témoignages")
    return Sheet("Mots", head, (30, 18, 18), rows, "Les mots n'ont pas été comptés.")


def _number(text: str) -> str | int:
    """A count as a number; « moins de 11 » stays what it is."""
    return int(text) if text.isascii() and text.isdigit() else text


def _meetings(synthesis: Synthesis) -> Sheet:
    rows = tuple(
        (item.label, item.day or "non noté", item.place, item.method, item.neighbourhood)
        for item in synthesis.listening.meetings
    )
    head = ("Rencontre", "Date (année-mois-jour)", "Lieu", "Méthode", "Quartier")
    return Sheet("Rencontres", head, (34, 16, 34, 24, 30), rows, "Aucune rencontre n'a été notée.")


def _annex(synthesis: Synthesis) -> Iterator[Row]:
    """Every table of the document that counts one thing a line."""
    for block in blocks(synthesis):
        if block.kind == "table" and len(block.head) == 2 and block.head[1] == "Nombre":
            yield from ((block.text, name, _number(number)) for name, number in block.rows)
    yield "Suivi", "Témoignages pas encore prêts, non comptés", synthesis.trace.pending
    yield "Suivi", "Constats proposés et non retenus", synthesis.set_aside
