"""A made questionnaire with every type of question, conditions, a repeated part and Arabic."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

import factories
from questionnaires import library, versions
from questionnaires.model import Questionnaire
from survey_app.models import Campaign, QuestionnaireVersion
from survey_app.runtime import Runtime

SOURCE = """
name: QX-tous-les-types
version: 1.0.0
title: {fr: Tous les types, ar: كل الأنواع}
purpose: Essayer chaque sorte de question.
method: marche
audience: Personne
duration: 5 minutes
unproofread: [ar]
sections:
- name: accord
  label: {fr: Accord, ar: الموافقة}
  kind: consent
  questions:
  - name: information
    type: note
    label: {fr: 'Bonjour de {quartier}.', ar: 'مرحبا من {quartier}'}
  - name: accord_noter
    type: select_one
    label: {fr: 'Puis-je noter vos paroles ?', ar: هل أكتب كلامكم؟}
    required: true
    consent: noter
    choices:
    - {name: oui, label: {fr: Oui, ar: نعم}}
    - {name: partie, label: {fr: Une partie du groupe, ar: بعضنا}}
    - {name: non, label: {fr: Non, ar: لا}}
  - name: age
    type: select_one
    label: {fr: 'Quel âge ?', ar: كم عمركم؟}
    required: true
    relevant: "${accord_noter} != 'non' and ${accord_noter} != ''"
    choices:
    - {name: adulte, label: {fr: Adulte, ar: بالغ}}
    - {name: '15_17', label: {fr: 15 à 17 ans, ar: 15 إلى 17}}
  - name: accord_photo
    type: select_one
    label: {fr: 'Puis-je prendre des photos ?', ar: هل ألتقط صورا؟}
    consent: photo
    relevant: "${accord_noter} != 'non' and ${accord_noter} != '' and ${age} != '15_17'"
    choices:
    - {name: oui, label: {fr: Oui, ar: نعم}}
    - {name: non, label: {fr: Non, ar: لا}}
- name: choix
  label: Choix
  questions:
  - name: aime
    type: select_multiple
    label: {fr: 'Qu’aimez-vous ici ?', ar: ماذا تحبون هنا؟}
    hint: {fr: Deux réponses au plus., ar: جوابان على الأكثر}
    max_choices: 2
    choices:
    - {name: marche, label: {fr: Le marché, ar: السوق}}
    - {name: parc, label: {fr: Le parc, ar: الحديقة}}
    - {name: ecole, label: {fr: L’école, ar: المدرسة}}
    - {name: rien, label: {fr: Rien de tout cela, ar: لا شيء}, exclusive: true}
  - name: aime_marche
    type: text
    label: {fr: Racontez le marché., ar: احكوا عن السوق}
    relevant: "selected(${aime}, 'marche')"
    probes: [{fr: 'Quel jour ?', ar: أي يوم؟}]
  - name: marche_detail
    type: integer
    label: {fr: 'Combien de fois par mois ?', ar: كم مرة في الشهر؟}
    relevant: "${aime_marche} != ''"
  - name: note_mineur
    type: note
    label: {fr: Pas de photo avant 18 ans., ar: لا صور}
    relevant: "${age} = '15_17'"
  - name: classement
    type: rank
    label: {fr: 'Qu’est-ce qui compte le plus ?', ar: ما هو الأهم؟}
    max_choices: 2
    choices:
    - {name: calme, label: {fr: Le calme, ar: الهدوء}}
    - {name: voisins, label: {fr: Les voisins, ar: الجيران}}
    - {name: travail, label: {fr: Le travail, ar: العمل}}
  - name: echelle
    type: scale
    label: {fr: Vivre ici est…, ar: العيش هنا}
    choices:
    - {name: '1', label: {fr: difficile, ar: صعب}}
    - {name: '2', label: {fr: agréable, ar: مريح}}
- name: mesures
  label: Mesures
  questions:
  - {name: presents, type: integer, label: {fr: 'Combien de personnes ?', ar: كم شخصا؟}}
  - {name: jour, type: date, label: {fr: 'Quel jour ?', ar: أي يوم؟}}
  - {name: heure, type: time, label: {fr: 'À quelle heure ?', ar: في أي ساعة؟}}
  - {name: moment, type: dateTime, label: {fr: 'Depuis quand ?', ar: منذ متى؟}}
  - {name: lieu, type: place, label: {fr: 'Où est-ce ?', ar: أين؟}}
  - {name: vue, type: image, label: {fr: Une photo du lieu, ar: صورة المكان}}
- name: arrets
  label: {fr: Les arrêts, ar: المحطات}
  repeat: {fr: Arrêt, ar: محطة}
  max_repeats: 3
  questions:
  - {name: nom_arret, type: text, label: {fr: 'Où sommes-nous ?', ar: أين نحن؟}, required: true}
  - name: va_bien
    type: select_one
    label: {fr: 'Est-ce que cela va bien ?', ar: هل الأمور جيدة؟}
    choices:
    - {name: oui, label: {fr: Oui, ar: نعم}}
    - {name: non, label: {fr: Non, ar: لا}}
  - name: pourquoi
    type: text
    label: {fr: 'Pourquoi ?', ar: لماذا؟}
    relevant: "${va_bien} = 'non' and ${age} = 'adulte'"
  - {name: photo_arret, type: image, label: {fr: Photo de l’arrêt, ar: صورة}}
- name: fin
  label: Fin
  questions:
  - {name: ajout, type: text, label: {fr: 'Autre chose ?', ar: شيء آخر؟}}
"""


def model() -> Questionnaire:
    """The questionnaire itself."""
    return library.read("QX-tous-les-types.yaml", SOURCE)


def publish(session: Session, campaign: Campaign, found: Questionnaire) -> QuestionnaireVersion:
    """Record a questionnaire and let the campaign ask it, unless it already does."""
    for known in campaign.questionnaires:
        if known.fingerprint == versions.fingerprint(found):
            return known
    row = QuestionnaireVersion(
        council_id=campaign.council_id,
        name=found.name,
        version=found.version,
        fingerprint=versions.fingerprint(found),
        document=versions.to_dict(found),
    )
    session.add(row)
    campaign.questionnaires.append(row)
    session.flush()
    return row


def open_walk(
    runtime: Runtime, found: Questionnaire | None = None, **changes: Any
) -> dict[str, Any]:
    """A running campaign with an open walk that asks this questionnaire, committed; its ids."""
    found = found or model()
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council, methods=["marche", "individuel"], **changes)
        version = publish(session, campaign, found)
        meeting = factories.meeting(session, campaign, actors["councillor"], method="marche")
        place: uuid.UUID = campaign.neighbourhoods[0].id
        return {
            "meeting": meeting.id,
            "neighbourhood": place,
            "QX": str(version.id),
            "campaign": campaign.id,
        }
