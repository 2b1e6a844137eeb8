"""What is printed before going out: blank forms and sheets of withdrawal cards.

Nothing printed is kept here. A card's code exists on its paper only, until a deferred entry
types it in.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.export.typography import french
from analysis.glyphs import FONT, drawable
from questionnaires import languages, library, paper
from questionnaires.model import Questionnaire, in_language
from survey_app.domain import Invalid, NotFound
from survey_app.models import Campaign, Council, Neighbourhood, QuestionnaireVersion
from survey_app.permissions import Actor
from survey_app.services import campaigns, consents, intake, journal, meetings, scope
from survey_app.services.campaign_questionnaires import SHIPPED

MOST_SHEETS = 20
_ISOLATE = re.compile("([\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}])")
LISTENING = frozenset({"ready", "running"})
"""States of a campaign in which cards are printed: what they promise no longer changes."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A questionnaire to print. ``key`` is a version's id, or a shipped name after ``SHIPPED``.

    ``languages``: code, French name, and whether its translation is still to be proofread.
    """

    key: str
    title: str
    version: str
    languages: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF and the plain ASCII name under which it is saved."""

    name: str
    data: bytes


def offers(session: Session, actor: Actor, campaign: Campaign | None) -> list[Offer]:
    """The campaign's questionnaires, in the order of their names."""
    actor.require("questionnaire.read")
    if campaign is None:
        return []
    mine = scope.get(session, actor, Campaign, campaign.id)
    return [_offer(str(row.id), intake.parsed(row)) for row in mine.questionnaires]


def others(session: Session, actor: Actor, campaign: Campaign | None) -> list[Offer]:
    """Every other questionnaire: the last version of the council's own, then the shipped ones."""
    actor.require("questionnaire.read")
    query = scope.scoped(actor, QuestionnaireVersion).order_by(QuestionnaireVersion.created_at)
    rows = list(session.scalars(query.where(QuestionnaireVersion.state == "published")))
    last = {row.name: row for row in rows}
    asked = {row.name for row in campaign.questionnaires} if campaign else set()
    own = [_offer(str(row.id), intake.parsed(row)) for name, row in last.items()]
    shown = [offer for offer, name in zip(own, last, strict=True) if name not in asked]
    shipped = [
        _offer(SHIPPED + name, library.load(name)) for name in library.names() if name not in last
    ]
    return sorted(shown, key=lambda offer: offer.title) + shipped


def form(
    session: Session,
    actor: Actor,
    key: str,
    language: str,
    campaign: Campaign | None = None,
    place: Neighbourhood | None = None,
) -> Printed:
    """The blank form of a questionnaire; without a campaign, its promises are left to the hand.

    Raises `NotFound` for a questionnaire that is not the council's nor shipped, `Invalid` for a
    language that it does not have or that cannot be printed, or a form too heavy to be set.
    """
    actor.require("questionnaire.read")
    found = _questionnaire(session, actor, key)
    if language not in [code for code, _, _ in _printable(found)]:
        raise Invalid(
            "Ce questionnaire ne s’imprime pas dans cette langue.",
            "Choisissez une langue de la liste.",
        )
    words, sectors, lists = _told(session, actor, campaign, place)
    show = _in_french if language == "fr" else _isolating
    try:
        data = paper.blank_form(
            found, words, sectors, language, face=paper.Face(FONT.parent, show), lists=lists
        )
    except paper.TooHeavyError:
        raise Invalid(
            "Ce questionnaire est trop long pour être imprimé.",
            "Rien n’a été changé. Raccourcissez ses textes, ou faites-en deux questionnaires.",
        ) from None
    return Printed(f"{_ascii(found.name)}-{language}.pdf", data)


