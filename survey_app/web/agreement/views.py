"""Double coding: open a round, follow it, read how far two people agree, decide, close."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from analysis.agreement import Comparison
from analysis.codebook import Codebook
from survey_app.domain import Conflict, DomainError, Invalid, NotFound
from survey_app.models import AgreementRound, Campaign, Testimony
from survey_app.security import access
from survey_app.services import (
    arbitration,
    custody,
    grids,
    queue,
    round_closing,
    round_figures,
    round_opening,
    round_reading,
    rounds,
    scope,
)
from survey_app.web.agreement import shown
from survey_app.web.agreement.forms import OpenForm
from survey_app.web.request import actor, db, form_error

bp = Blueprint("agreement", __name__, url_prefix="/accord")
PAGE = 20
DECISIONS = {"garder": True, "retirer": False}


@bp.get("/")
@access("testimony.code")
def home() -> ResponseReturnValue:
    """The newest campaign's rounds."""
    campaigns = queue.campaigns(db(), actor())
    if not campaigns:
        raise NotFound("Il n’y a pas encore de campagne.", "La coordination en prépare une.")
    return redirect(url_for("agreement.campaign", slug=campaigns[0].slug), 303)


@bp.get("/<slug>")
@access("testimony.code")
def campaign(slug: str) -> str:
    """The rounds of a campaign: all for the coordination, their own for coders."""
    found = scope.campaign(db(), actor(), slug)
    listed = [
        (row, rounds.names(db(), row), rounds.progress(db(), row))
        for row in rounds.listed(db(), actor(), found)
    ]
    return render_template(
        "agreement/campaign.html",
        campaign=found,
        listed=listed,
        labels=rounds.LABELS,
        desk=custody.is_coordinator(actor()),
    )


@bp.route("/<slug>/nouveau", methods=["GET", "POST"])
@access("campaign.manage")
def opening(slug: str) -> ResponseReturnValue:
    """Choose two people and some texts."""
    found, form = scope.campaign(db(), actor(), slug), OpenForm()
    people = round_opening.coders(db(), actor())
    form.offer(people)
    if form.validate_on_submit():
        try:
            pair = uuid.UUID(form.first.data), uuid.UUID(form.second.data)
            chosen = _chosen(found, form, pair)
            made = round_opening.open_round(
                db(), actor(), found, pair, chosen, form.title.data or ""
            )
            flash("Le double codage est ouvert. Prévenez les deux personnes.", "success")
            return redirect(url_for("agreement.tour", round_id=made.id), 303)
        except DomainError as error:
            form_error(form, error)
    page = render_template("agreement/open.html", campaign=found, form=form, people=people)
    return page, 422 if form.errors else 200


def _chosen(
    found: Campaign, form: OpenForm, pair: tuple[uuid.UUID, uuid.UUID]
) -> Sequence[Testimony]:
    if form.how.data == "named":
        asked = round_opening.numbers(form.numbers.data or "")
        return round_opening.by_number(db(), actor(), found, pair, asked)
    written = (form.count.data or "").strip()
    count = int(written) if written.isdecimal() and len(written) < 5 else 0
    return round_opening.at_random(db(), actor(), found, pair, count)


@bp.get("/tour/<uuid:round_id>")
@access("testimony.code")
def tour(round_id: uuid.UUID) -> str:
    """How far the two are; once both are done, how far they agree."""
    found = rounds.get(db(), actor(), round_id)
    common = {
        "round": found,
        "campaign": _campaign(found),
        "names": rounds.names(db(), found),
        "progress": rounds.progress(db(), found),
        "labels": rounds.LABELS,
        "desk": custody.is_coordinator(actor()),
    }
    if found.state == rounds.OPEN:
        following = rounds.next_text(db(), actor(), found)
        mine = actor().account_id in rounds.pair(found)
        return render_template("agreement/open_round.html", **common, next=following, mine=mine)
    texts = round_reading.read(db(), actor(), found)
    listed = arbitration.to_discuss(db(), found, texts)
    figures, wide = _figures(found, texts)
    return render_template(
        "agreement/results.html",
        **common,
        figures=figures,
        wide=wide,
        table=shown.table(figures, _book(found)),
        same=shown.share(figures.same, figures.sentences),
        few=shown.FEW,
        compared=len(texts),
        sentences=len(listed),
        decided=found.state == rounds.CLOSED and arbitration.decisions(db(), actor(), found),
        differences=sum(len(row.differences) for row in listed),
        undecided=round_closing.undecided(listed),
    )


