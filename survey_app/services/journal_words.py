"""How the lines of the journal are said in French: actions, records, details."""

from __future__ import annotations

from survey_app.models import AuditEvent
from survey_app.permissions import ROLE_LABELS
from survey_app.services import states
from survey_app.services.meetings import METHODS

# How the journal's lines are said; an action without its words here is shown as it is.
ACTIONS = {
    "login": "s’est connecté",
    "read_contacts": "contacts lus",
    "logout": "s’est déconnecté",
    "login_failed": "essai de connexion refusé",
    "account_created": "compte créé",
    "account_edited": "compte modifié",
    "account_closed": "compte fermé",
    "account_opened": "compte rouvert",
    "roles_changed": "rôles changés",
    "password_changed": "mot de passe changé",
    "password_reset": "mot de passe redonné",
    "campaign_created": "campagne créée",
    "campaign_edited": "campagne modifiée",
    "campaign_questionnaires": "questionnaires de la campagne choisis",
    "single_person_exception": "exception de la personne seule",
    "single_person_review": "relecture par la personne qui a recueilli",
    "signers_named": "signataires désignés",
    "council_edited": "conseil modifié",
    "contract_saved": "contrat de ville enregistré",
    "neighbourhood_added": "quartier ajouté",
    "sector_added": "secteur ajouté",
    "sector_renamed": "secteur renommé",
    "sector_removed": "secteur retiré",
    "published": "version publiée",
    "state": "changement d’état",
    "plan": "rencontre prévue",
    "deposit": "témoignage déposé",
    "consent": "accord changé",
    "read_raw": "texte brut lu",
    "read_photo": "photo vue",
    "erase_photo": "photo effacée",
    "listen_voice": "voix écoutée",
    "erase_voice": "voix effacée",
    "print_cards": "cartes de retrait imprimées",
    "take": "relecture prise",
    "take_over": "reprise",
    "ask_collector": "question posée à qui a recueilli",
    "answer_reviewer": "réponse donnée à la relecture",
    "correct": "texte corrigé",
    "mask": "texte masqué",
    "code": "extrait codé",
    "remove": "codage retiré",
    "specify": "précision ou note posée sur un extrait",
    "undo": "geste de codage annulé",
    "redo": "geste de codage refait",
    "grid_applied": "grille de la campagne changée",
    "grid_undone": "retour à la grille d’avant",
    "grid_shared": "codages répartis",
    "rewrite": "constat réécrit",
    "sign": "synthèse signée",
    "export": "export",
    "import": "import",
    "erase": "effacement",
    "read_together": "réponses ouvertes ensemble",
    "device_enrolled": "tablette préparée",
    "device_revoked": "tablette révoquée",
    "rescue": "fichier de secours repris",
    "round_opened": "double codage ouvert",
    "round_text_done": "texte du double codage terminé",
    "round_coded": "double codage terminé par les deux personnes",
    "round_ended": "double codage arrêté",
    "arbitrated": "désaccord tranché",
    "round_closed": "double codage clos",
    "words_chosen": "mots de l’analyse choisis",
    "periods_chosen": "périodes de l’analyse choisies",
    "reference_chosen": "chiffres du quartier changés",
}
KINDS = {
    "accounts": "compte",
    "devices": "tablette",
    "drafts": "entretien en cours",
    "campaigns": "campagne",
    "councils": "conseil",
    "contacts": "contacts laissés à part",
    "testimonies": "témoignage",
    "meetings": "rencontre",
    "syntheses": "synthèse",
    "findings": "constat",
    "questionnaires": "questionnaire",
    "records": "fiche",
    "codebooks": "grille",
    "sectors": "secteur",
    "neighbourhoods": "quartier",
    "city_contracts": "contrat de ville",
    "jobs": "travail",
    "agreement_rounds": "double codage",
    "reviews": "relecture",
    "safeguarding_alerts": "situation à orienter",
}
DETAILS = {
    "count": "nombre",
    "allowed": "permise",
    "answers": "réponses",
    "capacity": "au titre de",
    "code": "code",
    "codings": "codages",
    "contacts": "contacts",
    "decision": "décision",
    "drafts": "entretiens à finir",
    "expressions": "expressions",
    "fields": "champs",
    "kept": "gardé",
    "mandate": "mandat",
    "method": "méthode",
    "name": "nom",
    "nothing": "rien à masquer",
    "number": "numéro",
    "origin": "origine",
    "reason": "raison",
    "redactions": "masquages",
    "roles": "rôles",
    "roles_after": "rôles après",
    "roles_before": "rôles avant",
    "restored": "mots remis",
    "rows": "lignes lues",
    "scope": "accord",
    "sentences": "phrases (comparées / identiques / sans code)",
    "set_aside": "mots écartés",
    "state_after": "état après",
    "state_before": "état avant",
    "stored": "gardés",
    "testimonies": "témoignages",
    "trained": "formation",
    "version": "version",
}
FIELDS = {
    "actions": "actions",
    "axis": "axe",
    "contract_id": "contrat",
    "context_figure": "chiffre du quartier",
    "controller": "responsable",
    "dpo_contact": "contact",
    "fictitious": "essai",
    "legal_basis": "base légale",
    "methods": "méthodes",
    "purpose": "finalité",
    "question": "question",
    "recipients": "destinataires",
    "retention_until": "durée",
    "safeguarding_contact": "situation grave",
    "single_person_exception": "exception de la personne seule",
    "targets": "objectifs",
    "threshold_inside": "seuil intérieur",
    "threshold_outside": "seuil extérieur",
    "title": "titre",
}
_VALUES: dict[str, str] = {
    **{role.value: label for role, label in ROLE_LABELS.items()},
    **FIELDS,
    **METHODS,
    "accept": "acceptée",
    "asked": "à la demande de la personne",
    "approved": "oui, après relecture",
    "body": "instance d’habitants",
    "citer": "citer",
    "demo": "démonstration",
    "form": "formulaire",
    "granted": "oui",
    "import": "import",
    "offline": "hors connexion",
    "refused": "non",
    "replayed": "effacé à nouveau",
    "set_aside": "écarté",
    "withdrawn": "retiré par la personne",
}


def action(event: AuditEvent) -> str:
    """What was done; an action without its words is shown as it was written."""
    return ACTIONS.get(event.action, event.action)


def kind(event: AuditEvent) -> str:
    """To what kind of record."""
    return KINDS.get(event.kind, event.kind)


def details(event: AuditEvent) -> str:
    """States, codes and counts, in one line."""
    labels = states.LABELS.get(event.kind, {})
    given = dict(event.details)
    before, after = (str(given.pop(f"state_{side}", "")) for side in ("before", "after"))
    parts = []
    if after:
        parts.append(f"de « {labels.get(before, before)} » à « {labels.get(after, after)} »")
    parts += [f"{DETAILS.get(key, key)} : {_value(value)}" for key, value in sorted(given.items())]
    return ", ".join(parts)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return ", ".join(_VALUES.get(word, word) for word in str(value).split()) or "–"
