"""How the bench is drawn: the whole page, or the part that a gesture changed."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from analysis.codebook import Codebook, fold
from analysis.sentences import Span
from survey_app.domain import DomainError
from survey_app.models import Testimony
from survey_app.services import books, custody, excerpts, queue, suggestions
from survey_app.services.excerpts import Bench
from survey_app.web.coding.forms import KEYS, BenchForm, chosen_facets, facets_for
from survey_app.web.coding.lines import lines, lost, marks
from survey_app.web.request import actor, db

PART = "X-Paroles-Part"
"""The header by which the bench's script asks for what changed alone, and is told it has it."""
_GRIDS: dict[tuple[str, bool], Markup] = {}
_MOST_GRIDS = 16


def part_asked() -> bool:
    """Whether the script asks, which will put the answer in the page that is open."""
    return PART in request.headers


def part(
    testimony: Testimony,
    bench: Bench,
    book: Codebook,
    opened: str = "",
    within: Span | None = None,
) -> Response:
    """The buttons and marks of the bench, as they are now; ``opened`` is a coding to specify.

    ``within`` is the stretch whose sentences alone are drawn; all of them otherwise.
    """
    drawn = [
        index
        for index, one in enumerate(bench.sentences)
        if within is None or (one.start < within.end and within.start < one.end)
    ]
    known = _marked(testimony, bench, book, opened)
    html = render_template("coding/_part.html", **known, drawn=drawn)
    return _as_part(html, 200)


def refused(error: DomainError) -> Response:
    """The words of a refusal, for the script to show above what was chosen."""
    return _as_part(render_template("coding/_refused.html", message=str(error)), error.status)


def page(
    testimony: Testimony,
    form: BenchForm,
    ticked: list[int],
    found: list[str] | None = None,
    opened: str = "",
) -> str:
    """The whole page. ``found`` are the codes that a search without the script found."""
    bench = excerpts.bench(db(), actor(), testimony)
    book = books.of(db(), actor(), testimony.campaign)
    form.version.data = str(bench.text.id)
    shown = _marked(testimony, bench, book, opened)
    before, after = queue.neighbours(db(), actor(), testimony, "a-coder")
    offered = shown["writable"] and not bench.blind
    return render_template(
        "coding/bench.html",
        **shown,
        forms=_forms(testimony),
        bound={KEYS[one.id]: one.id for one in shown["facets"] if one.id in KEYS},
        lines=lines(testimony, bench),
        lost=lost(testimony, bench),
        grid=_grid(book, writable=shown["writable"]),
        chosen=chosen_facets(request.form) or {},
        form=form,
        ticked=set(ticked),
        found=found,
        searchable=searchable(book) if found else {},
        before=before,
        after=after,
        suggested=suggestions.for_bench(db(), bench, book) if offered else (),
        desk=custody.is_coordinator(actor()),
    )


def searchable(book: Codebook) -> dict[str, str]:
    """For each code, all that the search box looks into, without accents."""
    return {
        code.code: fold(f"{code.code} {code.label} {code.definition} {' '.join(code.lemmas)}")
        for code in book.all_codes()
    }


def _marked(testimony: Testimony, bench: Bench, book: Codebook, opened: str) -> dict[str, Any]:
    repeat = bench.repeat
    codable = testimony.state in excerpts.CODABLE and not bench.closed
    return {
        "testimony": testimony,
        "here": url_for("coding.bench", testimony_id=testimony.id),
        "bench": bench,
        "book": book,
        "marks": marks(bench),
        "opened": opened,
        "facets": facets_for(actor(), book),
        "repeated": book.code(repeat) if repeat is not None and repeat in book else None,
        "writable": excerpts.may_code(actor()) and codable,
        "me": actor().account_id,
    }


def _forms(testimony: Testimony) -> dict[str, str]:
    """The forms that stand in the page for buttons which come and go: their id and address."""
    places = {
        "annuler": ("step", "annuler"),
        "refaire": ("step", "refaire"),
        "retirer": ("remove", None),
        "preciser": ("specify", None),
        "terminer": ("finish", "terminer"),
        "rien": ("finish", "rien"),
    }
    return {
        name: url_for(f"coding.{view}", testimony_id=testimony.id, gesture=gesture)
        for name, (view, gesture) in places.items()
    }


def _as_part(html: str, status: int) -> Response:
    answer = make_response(html, status)
    answer.headers[PART] = "banc"
    return answer


def _grid(book: Codebook, *, writable: bool) -> Markup:
    """The grid in full, drawn once for each published version: it is most of the page."""
    key = (book.fingerprint, writable)
    if key not in _GRIDS:
        if len(_GRIDS) >= _MOST_GRIDS:
            _GRIDS.clear()
        _GRIDS[key] = Markup(  # noqa: S704  # nosec B704  # our own template escapes the words
            render_template(
                "coding/_grid.html", book=book, searchable=searchable(book), writable=writable
            )
        )
    return _GRIDS[key]