@bp.get("/tour/<uuid:round_id>/tableau.csv")
@access("testimony.code")
def table(round_id: uuid.UUID) -> Response:
    """The figures as a spreadsheet opens them. Nobody is named."""
    found = rounds.get(db(), actor(), round_id)
    figures, _ = _figures(found, round_reading.read(db(), actor(), found))
    answer = make_response(shown.as_csv(figures, _book(found)))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="double-codage.csv"'
    return answer


@bp.get("/tour/<uuid:round_id>/phrases")
@access("testimony.code")
def discuss(round_id: uuid.UUID) -> str:
    """The sentences where the two differ, to talk about; the coordination decides there."""
    found = rounds.get(db(), actor(), round_id)
    book = _book(found)
    common = {
        "round": found,
        "campaign": _campaign(found),
        "label": lambda code: shown.label(book, code),
    }
    if found.state == rounds.CLOSED:
        told = arbitration.decisions(db(), actor(), found)
        return render_template("agreement/decisions.html", **common, **_page(told))
    listed = arbitration.to_discuss(db(), found, round_reading.read(db(), actor(), found))
    return render_template(
        "agreement/discuss.html",
        **common,
        **_page(listed),
        names=rounds.names(db(), found),
        undecided=round_closing.undecided(listed),
        longest=arbitration.LONGEST_REASON,
        desk=custody.is_coordinator(actor()),
    )


def _where(version: str, start: str, code: str) -> tuple[uuid.UUID, int, str]:
    """The text, the place of the sentence and the code that a form names."""
    try:
        return uuid.UUID(version), int(start) if len(start) < 9 else -1, code
    except ValueError:
        raise Conflict(
            "Cette phrase n’est plus à discuter.", "Rien n’a été changé. Rechargez la page."
        ) from None


def _page(listed: Sequence[Any]) -> dict[str, Any]:
    """The rows of the page asked for, or of the nearest one."""
    last = max(1, -(-len(listed) // PAGE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    rows = listed[(page - 1) * PAGE : page * PAGE]
    return {"listed": rows, "total": len(listed), "page": page, "last": last}


@bp.post("/tour/<uuid:round_id>/phrases")
@access("campaign.manage")
def decide(round_id: uuid.UUID) -> ResponseReturnValue:
    """Keep a code on a sentence, or not, and say why."""
    found = rounds.get(db(), actor(), round_id)
    sent = request.form
    where = _where(sent.get("texte", ""), sent.get("debut", ""), sent.get("code", ""))
    decision = DECISIONS.get(sent.get("decision", ""))
    if decision is None:
        raise Invalid("Aucune décision n’a été prise.", "Choisissez de garder ce code, ou non.")
    arbitration.decide(db(), actor(), found, where, decision, sent.get("raison", ""))
    page, anchor = request.args.get("page", 1, int), f"phrase-{where[0]}-{where[1]}"
    target = url_for("agreement.discuss", round_id=found.id, page=page, _anchor=anchor)
    return redirect(target, 303)


@bp.post("/tour/<uuid:round_id>/arreter")
@access("campaign.manage")
def end(round_id: uuid.UUID) -> ResponseReturnValue:
    """Stop the coding before both have finished."""
    found = rounds.get(db(), actor(), round_id)
    rounds.end(db(), actor(), found)
    flash("Le codage est arrêté. Ce que les deux ont terminé est comparé.", "success")
    return redirect(url_for("agreement.tour", round_id=found.id), 303)


@bp.post("/tour/<uuid:round_id>/clore")
@access("campaign.manage")
def close(round_id: uuid.UUID) -> ResponseReturnValue:
    """Make codings that count of what was agreed or kept."""
    found = rounds.get(db(), actor(), round_id)
    rest = DECISIONS.get(request.form.get("reste", ""))
    try:
        round_closing.close(db(), actor(), found, rest)
        flash("Le double codage est clos. Les codes gardés comptent désormais.", "success")
    except Conflict as error:
        db().rollback()
        flash(str(error), "error")
    return redirect(url_for("agreement.tour", round_id=round_id), 303)


def _figures(found: AgreementRound, texts: Sequence[round_reading.Read]) -> tuple[Comparison, bool]:
    """The figures, and whether they count the sentences that nobody coded."""
    figures = round_figures.comparison(found, texts)
    wide = request.args.get("phrases") == "toutes"
    return (figures.with_uncoded() if wide else figures), wide


def _campaign(found: AgreementRound) -> Campaign:
    return scope.get(db(), actor(), Campaign, found.campaign_id)


def _book(found: AgreementRound) -> Codebook | None:
    """The campaign's grid, if it still has one."""
    campaign_ = _campaign(found)
    return grids.of(db(), actor(), campaign_) if campaign_.codebook_version_id else None
