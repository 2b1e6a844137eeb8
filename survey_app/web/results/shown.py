"""What templates are given: plain rows made of figures and of the synthesis document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, url_for
from sqlalchemy.orm import Session

from analysis.codebook import Codebook
from analysis.document import Synthesis as Document
from analysis.wording import french_date
from survey_app.domain import NotFound
from survey_app.models import Campaign, Job
from survey_app.permissions import Actor
from survey_app.services import analysis_files, learning, syntheses

# The picture alone: nothing it may hold is run, styled or fetched.
IMAGE_POLICY = "default-src 'none'; style-src 'none'"


@dataclass(frozen=True, slots=True)
class Row:
    """A theme or a code with its three numbers; ``share`` is the length of its bar, 0 to 100."""

    code: str
    label: str
    testimonies: int
    meetings: int
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class Table:
    """Themes that were spoken of, most heard first; those that nobody spoke of; codes."""

    themes: tuple[Row, ...]
    silent: tuple[str, ...]
    codes: tuple[Row, ...]


def table(figures: Mapping[str, Any], book: Codebook) -> Table:
    """The figures of a run as the page shows them."""
    most = max((theme["testimonies"] for theme in figures["themes"]), default=0) or 1
    themes = [_row(theme["code"], theme["label"], theme, most) for theme in figures["themes"]]
    names = {theme.code for theme in book.themes}
    codes = [
        _row(code.code, code.label, figures["codes"][code.code], most)
        for code in book.all_codes()
        if code.code not in names and figures["codes"].get(code.code, {}).get("testimonies")
    ]
    heard = [row for row in themes if row.testimonies]
    return Table(
        tuple(sorted(heard, key=lambda row: -row.testimonies)),
        tuple(row.label for row in themes if not row.testimonies),
        tuple(codes),
    )


def counts_of(figures: Mapping[str, Any], code: str) -> tuple[int, int, int] | None:
    """The three numbers that the run gave for a code; None where it gave none."""
    found = figures["codes"].get(code)
    return (found["testimonies"], found["meetings"], found["people"]) if found else None


def _row(code: str, label: str, counts: Mapping[str, int], most: int) -> Row:
    numbers = counts["testimonies"], counts["meetings"], counts["people"]
    return Row(code, label, *numbers, round(100 * counts["testimonies"] / most, 1))


def image(svg: str, png: bytes, kind: str) -> Response:
    """A picture as a file of its own, with a policy stricter than that of the pages."""
    if kind == "png":
        return Response(png, mimetype="image/png")
    answer = Response(svg, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = IMAGE_POLICY
    return answer


def where_from(session: Session, actor: Actor, job: Job, campaign: Campaign | None) -> str:
    """The page that a job's page goes back to."""
    if campaign is None:
        return url_for("results.home")
    if job.kind == "export" and "synthesis" in job.parameters:
        try:
            row = syntheses.get(session, actor, job.parameters["synthesis"])
        except NotFound:
            return url_for("results.versions", slug=campaign.slug)
        return url_for("results.synthesis", slug=campaign.slug, version=row.version)
    if job.kind == analysis_files.KIND:
        return url_for("results.tables", slug=campaign.slug)
    if job.kind == learning.KIND:
        return url_for("coding.trust", slug=campaign.slug)
    return url_for("results.campaign", slug=campaign.slug)


def day(iso: str) -> str:
    """An ISO day of the document, in French."""
    return french_date(date.fromisoformat(iso[:10])) if iso else "date non notée"


def essentials(document: Document) -> list[tuple[str, list[tuple[str, str]], str]]:
    """Title, sentences with the theme that proves each, and what to say when there is none."""
    themes = {finding.sentence: finding.theme for finding in document.findings}
    part = document.essentials
    proposals = [
        (sentence, voices.theme)
        for sentence, voices in zip(part.proposals, document.proposals, strict=False)
    ]
    return [
        ("Constats", [(said, themes.get(said, "")) for said in part.findings], "Aucun constat."),
        (
            "Désaccords",
            [(said, themes.get(said, "")) for said in part.disagreements],
            document.silence or "Aucun désaccord relevé.",
        ),
        ("Propositions", proposals, "Aucune proposition relevée."),
    ]
