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

# The columns of « Extraits » and their widths, what a person reads first before what proves it.
_READ = {
    "Code du thème": 9,
    "Thème": 38,
    "Extrait": 10,
    "Paroles": 76,
    "Témoignage": 13,
    "Rencontre": 20,
    "Peut être cité": 10,
    "Imprimé avec le constat": 13,
    "Position": 22,
}
_PROOF = {
    "Nature": 16,
    "Constat": 40,
    "Témoignages du constat": 13,
    "Rencontres du constat": 13,
    "Personnes du constat": 13,
    "Début dans le texte": 10,
    "Fin dans le texte": 10,
    "Questionnaire": 36,
    "Grille de codage": 26,
    "Codeurs": 18,
    "Identifiant du témoignage": 38,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; ``widths`` are in characters, ``empty`` says why there is no row.

    Only the first ``printed`` columns go on paper: all of them, unless said.
    """

    name: str
    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    total: Row = ()
    on_paper: int = 0

    @property
    def printed(self) -> int:
        return self.on_paper or len(self.head)


def sheets(synthesis: Synthesis) -> tuple[Sheet, ...]:
    return (
        Sheet("Lisez-moi", ("Repère", "À savoir"), (28, 100), tuple(_about(synthesis))),
        _findings(synthesis),
        _excerpts(synthesis),
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
    yield (
        "Impression",
        "Chaque feuille s'imprime en A4 couché. Pour rester lisibles, « Constats » et « Extraits » "
        "n'impriment pas leurs dernières colonnes : lisez-les à l'écran.",
    )


def _excerpts(synthesis: Synthesis) -> Sheet:
    columns = _READ | _PROOF
    places = [PROOF_HEAD.index(name) for name in columns]
    rows = tuple(tuple(row[place] for place in places) for row in proofs(synthesis))
    return Sheet(
        "Extraits",
        tuple(columns),
        tuple(columns.values()),
        rows,
        "Aucun extrait n'appuie encore un constat.",
        on_paper=len(_READ),
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
        "Positions",
        "Ce qui nuance",
        "Limite",
        "Extraits imprimés",
    )
    widths = (9, 24, 14, 48, 13, 13, 13, 10, 34, 26, 26, 40)
    rows = tuple(_finding(finding, synthesis) for finding in synthesis.findings)
    empty = "Aucun constat pour l'instant."
    return Sheet("Constats", head, widths, rows, empty, on_paper=len(head) - 1)


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
        "\n".join(sides),
        finding.nuance,
        finding.limit,
        ", ".join(numbers),
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
