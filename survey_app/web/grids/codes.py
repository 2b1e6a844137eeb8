"""One page for each gesture on a code or a theme of a draft."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from flask import flash, render_template, request

from analysis.codebook import Code, Codebook, Theme
from analysis.codebook_steps import Change
from survey_app.domain import NotFound
from survey_app.models import CodebookVersion
from survey_app.security import access
from survey_app.services import grid_drafts
from survey_app.web.grids import forms
from survey_app.web.grids.blueprint import (
    bp,
    changed,
    code_of,
    opened,
    status_of,
    theme_of,
    to_draft,
)
from survey_app.web.grids.home import pillar_names
from survey_app.web.request import actor, db

NO_PILLAR = "hors"


@bp.route("/brouillons/<uuid:codebook_id>/code/<code>", methods=["GET", "POST"])
@access("codebook.manage")
def edit(codebook_id: uuid.UUID, code: str) -> Any:
    """The texts of a code, or of a theme."""
    row, book = opened(codebook_id)
    found = code_of(book, code)
    theme = theme_of(book, code)
    form = _texts_form(row, theme or found)
    if form.validate_on_submit() and changed(row, form, _texts(code, form)):
        flash(f"Les textes de {code} sont enregistrés.", "success")
        return to_draft(row, _anchor(book, code))
    title = f"Textes de {code}"
    return _page("code", row, form, title, about=found, theme=theme)


@bp.route("/brouillons/<uuid:codebook_id>/ajouter/<code>", methods=["GET", "POST"])
@access("codebook.manage")
def add(codebook_id: uuid.UUID, code: str) -> Any:
    """A code added to a theme."""
    row, book = opened(codebook_id)
    if theme_of(book, code) is None:
        raise NotFound()
    name = grid_drafts.free_name(db(), actor(), row, code, 0)
    form = forms.NewCodeForm(data={"revision": row.revision, "name": name})
    if form.validate_on_submit():
        part = {"code": _name(form), **_told(form)}
        if changed(row, form, Change("add", theme=code, parts=(part,))):
            flash(f"Le code {part['code']} est ajouté.", "success")
            return to_draft(row, f"code-{part['code']}")
    return _page("code", row, form, f"Ajouter un code au thème {code}", about=None, theme=None)


@bp.route("/brouillons/<uuid:codebook_id>/theme", methods=["GET", "POST"])
@access("codebook.manage")
def add_theme(codebook_id: uuid.UUID) -> Any:
    """A theme added at the end, outside the pillars until it is placed."""
    row, _ = opened(codebook_id)
    form = forms.NewThemeForm(data={"revision": row.revision})
    if form.validate_on_submit():
        part = {"code": _name(form), **_told(form)}
        if changed(row, form, Change("add_theme", parts=(part,))):
            flash(f"Le thème {part['code']} est ajouté. Choisissez son pilier.", "success")
            return to_draft(row, f"theme-{part['code']}")
    return _page("code", row, form, "Ajouter un thème", about=None, theme=None)


@bp.route("/brouillons/<uuid:codebook_id>/renommer/<code>", methods=["GET", "POST"])
@access("codebook.manage")
def rename(codebook_id: uuid.UUID, code: str) -> Any:
    """Another name; codings will follow."""
    row, book = opened(codebook_id)
    found = code_of(book, code)
    form = forms.RenameForm(data={"revision": row.revision})
    if form.validate_on_submit():
        change = Change("rename", code=code, target=_name(form))
        if changed(row, form, change):
            flash(f"{code} s’appelle désormais {change.target}.", "success")
            return to_draft(row)
    return _page("gesture", row, form, f"Renommer {code}", about=found, told=RENAMING)


@bp.route("/brouillons/<uuid:codebook_id>/reunir/<code>", methods=["GET", "POST"])
@access("codebook.manage")
def merge(codebook_id: uuid.UUID, code: str) -> Any:
    """Other codes that join this one."""
    row, book = opened(codebook_id)
    found = _child(book, code)
    form = forms.MergeForm(data={"revision": row.revision})
    mine = [item for item in book.themes if item.code == found.theme]
    others = [item for item in book.themes if item.code != found.theme]
    form.offer(
        {
            item.code: f"{item.code} {item.label}"
            for theme in (*mine, *others)
            for item in theme.codes
            if item.code != code
        }
    )
    if form.validate_on_submit():
        change = Change("merge", code=code, codes=tuple(form.codes.data or ()))
        if changed(row, form, change):
            flash(f"Les codes sont réunis dans {code}.", "success")
            return to_draft(row, f"code-{code}")
    return _page("gesture", row, form, f"Réunir des codes dans {code}", about=found, told=MERGING)


@bp.route("/brouillons/<uuid:codebook_id>/deplacer/<code>", methods=["GET", "POST"])
@access("codebook.manage")
def move(codebook_id: uuid.UUID, code: str) -> Any:
    """Another theme, where the code takes the next free number."""
    row, book = opened(codebook_id)
    found = _child(book, code)
    form = forms.MoveForm(data={"revision": row.revision})
    form.offer({t.code: f"{t.code} {t.label}" for t in book.themes if t.code != found.theme})
    if form.validate_on_submit():
        theme = form.theme.data
        name = grid_drafts.free_name(db(), actor(), row, theme, 0)
        if changed(row, form, Change("move", code=code, theme=theme, target=name)):
            flash(f"{code} passe au thème {theme}, sous le nom {name}.", "success")
            return to_draft(row, f"code-{name}")
    return _page("gesture", row, form, f"Déplacer {code}", about=found, told=MOVING)


@bp.route("/brouillons/<uuid:codebook_id>/retirer/<code>", methods=["GET", "POST"])
@access("codebook.manage")
def retire(codebook_id: uuid.UUID, code: str) -> Any:
    """A code, or a theme with its codes, that is no longer used."""
    row, book = opened(codebook_id)
    found = code_of(book, code)
    form = forms.DraftForm(data={"revision": row.revision})
    if form.validate_on_submit() and changed(row, form, Change("retire", code=code)):
        flash(f"{code} est retiré de la grille.", "success")
        return to_draft(row)
    return _page("gesture", row, form, f"Retirer {code}", about=found, told=RETIRING)


@bp.route("/brouillons/<uuid:codebook_id>/pilier/<code>", methods=["GET", "POST"])
@access("codebook.manage")
def pillar(codebook_id: uuid.UUID, code: str) -> Any:
    """The pillar of a theme, or none."""
    row, book = opened(codebook_id)
    theme = theme_of(book, code)
    if theme is None:
        raise NotFound()
    form = forms.PillarForm(data={"revision": row.revision, "pillar": theme.pillar or NO_PILLAR})
    form.offer({**pillar_names(row), NO_PILLAR: "Hors piliers"})
    if form.validate_on_submit():
        target = "" if form.pillar.data == NO_PILLAR else form.pillar.data
        if changed(row, form, Change("place", code=code, target=target)):
            flash(f"Le pilier du thème {code} est enregistré.", "success")
            return to_draft(row, f"theme-{code}")
    return _page("gesture", row, form, f"Pilier du thème {code}", about=book.code(code), told="")


@bp.route("/brouillons/<uuid:codebook_id>/diviser/<code>", methods=["GET", "POST"])
@access("codebook.manage")
def split(codebook_id: uuid.UUID, code: str) -> Any:
    """The codes that take the place of one."""
    row, book = opened(codebook_id)
    found = _child(book, code)
    form = forms.SplitForm(data={"revision": row.revision})
    lines = _lines(row, found) if not form.is_submitted() else _sent_lines()
    if form.validate_on_submit():
        parts = tuple(line for line in lines if line["label"])
        change = Change("split", code=code, parts=parts)
        if changed(row, form, change):
            names = ", ".join(part["code"] for part in parts)
            flash(f"{code} est divisé : {names}.", "success")
            return to_draft(row, f"code-{parts[0]['code']}")
    page = render_template(
        "grids/split.html", row=row, form=form, about=found, lines=lines, title=f"Diviser {code}"
    )
    return page, status_of(form)


def _lines(row: CodebookVersion, found: Code) -> list[dict[str, Any]]:
    """Free names to begin with; keywords go to the first, where they may be shared out."""
    return [
        {
            "code": grid_drafts.free_name(db(), actor(), row, found.theme, rank),
            "label": "",
            "definition": "",
            "lemmas": list(found.lemmas) if rank == 0 else [],
        }
        for rank in range(forms.PARTS)
    ]


def _sent_lines() -> list[dict[str, Any]]:
    return [
        {
            "code": request.form.get(f"code-{rank}", "").strip().upper()[:12],
            "label": " ".join(request.form.get(f"label-{rank}", "").split())[:200],
            "definition": request.form.get(f"definition-{rank}", "").strip()[:3000],
            "lemmas": forms.words(request.form.get(f"lemmas-{rank}", "")[:3000]),
        }
        for rank in range(forms.PARTS)
    ]


RENAMING = "Les passages déjà codés suivront, le jour où une campagne prendra cette version."
MERGING = (
    "Les passages codés avec l’un ou l’autre porteront ce seul code. Un passage qui portait les "
    "deux ne sera compté qu’une fois."
)
MOVING = "Le code prend le premier numéro libre de son nouveau thème."
RETIRING = (
    "Les passages qui portent ce code ne seront plus comptés sous lui. Pour les garder, réunissez "
    "plutôt ce code avec un autre."
)


def _page(name: str, row: CodebookVersion, form: Any, title: str, **values: Any) -> Any:
    page = render_template(f"grids/{name}.html", row=row, form=form, title=title, **values)
    return page, status_of(form)


def _name(form: Any) -> str:
    return str(form.name.data or "").strip().upper()


def _child(book: Codebook, code: str) -> Code:
    """A code that stands under a theme; themes and reviewing codes have no such page."""
    found = code_of(book, code)
    if found.theme in {"", code}:
        raise NotFound()
    return found


def _anchor(book: Codebook, code: str) -> str:
    return f"theme-{code}" if theme_of(book, code) else f"code-{code}"


def _texts_form(row: CodebookVersion, found: Code | Theme) -> Any:
    told = asdict(found)
    if isinstance(found, Theme):
        return forms.ThemeForm(data={**told, "revision": row.revision})
    lemmas = "\n".join(found.lemmas)
    return forms.CodeForm(data={**told, "lemmas": lemmas, "revision": row.revision})


def _told(form: Any) -> dict[str, Any]:
    """The texts of a form, as a change keeps them."""
    names = ("label", "definition", "include", "exclude", "example")
    told: dict[str, Any] = {
        name: (form[name].data or "").replace("\r\n", "\n").replace("\x00", "").strip()
        for name in names
        if name in form
    }
    return told | ({"lemmas": forms.words(form.lemmas.data)} if "lemmas" in form else {})


def _texts(code: str, form: Any) -> Change:
    return Change("texts", code=code, texts=_told(form))
