"""Names of the ready questionnaires that never change, and what their conditions do."""

from __future__ import annotations

import pytest

from questionnaires import adapt, library
from questionnaires.answers import check, open_text, profile
from questionnaires.expressions import parse, references
from questionnaires.testimony import persons

Q01 = library.load("Q01-entretien-individuel")
Q02 = library.load("Q02-entretien-collectif")
Q04 = library.load("Q04-porteur-de-paroles")
Q05 = library.load("Q05-marche-exploratoire")
Q07 = library.load("Q07-compte-rendu-de-debat")
Q08 = library.load("Q08-reflexion-collective")
Q09 = library.load("Q09-fonctionnement-collectif")

GROUP: dict[str, object] = {"accord_noter": "partie", "age": "adulte", "accord_citer": "oui"}
ALONE: dict[str, object] = {"accord_noter": "oui", "age": "adulte", "accord_citer": "oui"}
PHOTO = "0190f3c2-0000-7000-8000-000000000001"
SUBJECTS = {
    "logement": "LOG",
    "proprete": "CAD",
    "travaux": "REN",
    "securite": "TRA",
    "transports": "MOB",
    "emploi": "EMP",
    "commerces": "ECO",
    "ecole": "EDU",
    "sante": "SAN",
    "culture": "CUL",
    "demarches": "DRO",
    "liens": "LIE",
    "egalite": "EGA",
    "ecoute_habitants": "CIT",
}
AFTER_CONSENT = {
    "Q01-entretien-individuel": (
        "genre anciennete secteur situation langue_entretien recit_quartier aime complique "
        "vivre_ici sujets sujet_recit evolution evolution_raison aides manque egalite une_chose "
        "ecoute ajout photo_lieu relecture phrase_relue"
    ),
    "Q02-entretien-collectif": (
        "date_rencontre lieu presents femmes hommes moins_25 plus_60 tour_de_table marche_bien "
        "marche_mal accords_groupe desaccords absents idees priorite gommettes photo_lieu "
        "relecture phrase_relue liberte_moyenne liberte_plus_bas note_animation"
    ),
    "Q03-micro-trottoir": (
        "lieu vit_ici va_bien a_changer bien_ici evolution question_du_jour genre relecture "
        "phrase_relue"
    ),
    "Q04-porteur-de-paroles": (
        "phrase affichage signature reponse_panneau numero_panneau phrase_relue debut lieu "
        "question_affichee se_sont_arretes ont_parle phrases_affichees phrase_reaction "
        "non_rencontres photo_panneaux"
    ),
    "Q05-marche-exploratoire": (
        "heure_depart moment groupe presents meteo lieu photo ressenti points_forts va_bien va_mal "
        "proposition qui_agit urgence desaccord points_importants lieu_evite relecture "
        "phrase_relue date_retour proposition_suivie reponse_donnee etat_suite date_suite"
    ),
    "Q07-compte-rendu-de-debat": (
        "sans_nom date_debat heure_debut heure_fin lieu sujet presents_habitants presents_acteurs "
        "invites supports idee avis_groupe deux_avis decisions tache role echeance "
        "questions_ouvertes etat lecture"
    ),
    "Q08-reflexion-collective": (
        "sans_nom question_traitee attente methodes parole_pour_tous presents ont_parle expression "
        "avancee compris desaccord_utile prochaine_fois"
    ),
    "Q09-fonctionnement-collectif": (
        "sans_nom role depuis utilite liberte partage clarte ressemblance sujets_choisis moyens "
        "heures_mois envie arret formations a_garder a_changer"
    ),
}


@pytest.mark.parametrize("name", AFTER_CONSENT)
def test_names_never_change(name: str) -> None:
    sections = library.load(name).sections
    asked = [q.name for section in sections if section.kind != "consent" for q in section.questions]
    assert " ".join(asked) == AFTER_CONSENT[name]


