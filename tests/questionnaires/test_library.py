"""The ready questionnaires: names, order of consent, choices, plain sentences; and the loader."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import library
from questionnaires.library import PLACEHOLDERS, fill
from questionnaires.model import NON_RESPONSE_LABELS, Questionnaire
from questionnaires.problems import QuestionnaireError
from questionnaires.validation import verify

ALL = [library.load(name) for name in library.names()]
each = pytest.mark.parametrize("questionnaire", ALL, ids=lambda item: item.name)

AGES = ("moins_15", "15_17", "18_24", "25_39", "40_59", "60_74", "75_plus", "adulte")
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


def choices(questionnaire: Questionnaire, name: str) -> tuple[str, ...]:
    return tuple(choice.name for choice in questionnaire.question(name).choices)


def texts(questionnaire: Questionnaire) -> list[str]:
    return [text for labels in questionnaire.labels() for text in labels.values()]


def test_names() -> None:
    assert library.names() == ("Q01-entretien-individuel", "Q03-micro-trottoir")
    assert [questionnaire.name for questionnaire in ALL] == list(library.names())


@each
def test_stands_on_its_feet_in_french(questionnaire: Questionnaire) -> None:
    assert verify(questionnaire) == []
    assert questionnaire.languages == ("fr",)


@each
def test_consent_then_age_before_anything_else(questionnaire: Questionnaire) -> None:
    names = [question.name for question in questionnaire.questions if not question.is_note]
    assert questionnaire.questions[0].name == "information"
    assert names[:4] == ["accord_noter", "age", "accord_parent", "accord_citer"]
    assert names[-2:] == ["relecture", "phrase_relue"]
    assert choices(questionnaire, "age") == AGES
    assert choices(questionnaire, "accord_citer") == ("oui", "apres_relecture", "non")
    assert [section.kind for section in questionnaire.sections].count("consent") == 1


@each
def test_only_consent_and_age_are_required(questionnaire: Questionnaire) -> None:
    required = {question.name for question in questionnaire.questions if question.required}
    assert required == {"accord_noter", "age", "accord_parent", "accord_citer", "phrase_relue"}


@each
def test_everything_after_waits_for_the_agreements(questionnaire: Questionnaire) -> None:
    for section in questionnaire.sections[1:]:
        assert "${accord_noter} = 'oui'" in section.relevant
        assert "${accord_parent} = 'oui'" in section.relevant


@each
def test_scales_have_five_named_steps(questionnaire: Questionnaire) -> None:
    scales = [question for question in questionnaire.questions if question.type == "scale"]
    assert scales
    for question in scales:
        assert choices(questionnaire, question.name) == ("1", "2", "3", "4", "5")


@each
def test_no_list_repeats_a_non_response(questionnaire: Questionnaire) -> None:
    said = {labels["fr"].lower() for labels in NON_RESPONSE_LABELS.values()}
    for question in questionnaire.questions:
        assert not said & {choice.label["fr"].lower() for choice in question.choices}


@each
def test_sentences_are_short_and_plain(questionnaire: Questionnaire) -> None:
    for text in texts(questionnaire):
        for sentence in re.split(r"(?<=[.?!…])\s+", text):
            words = re.findall(r"[^\W_][\w’-]*|\{\w+\}", sentence)
            assert len(words) <= 20, sentence
        assert not re.search(r"[·!']|\b(?:QPV|GUP|NPNRU|habitant·e)\b", text), text


@each
def test_only_known_placeholders_are_used(questionnaire: Questionnaire) -> None:
    used = {name for text in texts(questionnaire) for name in re.findall(r"\{(.*?)\}", text)}
    assert used <= set(PLACEHOLDERS)
    notice = questionnaire.question("information").label["fr"]
    for name in ("responsable", "base_legale", "destinataires", "date_fin_conservation"):
        assert f"{{{name}}}" in notice
    assert "ne peut plus être reprise" in notice
    assert "{code_retrait}" in questionnaire.question("code").label["fr"]


def test_stable_names_of_the_interview() -> None:
    interview = library.load("Q01-entretien-individuel")
    opened = [q.name for q in interview.questions if q.is_open and q.visibility != "team"]
    assert " ".join(opened) == (
        "recit_quartier aime complique sujet_recit evolution_raison aides manque egalite "
        "une_chose ajout"
    )
    subjects = interview.question("sujets")
    assert {choice.name: choice.theme for choice in subjects.choices} == SUBJECTS
    assert (subjects.max_choices, len(subjects.choices)) == (3, 14)
    assert interview.question("sujet_principal").choices == subjects.choices
    scopes = {question.consent: question.name for question in interview.questions}
    assert scopes["recontact"] == "suites"
    assert (scopes["voix"], scopes["photo"]) == ("accord_voix", "accord_photo")
    declared = [question.name for question in interview.questions if question.profile]
    assert " ".join(declared) == "age genre anciennete secteur situation langue_entretien"
    assert choices(interview, "evolution") == ("ameliore", "stable", "degrade", "les_deux")
    assert choices(interview, "relecture") == ("oui", "correction", "effacer")


def test_stable_names_of_the_street_interview() -> None:
    street = library.load("Q03-micro-trottoir")
    names = [question.name for question in street.questions]
    assert " ".join(names) == (
        "information accord_noter age accord_parent accord_citer code lieu vit_ici va_bien "
        "a_changer bien_ici evolution question_du_jour genre relecture phrase_relue"
    )
    assert choices(street, "vit_ici") == ("oui", "travaille", "passe")
    assert choices(street, "evolution") == ("mieux", "pareil", "moins_bien")


def test_fill_replaces_once_and_only_what_it_knows() -> None:
    values = {"quartier": "{responsable}", "responsable": "Ville", "autre": "x"}
    text = "{quartier} {autre} {0} {quartier.__class__} {code_retrait} {"
    assert fill(text, values) == "{responsable} {autre} {0} {quartier.__class__} {code_retrait} {"


@given(st.text(alphabet="{}ab_quartier0.!", max_size=40), st.text(max_size=10))
def test_fill_leaves_other_braces_untouched(text: str, value: str) -> None:
    assert fill(text, {"quartier": value}) == text.replace("{quartier}", value)
    assert fill(text, {}) == text


HEAD = (
    "name: essai\nversion: '1'\ntitle: Essai\npurpose: Voir\nmethod: individuel\n"
    "audience: Tous\nduration: 5 minutes\nsections:\n"
)
QUESTION = HEAD + "- name: s\n  label: S\n  questions:\n  - name: a\n    type: text\n    label: A\n"


def test_words_without_a_language_get_one() -> None:
    arabic = "default_language: ar\n" + QUESTION + "    hint: {ar: نعم, fr: Oui}\n"
    questionnaire = library.read("essai.yaml", arabic)
    assert questionnaire.question("a").label == {"ar": "A"}
    assert questionnaire.question("a").hint == {"ar": "نعم", "fr": "Oui"}
    assert questionnaire.languages == ("ar", "fr")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "YAML"),
        ("!!python/object/apply:os.getcwd []", "YAML"),
        ("- a", "liste de champs"),
        (HEAD + "- include: B-ABSENT\n", "B-ABSENT"),
        (HEAD + "- include: ../secret\n", "inclusion"),
        (HEAD + "- {include: B-PROFIL, name: x}\n", "inclusion"),
        (HEAD + "- include: B-PROFIL\n", "accord_noter"),
        (HEAD + "- oui\n", "liste de champs"),
        (HEAD.replace("sections:", "sections: 3"), "liste"),
        (QUESTION + "    relevant: ${b} = 'x'\n", "« b »"),
        (QUESTION + "    relevant: ${a} = 'x'\n", "« a »"),
        (QUESTION + "    constraint: . >\n", "illisible au signe 4"),
        (QUESTION + "    choices: [{name: x, label: X}]\n", "ne vont pas ensemble"),
        (QUESTION + "    consent: tout\n", "« tout »"),
        (QUESTION + "    visibility: tous\n", "« tous »"),
        (QUESTION + "    max_choices: 2\n", "nombre de choix"),
        (QUESTION + "  kind: autre\n", "« autre »"),
        (QUESTION + "  - {name: a, type: text, label: A}\n", "Deux questions"),
        (QUESTION + "  - {name: a__nr, type: text, label: A}\n", "n’est pas un nom possible"),
        (QUESTION + "  - {name: b, type: audio, label: B}\n", "« audio »"),
        (QUESTION + "  - {name: b, type: text, label: {en: B}}\n", "langue « fr »"),
        (QUESTION + "- {name: s, label: S, questions: []}\n", "Deux sections"),
        (HEAD + "- {name: s, label: S, questions: []}\n", "aucune question"),
    ],
)
def test_a_faulty_file_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(QuestionnaireError, match=r"essai\.yaml") as caught:
        library.read("essai.yaml", text)
    assert message in caught.value.problem.message


def test_faulty_choices_are_refused() -> None:
    start = QUESTION + "  - name: b\n    type: select_one\n    label: B\n    choices:\n"
    x = "    - {name: x, label: X}\n"
    faults = {
        start + x + x: "Deux choix",
        start + "    - {name: 'X y', label: X}\n": "nom de choix",
        start + x + "  - {name: c, type: text, label: C, relevant: '${b} = \"y\"'}\n": "« y »",
    }
    for text, message in faults.items():
        with pytest.raises(QuestionnaireError, match=r"essai\.yaml") as caught:
            library.read("essai.yaml", text)
        assert message in caught.value.problem.message


def test_absent_questionnaires_are_refused() -> None:
    for name in ("Q99-absent", "B-ACCORD", "../Q01-entretien-individuel", ""):
        with pytest.raises(QuestionnaireError, match="bibliothèque"):
            library.load(name)
