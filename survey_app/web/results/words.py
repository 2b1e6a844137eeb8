"""The words of a campaign: their list, which of them count, one of them in its sentences."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import DomainError
from survey_app.security import access
from survey_app.services import (
    analyses,
    concordance_reading,
    groups_reading,
    lexicon_reading,
    scope,
    word_choices,
)
from survey_app.web.request import actor, db, form_error
from survey_app.web.results.blueprint import bp
from survey_app.web.results.words_forms import WordChoicesForm, values

AGAIN = "Relancez l’analyse pour que les comptes suivent ces choix."


@bp.route("/<slug>/mots")
@access("analysis.read")
def words(slug: str) -> ResponseReturnValue:
    """The lexicon: each word opens its sentences."""
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    asked = _asked(request.args)
    page = request.args.get("page", 1, int)
    lexicon = lexicon_reading.lexicon(
        db(), actor(), found, run, asked["liste"], asked["sorte"], asked["debut"], page
    )
    return render_template(
        "results/words.html",
        campaign=found,
        run=run,
        lexicon=lexicon,
        asked=asked,
        lists=lexicon_reading.LISTS,
    )


@bp.route("/<slug>/mots/ecarter", methods=["POST"])
@access("analysis.run")
def set_word_aside(slug: str) -> ResponseReturnValue:
    """Leave a word out of the counts, or take it back, from the list of words."""
    found = scope.campaign(db(), actor(), slug)
    word = request.form.get("ecarter") or ""
    if word:
        word_choices.set_aside(db(), actor(), found, word)
        flash(f"« {word} » est mis à l’écart. {AGAIN}", "success")
    else:
        word = request.form.get("remettre", "")
        word_choices.take_back(db(), actor(), found, word)
        flash(f"« {word} » compte de nouveau. {AGAIN}", "success")
    asked, page = _asked(request.form), request.form.get("page", 1, int)
    there = url_for(
        "results.words",
        slug=slug,
        liste=asked["liste"],
        sorte=asked["sorte"] or None,
        debut=asked["debut"] or None,
        page=page,
    )
    return redirect(there, 303)


@bp.route("/<slug>/mots/choix", methods=["GET", "POST"])
@access("analysis.run")
def word_choice(slug: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    form = WordChoicesForm(data=values(word_choices.current(found), word_choices.stamp(found)))
    form.offer(word_choices.proposals(db(), actor(), found, run))
    if request.method == "POST" and form.validate():
        try:
            word_choices.save(db(), actor(), found, form.chosen(), form.seen.data or "")
        except DomainError as error:
            form_error(form, error)
            form.seen.data = word_choices.stamp(found)
        else:
            flash(f"Les choix de mots sont enregistrés. {AGAIN}", "success")
            return redirect(url_for("results.words", slug=slug), 303)
    page = render_template("results/word_choices.html", campaign=found, run=run, form=form)
    return page, 422 if form.errors else 200


@bp.route("/<slug>/concordance")
@access("analysis.read")
def concordance(slug: str) -> ResponseReturnValue:
    """One word each time it is said; in one part of the campaign only, where one is given."""
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    word = request.args.get("mot", "").strip()
    order = request.args.get("ordre", "lecture")
    cut, key = request.args.get("par", ""), request.args.get("partie", "")
    part = groups_reading.opened(db(), actor(), run, cut, key, word) if cut else None
    lines = None
    if word:
        page = request.args.get("page", 1, int)
        lines = concordance_reading.concordance(db(), actor(), found, run, word, order, page, part)
    inside = {"par": cut, "partie": key} if cut else {}
    return render_template(
        "results/concordance.html",
        campaign=found,
        run=run,
        word=word,
        lines=lines,
        part=part,
        inside=inside,
        order=order,
        orders=[(name, label) for name, (_, label) in concordance_reading.ORDERS.items()],
    )


def _asked(given: dict[str, str]) -> dict[str, str]:
    """What the list of words is narrowed to."""
    return {
        "liste": given.get("liste") or "mots",
        "sorte": given.get("sorte", ""),
        "debut": given.get("debut", ""),
    }
