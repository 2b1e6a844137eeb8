"""The permission table in words: what each role may do."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.permissions import PERMISSIONS, Role

# One sentence per action of the table; `matrix` refuses to forget one.
WORDS = {
    "home": "Ouvrir la page d’accueil",
    "account.own": "Changer son propre mot de passe",
    "campaign.read": "Voir les campagnes",
    "campaign.manage": "Préparer une campagne et la faire avancer",
    "questionnaire.read": "Lire les questionnaires et imprimer les formulaires vierges",
    "questionnaire.manage": "Faire et publier un questionnaire",
    "codebook.read": "Lire les grilles de codage",
    "codebook.manage": "Modifier une grille et la donner à une campagne",
    "record.write": "Remplir les fiches du conseil",
    "record.read": "Lire les fiches que le conseil lui ouvre",
    "record.answer": "Répondre aux questionnaires du conseil",
    "record.erase": "Effacer une fiche",
    "meeting.manage": "Ouvrir et fermer ses rencontres",
    "testimony.collect": "Recueillir des témoignages",
    "testimony.raw": "Lire un texte brut, quand la relecture lui est confiée",
    "testimony.review": "Relire les témoignages des autres",
    "testimony.mask": "Masquer les noms et les adresses",
    "testimony.code": "Classer les extraits par thème",
    "testimony.read_masked": "Lire les textes masqués",
    "testimony.set_aside": "Écarter un témoignage, avec sa raison",
    "testimony.erase": "Effacer un témoignage",
    "testimony.import": "Importer des paroles déjà publiques",
    "testimony.export": "Exporter les textes masqués",
    "alert.read": "Suivre les situations à orienter",
    "contact.read": "Lire les contacts laissés à part",
    "analysis.run": "Lancer une analyse",
    "analysis.read": "Lire les analyses",
    "synthesis.write": "Écrire la synthèse",
    "synthesis.sign": "Signer la synthèse",
    "synthesis.publish": "Publier la synthèse",
    "synthesis.read": "Lire les synthèses publiées",
    "synthesis.export": "Télécharger la synthèse",
    "council.manage": "Modifier le conseil, les quartiers et les secteurs",
    "account.manage": "Gérer les comptes et les rôles",
    "backup.manage": "Sauvegarder et restaurer",
    "journal.read": "Lire le journal",
    "register.read": "Lire le registre de protection des données",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One action: its words, and for each role in order, whether it may."""

    words: str
    allowed: tuple[bool, ...]


def matrix() -> list[Row]:
    """The whole permission table, in the order in which it is written."""
    return [
        Row(WORDS[action], tuple(role in roles for role in Role))
        for action, roles in PERMISSIONS.items()
    ]
