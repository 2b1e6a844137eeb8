"""Taking one's words back: the code is posted each time, never put in an address or a cookie."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, NotFound
from survey_app.models import Testimony
from survey_app.security import public
from survey_app.services import withdrawal
from survey_app.web.request import db, runtime
from survey_app.web.withdrawal.forms import CodeForm

bp = Blueprint("withdrawal", __name__, url_prefix="/retrait")


@bp.route("")
@public
def start() -> ResponseReturnValue:
    return render_template("withdrawal/start.html", form=CodeForm())


@bp.route("", methods=["POST"])
@public
def words() -> ResponseReturnValue:
    """Show the words of the code, and what may be done with them."""
    return _with_testimony(lambda session, found: _shown(session, found))


@bp.route("/effacer", methods=["POST"])
@public
def erase() -> ResponseReturnValue:
    def act(session: Session, found: Testimony) -> ResponseReturnValue:
        withdrawal.erase(session, runtime(), found)
        return redirect(url_for("withdrawal.erased"), 303)

    return _with_testimony(act)


@bp.route("/ne-plus-citer", methods=["POST"])
@public
def unquote() -> ResponseReturnValue:
    def act(session: Session, found: Testimony) -> ResponseReturnValue:
        try:
            withdrawal.stop_quoting(session, runtime(), found)
        except Conflict as error:
            return _shown(session, found, str(error))
        return redirect(url_for("withdrawal.unquoted"), 303)

    return _with_testimony(act)


@bp.route("/effacees")
@public
def erased() -> ResponseReturnValue:
    return render_template("withdrawal/done.html", erased=True)


@bp.route("/plus-citees")
@public
def unquoted() -> ResponseReturnValue:
    return render_template("withdrawal/done.html", erased=False)


def _with_testimony(
    act: Callable[[Session, Testimony], ResponseReturnValue],
) -> ResponseReturnValue:
    """Do something with the testimony of the posted code; a wrong code answers in one way only."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            found = withdrawal.find(
                db(), runtime().keys, form.code.data, request.remote_addr or "inconnue"
            )
        except NotFound as error:
            # Answered here, not raised: what counts the guess must be committed.
            form.code.errors = [str(error)]
        else:
            return act(db(), found)
    return render_template("withdrawal/start.html", form=form), 422


def _shown(session: Session, found: Testimony, notice: str = "") -> ResponseReturnValue:
    return render_template(
        "withdrawal/words.html",
        said=withdrawal.said(session, found),
        form=CodeForm(),
        notice=notice,
    )
