"""Workbooks drawn elsewhere: what is read, what is adapted and said, what is refused and where."""

from __future__ import annotations

import pytest

from questionnaires.xlsform import read
from tests.questionnaires.xlsform_cases import SETTINGS, imported, refused, workbook

LABEL = "label::Français (fr)"
TEXT = {"type": "text", "name": "mot", LABEL: "Un mot ?"}
CHOICES = (
    {"list_name": "on", "name": "Oui", LABEL: "Oui"},
    {"list_name": "on", "name": "N-on", LABEL: "Non"},
)
SELECT = {"type": "select_one on", "name": "Avis", LABEL: "Votre avis ?"}


def test_questions_outside_a_group_make_a_section_of_their_own() -> None:
    group = {"type": "begin group", "name": "bloc", LABEL: "Bloc"}
    inside = {**TEXT, "name": "dedans"}
    last = {**TEXT, "name": "apres", "required": "TRUE"}
    found = imported((TEXT, group, inside, {"type": "end group"}, last))
    assert found.questionnaire is not None
    sections = found.questionnaire.sections
    assert [[q.name for q in section.questions] for section in sections] == [
        ["mot"],
        ["dedans"],
        ["apres"],
    ]
    assert [section.label["fr"] for section in sections] == ["Questions", "Bloc", "Questions"]
    assert found.questionnaire.question("apres").required
    assert sum("hors de tout groupe" in said.message for said in found.notices) == 2


def test_names_are_adapted_everywhere_and_said() -> None:
    after = {
        **TEXT,
        "name": "Pour-Quoi",
        "relevant": "${Avis} = 'N-on' or selected(${Avis}, 'Oui')",
        "constraint": ". != ${Avis}",
    }
    last = {**SELECT, "name": "_2e avis".replace(" ", "."), "constraint": ".='N-on'"}
    found = imported((SELECT, after, last), CHOICES)
    assert found.refusals == ()
    assert found.questionnaire is not None
    asked = found.questionnaire.question("pour_quoi")
    assert asked.relevant == "${avis} = 'n_on' or selected(${avis}, 'oui')"
    assert asked.constraint == ". != ${avis}"
    assert found.questionnaire.question("q_2e_avis").constraint == ". = 'n_on'"
    said = " ".join(notice.message for notice in found.notices)
    assert "Pour-Quoi → pour_quoi" in said
    assert "N-on → n_on (on)" in said


def test_names_that_become_the_same_are_refused() -> None:
    assert (
        "feuille survey, ligne 3 : Le nom « Mot » est déjà pris (feuille survey, ligne 2)"
        in (refused((TEXT, {**TEXT, "name": "Mot"}))[0])
    )
    twice = (*CHOICES, {"list_name": "on", "name": "oui", LABEL: "Oui"})
    assert refused((SELECT,), twice)[0].startswith("feuille choices, ligne 4 : Le nom de choix")
    minus = ({"list_name": "on", "name": "-1", LABEL: "Moins un"},)
    assert "en lettres" in refused((SELECT,), minus)[0]
    assert "n’est pas un nom de choix" in refused((SELECT,), ({**CHOICES[0], "name": "§"},))[0]


def test_everything_unsupported_is_refused_at_once_by_name_row_and_function() -> None:
    survey = (
        {"type": "geopoint", "name": "lieu", LABEL: "Où ?"},
        {**SELECT, "type": "select_one on or_other"},
        {**TEXT, "relevant": "regex(., 'a(b') and indexed-repeat(${Avis}, ${Avis}, 1) and not(1)"},
        {**TEXT, "name": "b", "choice_filter": "region = 1", "read_only": "no"},
        {"type": "select_multiple_from_file a.csv", "name": "c", LABEL: "C"},
        {"type": "begin_repeat", "name": "r", LABEL: "R", "repeat_count": "count(${b})"},
        {"type": "begin_group", "name": "g", LABEL: "G"},
        {**TEXT, "name": "d", LABEL: "Vous, ${mot} ?"},
        {"type": "end_group"},
        {"type": "end_repeat"},
        {**TEXT, "name": "e", "required": "${mot} = 'a'"},
        {**TEXT, "name": "f", "constraint": "(. = 1"},
        {"type": "begin_loop over on", "name": "h", LABEL: "H"},
        {"type": "end_loop"},
    )
    said = refused(survey, CHOICES)
    expected = {
        2: "geopoint",
        3: "or_other",
        5: "choice_filter",
        6: "select_multiple_from_file",
        7: "count(${b})",
        8: "ligne 7",
        9: "reprend une réponse",
        12: "sous condition",
        13: "illisible au signe",
        14: "begin_loop",
    }
    for row, words in expected.items():
        assert any(f"ligne {row} :" in line and words in line for line in said), (row, said)
    functions = [line for line in said if "ligne 4 :" in line]
    assert [line.split("« ")[1].split(" »")[0] for line in functions] == ["regex", "indexed-repeat"]
    assert not any("read_only" in line for line in said)
    rows = [int(line.split("ligne ")[1].split(" ")[0]) for line in said]
    assert rows == sorted(rows)


