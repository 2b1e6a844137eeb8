"""The fields of a campaign: what may be written in each, and which ones are still missing."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from survey_app.domain import Invalid
from survey_app.models import Campaign
from survey_app.services.meetings import METHODS

MAX_TEXT = 5_000
MAX_ACTIONS = 40
PARIS = ZoneInfo("Europe/Paris")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Words of the addresses of pages: a campaign may not hide them.
RESERVED = frozenset({"nouvelle", "creer", "liste"})
AXES = ("1 contexte", "2 réalisations et impacts", "3 ingénierie et gouvernance")

# How the refusals name each field; short ones hold one line of 200 characters.
SHORT = {
    "title": "le titre",
    "controller": "le responsable du traitement",
    "legal_basis": "la base légale",
    "dpo_contact": "le contact pour la protection des données",
    "safeguarding_contact": "la personne à qui signaler une situation grave",
}
LONG = {
    "question": "la question de la campagne",
    "purpose": "la finalité",
    "recipients": "les destinataires",
    "context_figure": "le chiffre du quartier",
}
# Heard by residents before they speak: they no longer change once listening has begun.
SAID = frozenset({"question", "purpose", "controller", "legal_basis", "recipients"}) | {
    "retention_until",
    "fictitious",
}
OTHERS = frozenset(
    {
        "actions",
        "axis",
        "retention_until",
        "methods",
        "targets",
        "threshold_inside",
        "threshold_outside",
        "single_person_exception",
        "fictitious",
        "contract_id",
    }
)
FIELDS = frozenset(SHORT) | frozenset(LONG) | OTHERS


def clean(fields: dict[str, Any]) -> dict[str, Any]:
    """The same fields with their texts tidied; `Invalid` where one does not fit."""
    unknown = set(fields) - FIELDS
    if unknown:
        raise TypeError(f"not fields of a campaign: {sorted(unknown)}")
    cleaned = dict(fields)
    for name, value in fields.items():
        if name in SHORT:
            cleaned[name] = _fitting(" ".join(value.split()), SHORT[name], 200)
        elif name in LONG:
            cleaned[name] = _fitting(value.replace("\r\n", "\n").strip(), LONG[name], MAX_TEXT)
    if "title" in cleaned and not cleaned["title"]:
        raise Invalid("Il manque le titre de la campagne.", "Quelques mots suffisent.")
    if cleaned.get("axis") and len(cleaned["axis"]) > 40:
        raise Invalid("Cet axe ne convient pas.", "Choisissez parmi ceux de la liste.")
    if "actions" in cleaned:
        _check_actions(cleaned["actions"])
    if set(cleaned.get("methods", ())) - set(METHODS):
        raise Invalid("Cette méthode n’existe pas.", "Choisissez parmi celles de la liste.")
    return cleaned


def actions_from(text: str, known: Iterable[Mapping[str, str]] = ()) -> list[dict[str, str]]:
    """The actions that a text lists, one a line, each with a name that stays from then on.

    ``known`` are the actions so far: a line already there keeps its name.
    """
    names = {action["label"]: action["name"] for action in known}
    found: dict[str, str] = {}
    for line in text.splitlines():
        label = unicodedata.normalize("NFC", " ".join(line.split()))
        if label and label not in found:
            taken = {*names.values(), *found.values()}
            found[label] = names.get(label) or _action_name(label, taken)
    return [{"name": name, "label": label} for label, name in found.items()]


def _action_name(label: str, taken: Collection[str]) -> str:
    """Lower case, no accent, underscores; a number at the end when another line took it."""
    plain = unicodedata.normalize("NFD", label.lower()).encode("ascii", "ignore").decode()
    base = "_".join(re.findall(r"[a-z0-9]+", plain))[:50].strip("_") or "action"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def _check_actions(actions: Sequence[Mapping[str, str]]) -> None:
    if len(actions) > MAX_ACTIONS:
        raise Invalid(
            f"La campagne compte {len(actions)} actions. Le maximum est de {MAX_ACTIONS}.",
            "Gardez celles dont vous voulez vraiment parler avec les habitants.",
        )
    for action in actions:
        _fitting(action["label"], "le nom d’une action", 200)


def check_thresholds(inside: int, outside: int) -> None:
    """Raise `Invalid` unless 2 ≤ inside ≤ outside ≤ 1000: one person alone is never a group."""
    if not 2 <= inside <= outside <= 1000:
        raise Invalid(
            "Les seuils ne conviennent pas.",
            "Le seuil vers l’extérieur est au moins celui de l’intérieur, et aucun n’est sous 2. "
            "Nous conseillons 5 et 11.",
        )


def checked_slug(slug: str) -> str:
    """A short name for the campaign's address; `Invalid` otherwise."""
    if not SLUG.fullmatch(slug) or len(slug) > 60 or slug in RESERVED:
        raise Invalid(
            f"« {slug[:60]} » ne peut pas servir d’adresse à la campagne.",
            "Utilisez des lettres sans accent, des chiffres et des tirets, comme vivre-ici-2026.",
        )
    return slug


def gaps(campaign: Campaign, today: date | None = None) -> dict[str, str]:
    """What a campaign lacks to be ready: field, and the sentence that says it."""
    day = today or datetime.now(PARIS).date()
    needed = {
        "question": "La question posée aux habitants n’est pas écrite.",
        "purpose": "La finalité n’est pas écrite : à quoi serviront les paroles.",
        "controller": "Le responsable du traitement n’est pas nommé.",
        "legal_basis": "La base légale n’est pas choisie.",
        "recipients": "Les destinataires ne sont pas nommés : qui lira les paroles.",
        "dpo_contact": "Il manque un contact pour la protection des données.",
        "safeguarding_contact": "Il manque la personne à qui signaler une situation grave.",
    }
    found = {name: words for name, words in needed.items() if not getattr(campaign, name).strip()}
    if campaign.retention_until is None:
        found["retention_until"] = "La date de fin de conservation n’est pas fixée."
    elif campaign.retention_until <= day:
        found["retention_until"] = "La date de fin de conservation doit être à venir."
    if not campaign.neighbourhoods:
        found["neighbourhoods"] = "Aucun quartier n’est choisi."
    if not campaign.questionnaires:
        found["questionnaires"] = "Aucun questionnaire n’est choisi."
    return found | _needed_by_questionnaires(campaign)


def _needed_by_questionnaires(campaign: Campaign) -> dict[str, str]:
    """What the chosen questionnaires leave to the campaign, and that it does not say."""
    found = {}
    for row in campaign.questionnaires:
        asked = json.dumps(row.document, ensure_ascii=False)
        title = row.document["title"].get("fr", row.name)
        if '"choices_from": "actions"' in asked and not campaign.actions:
            found["actions"] = f"« {title} » parle des actions du contrat : listez-les."
        if "{chiffre_de_contexte}" in asked and not (campaign.context_figure or "").strip():
            found["context_figure"] = f"« {title} » montre un chiffre du quartier : écrivez-le."
    return found


def _fitting(text: str, what: str, longest: int) -> str:
    if len(text) > longest:
        raise Invalid(f"Ce texte est trop long : {what}.", f"Restez sous {longest} caractères.")
    return unicodedata.normalize("NFC", text)
