"""Writing a synthesis: its findings one by one, then submitting, signing, publishing."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from analysis import synthesis as documents
from analysis.findings import Finding as Drafted
from survey_app.domain import DomainError, NotFound
from survey_app.models import Finding, Synthesis
from survey_app.security import access
from survey_app.services import mandates, syntheses
from survey_app.web.request import actor, db, form_error
from survey_app.web.results.blueprint import bp
from survey_app.web.results.forms import FindingForm
from survey_app.web.results.syntheses import opened

NOT_CITABLE = "compte, mais ne se cite pas"


@bp.route("/<slug>/syntheses/<int:version>/edition")
@access("synthesis.write")
def edit(slug: str, version: int) -> ResponseReturnValue:
    campaign, row = opened(slug, version)
    if row.state in syntheses.PUBLISHED:
        return redirect(url_for("results.synthesis", slug=slug, version=version), 303)
    drafted = documents.from_dict(row.document).findings if row.document else ()
    mine = {finding.theme: finding for finding in row.findings}
    # Reading every text of a large campaign takes seconds: then, only when asked for.
    proved = "verifier" in request.args or syntheses.quick_to_prove(db(), campaign)
    return render_template(
        "results/edit.html",
        campaign=campaign,
        row=row,
        findings=[(item, mine[item.theme]) for item in drafted],
        stale=not row.document,
        proved=proved,
        problems=syntheses.problems(db(), actor(), row, campaign)
        if row.document and proved
        else [],
        voices=mandates.voices(db(), actor(), row, campaign),
    )


@bp.route("/<slug>/syntheses/<int:version>/edition/<theme>", methods=["GET", "POST"])
@access("synthesis.write")
def finding(slug: str, version: int, theme: str) -> ResponseReturnValue:
    campaign, row = opened(slug, version)
    drafted, mine = _finding(row, theme)
    offered = _quotations(drafted)
    form = FindingForm(data=_values(mine, list(offered)))
    form.offer(offered)
    if request.method == "POST" and form.validate():
        try:
            syntheses.rewrite(db(), actor(), row, theme, _edit(form, offered), form.seen.data or "")
        except DomainError as error:
            form_error(form, error)
            form.seen.data = syntheses.stamp(mine)
        else:
            flash("Le constat est enregistré.", "success")
            return redirect(url_for("results.edit", slug=slug, version=version), 303)
    page = render_template(
        "results/finding.html",
        campaign=campaign,
        row=row,
        finding=drafted,
        form=form,
        quotations=offered,
        present=mine if form.form_errors else None,
    )
    return page, 422 if form.errors else 200


def _finding(row: Synthesis, theme: str) -> tuple[Drafted, Finding]:
    """A finding as it was drafted, and as people wrote it."""
    drafted = documents.from_dict(row.document).findings if row.document else ()
    found = next((item for item in drafted if item.theme == theme), None)
    mine = next((item for item in row.findings if item.theme == theme), None)
    if found is None or mine is None:
        raise NotFound()
    return found, mine


def _quotations(drafted: Drafted) -> dict[str, str]:
    """Every quotation that the draft proposes for a finding, once each."""
    sides = (quoted for side in drafted.positions for quoted in side.quotations)
    return {item.id: item.quote or NOT_CITABLE for item in (*drafted.excerpts, *sides)}


def _values(mine: Finding, offered: list[str]) -> dict[str, object]:
    return {
        "seen": syntheses.stamp(mine),
        "sentence": mine.sentence,
        "nature": mine.nature,
        "nuance": mine.nuance,
        "limit": mine.limit,
        "kept": mine.kept,
        "quotes": offered if mine.quotes is None else mine.quotes,
    }


def _edit(form: FindingForm, offered: dict[str, str]) -> documents.Edit:
    chosen = tuple(form.quotes.data or ())
    return documents.Edit(
        sentence=form.sentence.data or "",
        nuance=form.nuance.data or "",
        limit=form.limit.data or "",
        kept=form.kept.data,
        nature=form.nature.data,
        quotes=None if set(chosen) == set(offered) else chosen,
    )


def _back(slug: str, version: int, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("results.edit", slug=slug, version=version), 303)


@bp.route("/<slug>/syntheses/<int:version>/soumettre", methods=["POST"])
@access("synthesis.write")
def submit(slug: str, version: int) -> ResponseReturnValue:
    campaign, row = opened(slug, version)
    syntheses.submit(db(), actor(), row, campaign)
    return _back(slug, version, "La synthèse attend maintenant ses deux signatures.")


@bp.route("/<slug>/syntheses/<int:version>/reprendre", methods=["POST"])
@access("synthesis.write")
def reopen(slug: str, version: int) -> ResponseReturnValue:
    _, row = opened(slug, version)
    syntheses.reopen(db(), actor(), row)
    return _back(slug, version, "La synthèse est de nouveau un brouillon. Elle sera à signer.")


@bp.route("/<slug>/syntheses/<int:version>/signer", methods=["POST"])
@access("synthesis.sign")
def sign(slug: str, version: int) -> ResponseReturnValue:
    campaign, row = opened(slug, version)
    capacity = request.form.get("capacity", "")
    syntheses.sign(db(), actor(), row, campaign, capacity)
    return _back(slug, version, "Votre signature est enregistrée.")


@bp.route("/<slug>/syntheses/<int:version>/publier", methods=["POST"])
@access("synthesis.publish")
def publish(slug: str, version: int) -> ResponseReturnValue:
    campaign, row = opened(slug, version)
    syntheses.publish(db(), actor(), row, campaign)
    flash("La synthèse est publiée. Les personnes qui ont un compte peuvent la lire.", "success")
    return redirect(url_for("results.synthesis", slug=slug, version=version), 303)