def cards(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    place: Neighbourhood | None,
    sheets: int,
    where: str = "",
) -> Printed:
    """Sheets of eight withdrawal cards, each with a code of its own that is stored nowhere.

    ``where``: public address of the withdrawal page, empty when there is none. Raises `Invalid`
    when the campaign is not ready to listen, or for an impossible number of sheets. What the
    session holds is committed, with the line of the journal, before the cards are set.
    """
    actor.require("testimony.collect")
    mine = scope.get(session, actor, Campaign, campaign.id)
    if not 1 <= sheets <= MOST_SHEETS:
        raise Invalid(
            f"On imprime de 1 à {MOST_SHEETS} planches à la fois.",
            "Rien n’a été imprimé. Corrigez le nombre de planches.",
        )
    if mine.state not in LISTENING or mine.retention_until is None:
        raise Invalid(
            "Cette campagne n’écoute pas : ce que la carte promet n’est pas fixé, ou est passé.",
            "Rien n’a été imprimé. Attendez que la coordination déclare la campagne prête.",
        )
    council = session.get_one(Council, mine.council_id)
    words = paper.CardWords(
        council=council.name,
        place=_in_full(place) if place else mine.title,
        until=campaigns.in_full(mine.retention_until),
        contact=mine.dpo_contact,
        where=where,
    )
    count = sheets * paper.CARDS_PER_SHEET
    journal.record(session, actor, "print_cards", "campaigns", mine.id, count=count)
    # Setting the cards takes seconds: nobody else waits for them to write.
    session.commit()
    data = _set_cards(count, words)
    return Printed(f"cartes-de-retrait-{_ascii(mine.slug)}.pdf", data)


def _in_full(place: Neighbourhood) -> str:
    return ", ".join(part for part in (place.name, place.municipality) if part)


def _set_cards(count: int, words: paper.CardWords) -> bytes:
    try:
        return paper.cards(new_codes(count), words, face=paper.Face(FONT.parent, _in_french))
    except paper.TooHeavyError:
        raise Invalid(
            "Les cartes sont trop longues à préparer.",
            "Aucune carte n’est perdue. Demandez moins de planches, puis recommencez.",
        ) from None


def new_codes(count: int) -> list[str]:
    """As many withdrawal codes, all different."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[consents.new_code()] = None
    return list(found)


def place_of(campaign: Campaign | None, code: str) -> Neighbourhood | None:
    """The campaign's neighbourhood of that code, or its only one; raises `NotFound` otherwise."""
    rows = campaign.neighbourhoods if campaign else []
    if not code:
        return rows[0] if len(rows) == 1 else None
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise NotFound()
    return found


def _questionnaire(session: Session, actor: Actor, key: str) -> Questionnaire:
    if key.startswith(SHIPPED):
        name = key.removeprefix(SHIPPED)
        if name not in library.names():
            raise NotFound()
        return library.load(name)
    try:
        identifier = uuid.UUID(key)
    except ValueError:
        raise NotFound() from None
    return intake.parsed(scope.get(session, actor, QuestionnaireVersion, identifier))


def _told(
    session: Session, actor: Actor, campaign: Campaign | None, place: Neighbourhood | None
) -> tuple[dict[str, str], dict[str, str], dict[str, dict[str, str]] | None]:
    """What the campaign says: placeholders, sectors, lists."""
    if campaign is None:
        return {}, {}, None
    mine = scope.get(session, actor, Campaign, campaign.id)
    lists = campaigns.lists(mine)
    known = lists if any(lists.values()) else None
    whose = place or next(iter(mine.neighbourhoods), None)
    words = campaigns.placeholders(mine, whose) if whose else {}
    if mine.retention_until is None:
        words.pop("date_fin_conservation", None)
    if place is None:
        words.pop("quartier", None)
        return words, {}, known
    return words, meetings.places(session, mine.council_id, place.id), known


def _offer(key: str, found: Questionnaire) -> Offer:
    return Offer(key, in_language(found.title, "fr"), found.version, _printable(found))


def _printable(found: Questionnaire) -> tuple[tuple[str, str, bool], ...]:
    """The languages whose every text the printed font can draw."""
    return tuple(
        (
            code,
            languages.LANGUAGES[code].french if code in languages.LANGUAGES else code,
            code in found.unproofread,
        )
        for code in found.languages
        if all(drawable(labels.get(code, "")) == labels.get(code, "") for labels in found.labels())
    )


def _in_french(text: str) -> str:
    return drawable(french(text))


def _isolating(text: str) -> str:
    """As drawn, with the two signs that keep a French name whole inside a text in Arabic."""
    return "".join(
        part if _ISOLATE.fullmatch(part) else drawable(part) for part in _ISOLATE.split(text)
    )


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[A-Za-z0-9]+", plain)) or "formulaire"
