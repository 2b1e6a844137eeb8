"""Which words a campaign counts: kinds, words set aside or restored, expressions, sequences."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from analysis import terms
from analysis.terms import Selection, SelectionError
from survey_app.domain import Conflict, Invalid
from survey_app.models import Campaign, Run
from survey_app.permissions import Actor
from survey_app.services import journal, part_words, run_parts

WORDS = "words"


def current(campaign: Campaign) -> Selection:
    """The choices of a campaign; the usual ones where nobody chose."""
    return run_parts.selection(campaign.analysis)


def stamp(campaign: Campaign) -> str:
    """The choices in short: a form sends it back to say what it was shown."""
    return hashlib.sha256(repr(current(campaign)).encode()).hexdigest()[:16]


def outdated(campaign: Campaign, used: dict[str, object]) -> bool:
    """Whether the choices changed since the run that ``used`` these."""
    return used != current(campaign).as_dict()


def proposals(
    session: Session, actor: Actor, campaign: Campaign, run: Run | None
) -> list[tuple[str, str, int, int]]:
    """Expressions that the run found and nobody chose: lemmas, words, times, testimonies."""
    found = run_parts.find(session, actor, run, part_words.PROPOSED)
    taken = set(current(campaign).as_dict()["expressions"])
    rows = found.document["expressions"] if found else []
    return [tuple(row) for row in rows if row[0] not in taken]


def save(
    session: Session, actor: Actor, campaign: Campaign, raw: dict[str, object], seen: str = ""
) -> None:
    """Keep what a person chose (as `Selection.from_dict` takes it); the next run counts so.

    ``seen`` is the `stamp` of what they were shown: `Conflict` if somebody chose meanwhile.
    """
    actor.require("analysis.run")
    if seen and seen != stamp(campaign):
        raise Conflict(
            "Une autre personne a changé ces choix pendant que vous écriviez.",
            "Les vôtres sont toujours dans le formulaire. Comparez, puis enregistrez à nouveau.",
        )
    try:
        chosen = Selection.from_dict(raw)
    except SelectionError as error:
        raise Invalid(str(error), "Rien n’a été changé : corrigez, puis enregistrez.") from None
    _keep(session, actor, campaign, chosen)


def set_aside(session: Session, actor: Actor, campaign: Campaign, word: str) -> None:
    """Leave a word out of every count, from the next run on."""
    now = current(campaign).as_dict()
    now["added"] = [*now["added"], word]
    now["restored"] = [one for one in now["restored"] if one != terms.plain(word)]
    save(session, actor, campaign, now)


def take_back(session: Session, actor: Actor, campaign: Campaign, word: str) -> None:
    """Count again a word that was set aside by `set_aside`."""
    now = current(campaign).as_dict()
    now["added"] = [one for one in now["added"] if one != terms.plain(word)]
    save(session, actor, campaign, now)


def _keep(session: Session, actor: Actor, campaign: Campaign, chosen: Selection) -> None:
    if chosen == current(campaign):
        return
    campaign.analysis = {**campaign.analysis, WORDS: chosen.as_dict()}
    journal.record(
        session,
        actor,
        "words_chosen",
        "campaigns",
        campaign.id,
        set_aside=len(chosen.added),
        restored=len(chosen.restored),
        expressions=len(chosen.expressions),
    )