@pytest.mark.parametrize(
    ("name", "repeats"),
    [
        ("Q01-entretien-individuel", {}),
        ("Q02-entretien-collectif", {"priorites": ("Priorité", 3)}),
        (
            "Q05-marche-exploratoire",
            {"arrets": ("Arrêt", None), "suites_donnees": ("Suite donnée", None)},
        ),
        (
            "Q07-compte-rendu-de-debat",
            {"idees_echangees": ("Idée échangée", None), "taches": ("Tâche", None)},
        ),
    ],
)
def test_what_is_asked_again_and_again(name: str, repeats: dict[str, object]) -> None:
    found = {
        section.name: (section.repeat["fr"], section.max_repeats)
        for section in library.load(name).sections
        if section.is_repeat
    }
    assert found == repeats


def test_subjects_are_ranked_and_carry_their_theme() -> None:
    subjects = Q01.question("sujets")
    assert (subjects.type, subjects.max_choices, Q01.version) == ("rank", 3, "1.1.0")
    assert {choice.name: choice.theme for choice in subjects.choices} == SUBJECTS
    ranked = check(Q01, ALONE | {"sujets": ["travaux", "logement"]})
    assert ranked.values["sujets"] == ["travaux", "logement"]
    four = check(Q01, ALONE | {"sujets": ["travaux", "logement", "ecole", "sante"]})
    assert [problem.where for problem in four.problems] == ["sujets"]


def test_a_collective_meeting_is_one_testimony_of_those_present() -> None:
    answers = GROUP | {
        "presents": 8,
        "femmes": 5,
        "moins_25": 0,
        "desaccords": "Certaines personnes disent oui.",
        "priorites": [{"priorite": "Un banc.", "gommettes": 6}, {"priorite": "Un arbre."}],
        "note_animation": "Deux silences.",
    }
    checked = check(Q02, answers)
    assert (checked.problems, checked.dropped) == ([], {})
    assert persons(Q02, checked.values) == 8
    text, parts = open_text(Q02, checked.values)
    assert text == "Certaines personnes disent oui.\n\nUn banc.\n\nUn arbre."
    assert [part.question for part in parts][1:] == ["priorites.1.priorite", "priorites.2.priorite"]
    assert profile(Q02, checked.values) == {}


@pytest.mark.parametrize("name", ["femmes", "hommes", "moins_25", "plus_60"])
@pytest.mark.parametrize(
    ("presents", "number", "fits"),
    [(8, 8, True), (8, 9, False), (8, -1, False), (None, 9, True)],
)
def test_a_part_is_not_larger_than_the_group(
    name: str, presents: int | None, number: int, fits: bool
) -> None:
    counted = {} if presents is None else {"presents": presents}
    checked = check(Q02, GROUP | counted | {name: number})
    assert [problem.where for problem in checked.problems] == ([] if fits else [name])


def test_more_than_three_priorities_are_too_many() -> None:
    checked = check(Q02, GROUP | {"priorites": [{"priorite": "Un banc."}] * 4})
    assert [problem.where for problem in checked.problems] == ["priorites"]


@pytest.mark.parametrize(
    ("reply", "asked"), [("non", False), ("accord", True), ("desaccord", True), (None, False)]
)
def test_the_panel_answered_is_asked_only_when_there_is_one(reply: str | None, asked: bool) -> None:
    told = {} if reply is None else {"reponse_panneau": reply}
    checked = check(Q04, ALONE | told | {"numero_panneau": 2})
    assert checked.values.get("numero_panneau") == (2 if asked else None)


def test_a_signature_stays_with_the_team_and_goes_with_the_display() -> None:
    said = ALONE | {"phrase": "Un banc.", "signature": "Zoé, 30 ans"}
    kept = check(Q04, said | {"affichage": "oui"}).values
    assert kept["signature"] == "Zoé, 30 ans"
    assert open_text(Q04, kept)[0] == "Un banc."
    assert "signature" not in check(Q04, said | {"affichage": "non"}).values


def test_the_meeting_sheet_of_the_panels_reads_nothing_of_a_testimony() -> None:
    sheet = adapt.meeting_part(Q04)
    assert sheet is not None
    assert [section.name for section in sheet.sections] == ["seance", "bilan"]
    own = {question.name for question in sheet.questions}
    for question in sheet.questions:
        for condition in (question.relevant, question.constraint):
            assert references(parse(condition)) <= own if condition else True
    filled = {"debut": "2026-05-12T14:30", "question_affichee": "Et demain ?", "ont_parle": 9}
    assert check(sheet, filled).values == filled
    assert own.isdisjoint(question.name for question in adapt.testimony_part(Q04).questions)


