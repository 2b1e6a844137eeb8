"""The ready questionnaires: names, choices, plain sentences, nothing too personal; the loader."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import library
from questionnaires.library import PLACEHOLDERS, fill
from questionnaires.model import NON_RESPONSE_LABELS, RECORD, SURVEY, TESTIMONY, Questionnaire
from questionnaires.problems import QuestionnaireError
from questionnaires.validation import verify

ALL = [library.load(name) for name in library.names()]
each = pytest.mark.parametrize("questionnaire", ALL, ids=lambda item: item.name)

NAMES = (
    "Q01-entretien-individuel",
    "Q02-entretien-collectif",
    "Q03-micro-trottoir",
    "Q04-porteur-de-paroles",
    "Q05-marche-exploratoire",
    "Q06-evaluation-contrat-de-ville",
    "Q07-compte-rendu-de-debat",
    "Q08-reflexion-collective",
    "Q09-fonctionnement-collectif",
    "Q10-evaluer-nos-actions",
    "Q11-relation-pouvoirs-publics",
    "Q12-sante-cadre-de-vie",
    "Q13-commerce",
    "Q14-emploi-developpement-economique",
    "Q15-parentalite",
    "Q16-gestion-urbaine-de-proximite",
    "Q17-culture",
    "Q18-debat-autour-d-un-film",
)
RECORDS = ("Q07", "Q08", "Q10")
SURVEYS = ("Q09", "Q11")
THEMES = re.compile(r"LOG|CAD|REN|TRA|MOB|EMP|ECO|EDU|SAN|CUL|DRO|LIE|EGA|CIT")
AXES = {"1 contexte", "2 réalisations et impacts", "3 ingénierie et gouvernance"}
CRITERIA = {
    "pertinence",
    "cohérence",
    "efficacité",
    "efficience",
    "impact",
    "utilité et durabilité",
}
SPOKEN_OF = re.compile(r"sans (?:votre|vos) noms?\b|nom de l’action\b", re.IGNORECASE)
TOO_PERSONAL = re.compile(
    r"\b(?:noms?|prénoms?|adresse|naissance|née?s?|nationalité|origine|religion|croyances?|"
    r"politiques?|votez|maladies?|diagnostic|handicap|téléphone|courriel|salaire|revenus?)\b",
    re.IGNORECASE,
)
JARGON = re.compile(r"[·!']|\b(?:QPV|GUP|NPNRU|TFPB|UFS|DDETS|ONPV|compte-rendu|satisfait·e)\b")
ALONE = re.compile(r"(?:rien|aucune?|personne|nulle part|je n’ai pas)\b", re.IGNORECASE)
NO_FACE = "jamais un visage ni une plaque"


def choices(questionnaire: Questionnaire, name: str) -> tuple[str, ...]:
    return tuple(choice.name for choice in questionnaire.question(name).choices)


def texts(questionnaire: Questionnaire) -> list[str]:
    """Everything that a person may read in French."""
    return [labels["fr"] for labels in questionnaire.labels() if "fr" in labels]


def test_names() -> None:
    assert library.names() == NAMES
    assert [questionnaire.name for questionnaire in ALL] == list(library.names())


@each
def test_stands_on_its_feet_in_french(questionnaire: Questionnaire) -> None:
    assert verify(questionnaire) == []
    assert questionnaire.default_language == "fr"
    assert set(questionnaire.languages[1:]) == set(questionnaire.unproofread)
    for text in (questionnaire.purpose, questionnaire.audience, questionnaire.duration):
        assert text["fr"].strip()


@each
def test_usage_is_the_one_of_its_papers(questionnaire: Questionnaire) -> None:
    short = questionnaire.name[:3]
    expected = RECORD if short in RECORDS else SURVEY if short in SURVEYS else TESTIMONY
    assert questionnaire.usage == expected
    first = questionnaire.questions[0]
    assert first.is_note
    if expected != TESTIMONY:
        assert "N’écrivez le nom de personne" in first.label["fr"]


@each
def test_scales_have_five_named_steps(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions:
        if question.type == "scale":
            assert choices(questionnaire, question.name) == ("1", "2", "3", "4", "5")


@each
def test_choice_lists_are_complete(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions:
        labels = [choice.label["fr"].casefold() for choice in question.choices]
        assert len(set(labels)) == len(labels), question.name
        if question.choices:
            assert len(labels) + bool(question.choices_from) >= 2, question.name
        assert all(THEMES.fullmatch(item.theme) for item in question.choices if item.theme)
        assert question.facets.get("axe_evaluation", "1 contexte") in AXES
        assert question.facets.get("critere", "impact") in CRITERIA


@each
def test_no_list_repeats_a_non_response(questionnaire: Questionnaire) -> None:
    said = {labels["fr"].casefold() for labels in NON_RESPONSE_LABELS.values()}
    for question in questionnaire.questions:
        for choice in question.choices:
            label = choice.label["fr"].casefold()
            assert label not in said
            assert not re.search(r"ne sais pas\W*$|préf[èé]re ne pas|non dit", label), label


@each
def test_only_what_says_none_goes_alone(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions:
        alone = [choice.label["fr"] for choice in question.choices if choice.exclusive]
        if question.type == "select_multiple":
            says_none = [c.label["fr"] for c in question.choices if ALONE.match(c.label["fr"])]
            assert alone == says_none, question.name
            assert len(alone) <= 1
        else:
            assert alone == [], question.name


@each
def test_sentences_are_short_and_plain(questionnaire: Questionnaire) -> None:
    for text in texts(questionnaire):
        for sentence in re.split(r"(?<=[.?!…])\s+", text):
            words = re.findall(r"[^\W_][\w’-]*|\{\w+\}", sentence)
            assert len(words) <= 20, sentence
        assert not JARGON.search(text), text


@each
def test_nothing_too_personal_is_asked(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions:
        if not question.is_note:
            asked = SPOKEN_OF.sub("", question.label["fr"])
            assert not TOO_PERSONAL.search(asked), asked
        if question.type == "place":
            assert "adresse" in question.hint.get("fr", ""), question.name
        if question.type == "image" or question.consent == "photo":
            assert NO_FACE in question.hint.get("fr", ""), question.name


@each
def test_only_known_placeholders_are_used(questionnaire: Questionnaire) -> None:
    used = {name for text in texts(questionnaire) for name in re.findall(r"\{(.*?)\}", text)}
    assert used <= set(PLACEHOLDERS)


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
