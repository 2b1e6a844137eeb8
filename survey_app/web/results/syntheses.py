"""Versions of a synthesis: reading, proving, and the files to take away."""

from __future__ import annotations

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import NotFound
from survey_app.models import Campaign, Synthesis
from survey_app.security import access
from survey_app.services import exports, scope, syntheses
from survey_app.services.results import PAGE
from survey_app.services.syntheses import PUBLISHED
from survey_app.web.request import actor, db, runtime
from survey_app.web.results import shown
from survey_app.web.results.blueprint import bp
from survey_app.web.results.forms import CorrectionForm, DraftForm, FilesForm
from survey_app.web.results.work import launch


def opened(slug: str, version: int) -> tuple[Campaign, Synthesis]:
    """The campaign and the version of an address, if the actor may read it."""
    campaign = scope.campaign(db(), actor(), slug)
    return campaign, syntheses.by_version(db(), actor(), campaign, version)


@bp.route("/<slug>/syntheses")
@access("synthesis.read")
def versions(slug: str) -> ResponseReturnValue:
    campaign = scope.campaign(db(), actor(), slug)
    return _versions(campaign, None)


@bp.route("/<slug>/syntheses", methods=["POST"])
@access("synthesis.write")
def draft(slug: str) -> ResponseReturnValue:
    campaign = scope.campaign(db(), actor(), slug)
    form = _draft_form(syntheses.listed(db(), actor(), campaign))
    if not form.validate_on_submit():
        return _versions(campaign, form), 422
    reason = form.reason.data if isinstance(form, CorrectionForm) else ""
    row = syntheses.draft(db(), actor(), campaign, reason)
    return redirect(url_for("results.edit", slug=slug, version=row.version), 303)


def _draft_form(rows: list[Synthesis]) -> DraftForm | CorrectionForm:
    return CorrectionForm() if rows and rows[0].state in PUBLISHED else DraftForm()


def _versions(campaign: Campaign, form: DraftForm | CorrectionForm | None) -> str:
    rows = syntheses.listed(db(), actor(), campaign)
    return render_template(
        "results/versions.html",
        campaign=campaign,
        rows=rows,
        form=form or _draft_form(rows),
        waiting=bool(rows) and rows[0].state in {"cross_review", "validated"},
    )


@bp.route("/<slug>/syntheses/<int:version>")
@access("synthesis.read")
def synthesis(slug: str, version: int) -> ResponseReturnValue:
    campaign, row = opened(slug, version)
    return _reading(campaign, row, FilesForm())


def _reading(campaign: Campaign, row: Synthesis, form: FilesForm) -> str:
    document = syntheses.document(row, traced=False)
    return render_template(
        "results/synthesis.html",
        campaign=campaign,
        row=row,
        document=document,
        essentials=shown.essentials(document),
        day=shown.day,
        form=form,
        files=exports.written(runtime(), campaign, row),
    )


@bp.route("/<slug>/syntheses/<int:version>/preuves/<theme>")
@access("synthesis.read")
def proof(slug: str, version: int, theme: str) -> ResponseReturnValue:
    campaign, row = opened(slug, version)
    document = syntheses.document(row)
    finding = next((item for item in document.findings if item.theme == theme), None)
    if finding is None:
        raise NotFound()
    rows = [item for item in document.trace.rows if item.theme == theme]
    page, pages = request.args.get("page", 1, int), max(1, -(-len(rows) // PAGE))
    if not 1 <= page <= pages:
        raise NotFound()
    return render_template(
        "results/proof.html",
        campaign=campaign,
        row=row,
        finding=finding,
        rows=rows[(page - 1) * PAGE : page * PAGE],
        total=len(rows),
        meetings={item.label: item for item in document.listening.meetings},
        day=shown.day,
        page=page,
        pages_count=pages,
    )


@bp.route("/<slug>/syntheses/<int:version>/images/<name>.<any(svg, png):kind>")
@access("synthesis.read")
def printed_picture(slug: str, version: int, name: str, kind: str) -> ResponseReturnValue:
    _, row = opened(slug, version)
    for picture in syntheses.document(row, traced=False).pictures:
        if picture.name == name:
            return shown.image(picture.svg, picture.png, kind)
    raise NotFound()


@bp.route("/<slug>/syntheses/<int:version>/fichiers", methods=["POST"])
@access("synthesis.export")
def write_files(slug: str, version: int) -> ResponseReturnValue:
    campaign, row = opened(slug, version)
    form = FilesForm()
    if not form.validate_on_submit():
        return _reading(campaign, row, form), 422
    job = launch(
        "export",
        campaign,
        synthesis=str(row.id),
        formats=exports.check_formats(",".join(form.formats.data)),
        folder=exports.recorded(runtime(), exports.folder(runtime(), campaign, row)),
    )
    return redirect(url_for("results.job", job_id=job.id), 303)


@bp.route("/<slug>/syntheses/<int:version>/fichiers/<name>")
@access("synthesis.read")
def file(slug: str, version: int, name: str) -> ResponseReturnValue:
    """One of the files written for this version: looked up by format, never by path."""
    campaign, row = opened(slug, version)
    path = exports.written(runtime(), campaign, row).get(name)
    if path is None:
        raise NotFound(
            "Ce fichier n’est pas écrit, ou ne l’est plus.",
            "Écrivez-le à nouveau depuis la page de la synthèse.",
        )
    download = f"synthese-{campaign.slug}-v{row.version}.{name}"
    return send_file(path, as_attachment=True, download_name=download)
