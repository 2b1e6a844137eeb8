"""Steps of the council around its papers, for the tests of « Nos fiches »."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.orm import Session

import factories
from interviews import posted
from pages import CheckedClient
from survey_app.models import QuestionnaireVersion, Record
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    filling,
    records,
    records_filling,
    records_offered,
    records_survey,
)
from survey_app.services.filling import Spot
from survey_app.services.posting import Posted

Q07, Q08 = "Q07-compte-rendu-de-debat", "Q08-reflexion-collective"
Q09, Q10 = "Q09-fonctionnement-collectif", "Q10-evaluer-nos-actions"
Q11 = "Q11-relation-pouvoirs-publics"
HOSTILE = "<script>alert('aïe')</script> {{ 7*7 }} & « \u202e »"
ESCAPED = "&lt;script&gt;alert(&#39;aïe&#39;)&lt;/script&gt; {{ 7*7 }} &amp; « \u202e »"


def people(runtime: Runtime) -> dict[str, Actor]:
    """A council with a campaign and its people, committed."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        found = factories.actors(session, council)
        factories.campaign(session, council)
    return found


def save(
    session: Session,
    actor: Actor,
    record: Record,
    section: str,
    entry: int | None = None,
    **fields: Any,
) -> filling.Filled:
    """Save one page of a sheet, as its browser would."""
    shown = [name.removesuffix("__nr") for name in fields] or None
    sent = Posted(posted(**fields), records.stamp(record), shown)
    return records_filling.save(session, actor, record, Spot(section, entry), sent)


def answer(
    session: Session, runtime: Runtime, actor: Actor, name: str = Q09, **pages: dict[str, Any]
) -> QuestionnaireVersion:
    """Begin, fill and give one separate answer; ``pages`` are the fields of each section."""
    draft = records_offered.begin(session, actor, name)
    for section, fields in pages.items():
        assert not save(session, actor, draft, section, **fields).problems
    return records_survey.give(session, actor, runtime, draft.id)


def minutes(session: Session, actor: Actor, readers: str = "conseil") -> Record:
    """The minutes of a debate, complete and finished."""
    record = records_offered.begin(session, actor, Q07)
    save(
        session,
        actor,
        record,
        "seance",
        date_debat="2026-11-03",
        heure_debut="18:00",
        heure_fin="20:15",
        sujet="Que faire du terrain vague ?",
        presents_habitants="12",
        presents_acteurs="3",
    )
    save(session, actor, record, "idees_echangees", 1, idee="Un jardin", avis_groupe="accord")
    save(
        session,
        actor,
        record,
        "idees_echangees",
        2,
        idee="Un parking",
        avis_groupe="partage",
        deux_avis="Des places en plus, ou du bruit en plus.",
    )
    save(session, actor, record, "decisions", decisions="Nous demandons un jardin.")
    save(
        session,
        actor,
        record,
        "taches",
        1,
        tache="Écrire à la mairie",
        role="secrétaire",
        echeance="2026-12-01",
    )
    save(session, actor, record, "fin", etat="a_relire", lecture=readers)
    return records_filling.finish(session, actor, record.id)


def hidden(me: CheckedClient, path: str) -> dict[str, str]:
    """The hidden fields of the last form of a page."""
    html = me.get(path).get_data(as_text=True)
    names = ("seen", "csrf_token", "survey")
    found = {name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', html) for name in names}
    return {name: match[1] for name, match in found.items() if match}


def text(answer: Any) -> str:
    """The page that answered."""
    return str(answer.get_data(as_text=True))


def begin(me: CheckedClient, name: str) -> str:
    """Begin a sheet from the room; the path of its first page."""
    answer = me.send("/fiches/commencer", {"sheet": name}, "/fiches/")
    assert answer.status_code == 303
    return str(answer.location)


def post(me: CheckedClient, path: str, **fields: Any) -> Any:
    """Send the form of a page as its browser would."""
    return me.post(path, data=hidden(me, path) | fields)


def step(path: str, name: str) -> str:
    """The path of another page of the same sheet."""
    return path.rsplit("/", 1)[0] + "/" + name