def test_a_missing_translation_is_refused_with_its_row_and_language() -> None:
    arabic = "label::العربية (ar)"
    survey = ({**TEXT, arabic: "كلمة"}, {**SELECT}, {**TEXT, "name": "b", arabic: "ب"})
    said = refused(survey, CHOICES)
    assert said[0].startswith("feuille survey, ligne 3 : Le texte « label » manque dans cette")
    assert "arabe" in said[0]
    assert [line.split(" :")[0] for line in said[1:]] == [
        "feuille choices, ligne 2",
        "feuille choices, ligne 3",
    ]


def test_languages_are_known_by_their_code_or_their_name() -> None:
    old = {"type": "text", "name": "a", "label:English": "A", "label:French": "Ah"}
    found = imported((old,), settings=())
    assert found.questionnaire is not None
    assert found.questionnaire.default_language == "fr"
    assert found.questionnaire.question("a").label == {"en": "A", "fr": "Ah"}
    assert any("La langue du questionnaire" in said.message for said in found.notices)
    unknown = {"type": "text", "name": "a", "label::Klingon": "A"}
    assert "code entre parenthèses" in refused((unknown,))[0]
    wrong = ({**SETTINGS[0], "default_language": "Klingon"},)
    assert "Klingon" in refused((TEXT,), settings=wrong)[0]


def test_what_is_not_needed_is_said_and_left_out() -> None:
    survey = (
        {"type": "start", "name": "debut"},
        {**TEXT, "media::image": "a.png", "remarque": "interne"},
        {"name": None, "type": None, "remarque": "une note"},
        {**TEXT, "name": "non", "disabled": "yes"},
    )
    found = imported(survey, licence=({"a": "b"},))
    assert found.questionnaire is not None
    assert [question.name for question in found.questionnaire.questions] == ["mot"]
    said = " ".join(f"{notice.where} {notice.message}" for notice in found.notices)
    for words in ("« start »", "media::image", "remarque", "ligne 4", "désactivée", "« licence »"):
        assert words in said


def test_what_comes_from_a_name_that_is_not_kept_is_refused() -> None:
    survey = ({"type": "today", "name": "jour"}, {**TEXT, "relevant": "${jour} != ''"})
    assert "ligne 3" in refused(survey)[0]
    assert "« jour »" in refused(survey)[0]


@pytest.mark.parametrize(
    ("survey", "place", "words"),
    [
        (({"type": "text", LABEL: "A"},), "ligne 2", "pas de nom"),
        (({"type": "text", "name": "a"},), "ligne 2", "pas de texte"),
        (({"name": "a", LABEL: "A"},), "ligne 2", "pas de type"),
        ((TEXT, {"type": "end_group"}), "ligne 3", "ne ferme rien"),
        (({"type": "begin_group", "name": "g", LABEL: "G"}, TEXT), "ligne 2", "pas de fin"),
        ((SELECT,), "ligne 2", "La liste « on »"),
        (({**TEXT, "relevant": "${absent} = 1"},), "ligne 2", "« absent »"),
        (({**TEXT, "paroles_type": "bidon"},), "ligne 2", "« bidon »"),
        (({**TEXT, "paroles_max_choices": "x"},), "ligne 2", "« x »"),
        (({**TEXT, "paroles_consent": "tout"},), "ligne 2", "« tout »"),
        (({**TEXT, "relevant": "${mot"},), "ligne 2", "illisible"),
        (({**TEXT, "label::fr": "Encore"},), "ligne 1", "disent la même chose"),
        (({**TEXT, "bind::readonly": "yes"},), "ligne 2", "bind::readonly"),
    ],
)
def test_a_fault_is_told_with_its_row(
    survey: tuple[dict[str, str], ...], place: str, words: str
) -> None:
    said = refused(survey)
    assert any(f"feuille survey, {place}" in line and words in line for line in said), said