@pytest.mark.parametrize(
    ("agreed", "age", "kept"),
    [("oui", "adulte", True), ("non", "adulte", False), ("oui", "15_17", False)],
)
def test_a_stop_keeps_its_photo_only_when_photos_are_agreed(
    agreed: str, age: str, kept: bool
) -> None:
    stop = {"ressenti": "2", "photo": PHOTO, "va_bien": "Le chêne.", "points_forts": ["aucun"]}
    walk = GROUP | {"age": age, "accord_photo": agreed, "presents": 9}
    values = check(Q05, walk | {"arrets": [{"va_bien": "Le banc."}, stop]}).values
    arrets = values["arrets"]
    assert isinstance(arrets, list)
    assert ("photo" in arrets[1]) is kept
    text, parts = open_text(Q05, values)
    assert text == "Le banc.\n\nLe chêne."
    assert [part.question for part in parts] == ["arrets.1.va_bien", "arrets.2.va_bien"]


def test_no_good_point_goes_alone_and_replies_are_not_residents_words() -> None:
    torn = check(Q05, GROUP | {"arrets": [{"points_forts": ["voir", "aucun"]}]})
    assert [problem.where for problem in torn.problems] == ["arrets.1.points_forts"]
    reply = {"proposition_suivie": "Un banc.", "reponse_donnee": "La ville dit oui."}
    values = check(Q05, GROUP | {"suites_donnees": [reply | {"etat_suite": "fait"}]}).values
    assert values["suites_donnees"] == [reply | {"etat_suite": "fait"}]
    assert open_text(Q05, values) == ("", ())


@pytest.mark.parametrize("opinion", ["accord", "partage", "desaccord", "sans_avis"])
def test_two_opinions_are_noted_when_the_group_is_split(opinion: str) -> None:
    entry = {"idee": "Un banc.", "avis_groupe": opinion, "deux_avis": "Oui, et non."}
    ideas = check(Q07, {"idees_echangees": [entry]}).values["idees_echangees"]
    assert isinstance(ideas, list)
    assert ("deux_avis" in ideas[0]) is (opinion == "partage")


def test_minutes_say_when_where_it_stands_and_who_reads() -> None:
    minutes: dict[str, object] = {
        "date_debat": "2026-05-12",
        "heure_debut": "18:00",
        "heure_fin": "20:15",
        "supports": ["aucun"],
        "taches": [
            {"tache": "Écrire au bailleur.", "role": "secrétaire", "echeance": "2026-06-01"}
        ],
        "etat": "a_relire",
        "lecture": "conseil",
    }
    checked = check(Q07, minutes)
    assert (checked.values, checked.problems) == (minutes, [])
    readers = [choice.name for choice in Q07.question("lecture").choices]
    states = [choice.name for choice in Q07.question("etat").choices]
    assert readers == ["conseil", "partenaires", "quartier"]
    assert states == ["a_relire", "corrige", "valide"]
    assert check(Q07, {"supports": ["film", "aucun"]}).problems[0].where == "supports"


@pytest.mark.parametrize(
    ("answers", "fits"),
    [
        ({"presents": 12, "ont_parle": 12}, True),
        ({"presents": 12, "ont_parle": 13}, False),
        ({"presents": {"non_response": "ne_sait_pas"}, "ont_parle": 13}, True),
        ({"ont_parle": 13}, True),
        ({"ont_parle": -1}, False),
    ],
)
def test_no_more_speakers_than_people(answers: dict[str, object], fits: bool) -> None:
    problems = check(Q08, answers).problems
    assert [problem.where for problem in problems] == ([] if fits else ["ont_parle"])
    if not fits:
        assert "personnes présentes" in problems[0].message


def test_place_and_time_in_the_council_are_profile_read_together() -> None:
    declared = [question.name for question in Q09.questions if question.profile]
    assert declared == ["role", "depuis"]
    for name in declared:
        hint = Q09.question(name).hint["fr"]
        assert "lues ensemble" in hint
        assert "jamais croisées" in hint
    hours = check(Q09, {"heures_mois": 745}).problems
    assert [problem.where for problem in hours] == ["heures_mois"]
