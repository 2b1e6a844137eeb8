"""How the kinds of questions, uses and methods are called, with what the tablet shows."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.model import RECORD, SURVEY, TESTIMONY
from survey_app.services.meetings import METHODS

TYPES: Mapping[str, tuple[str, str]] = {
    "text": ("Avec ses mots", "Un cadre pour écrire ce que la personne dit."),
    "select_one": ("Un choix", "Une liste à cocher : une seule réponse. Oui, non…"),
    "select_multiple": ("Plusieurs choix", "Une liste à cocher : plusieurs réponses possibles."),
    "scale": ("Une échelle", "Des degrés dans l’ordre : de « jamais » à « toujours »."),
    "rank": ("Un classement", "1er choix, 2e choix, 3e choix, à prendre dans une liste."),
    "integer": ("Un nombre", "Une case pour un nombre entier : 0, 4, 25."),
    "date": ("Une date", "Un calendrier."),
    "time": ("Une heure", "Une heure et des minutes : 18 h 30."),
    "dateTime": ("Une date et une heure", "Un calendrier et une horloge."),
    "place": ("Un lieu du quartier", "Les secteurs dessinés par le conseil, ou un lieu écrit."),
    "image": ("Une photo", "L’appareil photo de la tablette : un lieu, jamais un visage."),
    "note": ("Un texte à lire", "Un encadré à lire à voix haute. Il ne reçoit pas de réponse."),
}
"""The types of questions: a plain name, and what the tablet shows."""

USAGES: Mapping[str, str] = {
    TESTIMONY: "Recueillir des témoignages",
    RECORD: "Une fiche du conseil",
    SURVEY: "Un questionnaire entre nous, lu ensemble",
}

USAGE_NAMES: Mapping[str, str] = {
    TESTIMONY: "témoignages",
    RECORD: "fiche du conseil",
    SURVEY: "questionnaire entre nous",
}

SECTION_KINDS: Mapping[str, str] = {
    "consent": "accord",
    "profile": "profil",
    "meeting": "une fois par rencontre",
}


def methods() -> dict[str, str]:
    """The ways to listen, as questionnaires name them."""
    return {name.replace("_", "-"): label for name, label in METHODS.items()}


def method_name(method: str) -> str:
    """A method in French; one that is not known is shown as it is written."""
    return methods().get(method, method)
