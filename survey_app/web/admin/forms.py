"""The forms of the administration: what is asked, and how it is explained."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from survey_app.permissions import ROLE_LABELS
from survey_app.services import councils
from survey_app.services.campaign_fields import AXES
from survey_app.services.meetings import METHODS
from survey_app.web.numbers import Between

LINE = Length(max=200, message="200 caractères au plus.")
TEXT = Length(max=5_000, message="5 000 caractères au plus.")


def offered(choices: Mapping[str, str]) -> list[SelectChoice]:
    """The choices of a field: what is sent, and what is read."""
    return [SelectChoice(value, label) for value, label in choices.items()]


def needed(message: str) -> InputRequired:
    return InputRequired(message)


class MultiCheckboxField(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Several choices as checkboxes: nothing to hold down, nothing hidden in a list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CouncilForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    name = StringField("Nom du conseil", [needed("Écrivez le nom du conseil."), LINE])
    kind = StringField(
        "Type d’instance",
        [needed("Écrivez le type d’instance."), LINE],
        description="Conseil citoyen, table de quartier, collectif d’habitants…",
    )
    mandate = TextAreaField(
        "Mandat", [TEXT], description="Ce qui fonde le conseil : arrêté, délibération, charte."
    )
    residents = IntegerField("Membres habitants", [Optional(), Between(0, 10_000)])
    organisations = IntegerField(
        "Membres d’associations et acteurs locaux", [Optional(), Between(0, 10_000)]
    )


class ContractForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    label = StringField("Nom du contrat", [needed("Écrivez le nom du contrat."), LINE])
    period = StringField(
        "Période", [needed("Écrivez la période.")], description="Deux années, comme 2024-2030."
    )
    signatories = TextAreaField("Signataires", [TEXT])
    grouping_id = SelectField(
        "Comment ses thèmes sont regroupés", choices=offered(councils.GROUPINGS)
    )


class AccountForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    login = StringField(
        "Identifiant",
        [needed("Écrivez un identifiant.")],
        description="Lettres sans accent, chiffres, points ou tirets. Il sert à se connecter.",
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    display_name = StringField(
        "Nom affiché",
        [needed("Écrivez le nom à afficher."), LINE],
        description="Un prénom et une initiale suffisent.",
    )
    roles = MultiCheckboxField(
        "Rôles", choices=offered({role.value: label for role, label in ROLE_LABELS.items()})
    )
    mandate = BooleanField("Peut signer une synthèse au nom de l’instance d’habitants")
    trained = BooleanField("A suivi la formation au masquage (ouvre le codage)")


class PlaceForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    code = StringField(
        "Code du quartier",
        [needed("Écrivez le code du quartier.")],
        description="QP et six signes (liste de 2015), ou QN et six signes (liste de 2024).",
        render_kw={"list": "quartiers-connus", "autocapitalize": "characters"},
    )
    name = StringField(
        "Nom du quartier",
        [LINE],
        description="Seulement si le code n’est pas dans la liste livrée.",
    )
    municipality = StringField("Commune", [LINE])
    insee_code = StringField(
        "Code Insee de la commune",
        [Length(max=5, message="Cinq signes au plus.")],
        description="Facultatif. Cinq signes, comme 34028.",
    )


class SectorForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    label = StringField(
        "Nom du secteur",
        [needed("Écrivez le nom du secteur."), LINE],
        description="Une partie du quartier que tout le monde connaît : « autour de l’école ». "
        "Jamais une adresse.",
    )
    accept_address = BooleanField("Ce n’est pas l’adresse de quelqu’un : garder ce nom")


class CampaignForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    title = StringField("Titre", [needed("Écrivez le titre."), LINE])
    slug = StringField(
        "Adresse courte",
        [Length(max=60, message="60 caractères au plus.")],
        description="Facultatif. Comme vivre-ici-2026. Vide, elle est tirée du titre.",
    )
    question = TextAreaField(
        "Question posée aux habitants",
        [TEXT],
        description="Une seule idée, des mots de tous les jours.",
    )
    neighbourhoods = MultiCheckboxField("Quartiers où vous écoutez")
    axis = SelectField(
        "Axe d’évaluation",
        choices=offered({"": "Pas encore choisi"} | {axis: axis for axis in AXES}),
    )
    contract_id = SelectField("Contrat de ville")
    methods = MultiCheckboxField(
        "Manières de recueillir",
        choices=offered(METHODS),
        description="Rien de coché : toutes sont permises.",
    )
    actions = TextAreaField(
        "Actions du contrat dont vous voulez parler",
        description="Une par ligne, avec le nom que les habitants connaissent. "
        "Le questionnaire d’évaluation les propose une à une.",
    )
    context_figure = TextAreaField(
        "Chiffre du quartier à discuter",
        [TEXT],
        description="Une phrase simple, avec l’année et la source. "
        "Le questionnaire d’évaluation la fait lire, puis demande si elle ressemble à la vie ici.",
    )
    purpose = TextAreaField(
        "À quoi serviront les paroles (finalité)",
        [TEXT],
        description="Cette phrase est dite aux personnes avant de les écouter.",
    )
    controller = StringField(
        "Responsable du traitement",
        [LINE],
        description="L’organisme qui répond des données : ville, association…",
    )
    legal_basis = StringField(
        "Base légale",
        [LINE],
        description="À faire valider par la personne chargée de la protection des données.",
    )
    recipients = TextAreaField(
        "Destinataires", [TEXT], description="Qui lira les paroles, une fois masquées."
    )
    dpo_contact = StringField(
        "Contact pour la protection des données",
        [LINE],
        description="Une adresse de courriel ou postale qui répond vraiment.",
    )
    retention_until = DateField(
        "Paroles gardées jusqu’au",
        [Optional()],
        description="Annoncé aux habitants : jusqu’à ce jour, une parole peut être retirée. "
        "La destruction, ensuite, est un geste de la coordination.",
    )
    safeguarding_contact = StringField(
        "À qui signaler une situation grave",
        [LINE],
        description="Une fonction et un numéro : la personne référente de la ville, le 119…",
    )
    threshold_inside = IntegerField(
        "Seuil d’affichage à l’intérieur",
        [needed("Écrivez un nombre."), Between(2, 1000)],
        description="En dessous, une case de tableau croisé est masquée. Nous conseillons 5.",
    )
    threshold_outside = IntegerField(
        "Seuil d’affichage vers l’extérieur",
        [needed("Écrivez un nombre."), Between(2, 1000)],
        description="Pour tout ce qui sort du conseil. Nous conseillons 11.",
    )
    single_person_exception = BooleanField(
        "Exception : une personne seule peut relire ce qu’elle a recueilli",
        description="Seulement si vous n’êtes pas assez nombreux. C’est écrit au journal et dans "
        "la synthèse.",
    )
    fictitious = BooleanField("Campagne d’essai, avec des paroles inventées")
    revision = HiddenField()

    def values(self) -> dict[str, Any]:
        """The fields of the campaign that this form holds, as the service wants them."""
        apart = {"csrf_token", "slug", "neighbourhoods", "revision"}
        found = {name: value for name, value in self.data.items() if name not in apart}
        if "contract_id" in found:
            found["contract_id"] = found["contract_id"] or None
        return {
            name: "" if value is None and name in TEXTS else value for name, value in found.items()
        }


TEXTS = frozenset(
    {
        "context_figure",
        "question",
        "purpose",
        "controller",
        "legal_basis",
        "recipients",
        "dpo_contact",
        "safeguarding_contact",
    }
)


def defaults(council_name: str, today: date) -> dict[str, Any]:
    """What most councils would write: a campaign starts from this, not from a blank page."""
    return {
        "question": "Qu’est-ce qui a changé dans votre quartier, et qu’est-ce qui manque encore ?",
        "axis": AXES[1],
        "purpose": "Évaluer le contrat de ville avec les habitants : dire ce qui va, ce qui ne va "
        "pas et ce qui pourrait changer dans le quartier.",
        "legal_basis": "mission d’intérêt public (RGPD, article 6.1.e)",
        "recipients": f"les membres de « {council_name} », la coordination du contrat de ville "
        "et les personnes chargées de l’évaluation",
        "retention_until": date(today.year + 1, 12, 31),
        "methods": ["individuel", "micro_trottoir"],
        "threshold_inside": 5,
        "threshold_outside": 11,
    }


class QuestionnairesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The questionnaires of a campaign; which keys are possible, the service judges."""

    questionnaires = MultiCheckboxField("Questionnaires", validate_choice=False)


class SignersForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    coordinator = SelectField("Pour la coordination")
    body = SelectField("Pour l’instance d’habitants")