def test_what_only_the_reference_reader_sees_is_told_in_french() -> None:
    clash = ({"type": "begin_group", "name": "mot", LABEL: "G"}, {"type": "end_group"}, TEXT)
    assert refused(clash) == [
        "feuille survey, ligne 4 : Le nom « mot » est déjà pris dans ce groupe. "
        "Renommez-en un, ainsi que les conditions qui le lisent."
    ]
    unknown = refused((TEXT,), settings=({**SETTINGS[0], "name": "1 2"},))
    assert any("en anglais" in line or "n’est pas possible" in line for line in unknown)
    assert "Il manque la feuille « survey »" in refused(())[0]
    entities = refused((TEXT,), entities=({"list_name": "a", "label": "b"},))
    assert any("« entities » n’est pas prise en charge" in line for line in entities)


def test_curled_quotes_and_words_for_truth_are_understood() -> None:
    survey = (
        SELECT,
        {**TEXT, "relevant": "${Avis} = ‘Oui’"},
        {**TEXT, "name": "b", "relevant": "no"},
    )
    found = imported(survey, CHOICES)
    assert found.questionnaire is not None
    assert found.questionnaire.question("mot").relevant == "${avis} = 'oui'"
    assert found.questionnaire.question("b").relevant == "false()"


def test_a_repeat_and_a_scale_from_elsewhere_become_ours() -> None:
    survey = (
        {"type": "begin_repeat", "name": "Arrets", LABEL: "Arrêt", "repeat_count": "4"},
        {**SELECT, "appearance": "minimal likert", "guidance_hint::Français (fr)": "Un ?\nDeux ?"},
        {"type": "end_repeat"},
    )
    found = imported(survey, CHOICES)
    assert found.questionnaire is not None
    section = found.questionnaire.section("arrets")
    assert (section.repeat, section.max_repeats) == ({"fr": "Arrêt"}, 4)
    asked = section.questions[0]
    assert (asked.type, asked.appearance) == ("scale", "minimal")
    assert asked.probes == ({"fr": "Un ?"}, {"fr": "Deux ?"})


def test_the_one_file_csv_is_read_with_either_separator() -> None:
    rows = ["survey,,,", ",type,name,label", ",text,mot,Été ?", "settings,,,", ",form_id,version,"]
    text = "\n".join([*rows, ",essai,3,"])
    for data in (text.encode(), b"\xef\xbb\xbf" + text.replace(",", ";").encode()):
        found = read(data, "essai.CSV")
        assert found.questionnaire is not None, found.refusals
        assert found.questionnaire.question("mot").label == {"fr": "Été ?"}
        assert (found.questionnaire.name, found.questionnaire.version) == ("essai", "3")
    assert "UTF-8" in str(read(text.encode("cp1252"), "essai.csv").refusals[0])
    broken = text.replace("text,mot", "geopoint,mot").encode()
    assert read(broken, "essai.csv").refusals[0].where == "feuille survey, ligne 3"


def test_a_form_says_how_it_is_used_in_its_own_columns() -> None:
    ours = {**SETTINGS[0], "paroles_usage": "record", "paroles_purpose::Français (fr)": "But"}
    found = read(workbook((TEXT,), settings=(ours,)), "essai.xlsx")
    assert found.questionnaire is not None
    assert (found.questionnaire.usage, found.questionnaire.purpose) == ("record", {"fr": "But"})
    assert "usage" in refused((TEXT,), settings=({**ours, "paroles_usage": "jeu"},))[0]
