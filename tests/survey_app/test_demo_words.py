"""The demonstration's invented words keep every promise that the rest of the project leans on."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from questionnaires import answers as filled
from questionnaires import library

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "survey_app" / "demo"
Q01, Q03 = "Q01-entretien-individuel", "Q03-micro-trottoir"
OPEN = {
    Q01: [
        "recit_quartier",
        "aime",
        "complique",
        "sujet_recit",
        "evolution_raison",
        "aides",
        "manque",
        "egalite",
        "une_chose",
        "ajout",
    ],
    Q03: ["va_bien", "a_changer", "question_du_jour"],
}
CONSENT = {"accord_noter", "age", "accord_parent", "accord_citer", "phrase_relue"}
VOICE = {"accord_parent_ecrit", "accord_voix", "accord_photo", "suites"}
PROFILE = {"genre", "anciennete", "secteur", "situation", "langue_entretien"}
CLOSED = {
    Q01: CONSENT
    | VOICE
    | PROFILE
    | {"vivre_ici", "sujets", "sujet_principal", "evolution", "ecoute", "relecture"},
    Q03: CONSENT | {"lieu", "vit_ici", "bien_ici", "evolution", "genre", "relecture"},
}
CATEGORIES = {
    *("PRÉNOM", "NOM", "TÉLÉPHONE", "COURRIEL", "ADRESSE", "LIEU", "SANTÉ", "RÔLE", "AUTRE"),
}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


CAMPAIGN = read(DEMO / "campaign.yaml")
TESTIMONIES = read(DEMO / "testimonies.yaml")
GRID = read(ROOT / "analysis" / "data" / "contrat-de-ville.yaml")
MEETINGS = {meeting["key"]: meeting for meeting in CAMPAIGN["meetings"]}
SECTORS = {
    place["code"]: {sector["name"] for sector in place["sectors"]}
    for place in CAMPAIGN["neighbourhoods"]
}
ROLES = {account["login"]: set(account["roles"]) for account in CAMPAIGN["accounts"]}
THEME_OF = {sub["code"]: theme["code"] for theme in GRID["themes"] for sub in theme["sous_themes"]}
each = pytest.mark.parametrize("item", TESTIMONIES, ids=lambda item: item["key"])


def raw_text(item: dict[str, Any]) -> str:
    """The open answers in questionnaire order, joined as the product joins them."""
    answers = item["answers"]
    given = [answers[name] for name in OPEN[item["questionnaire"]] if name in answers]
    return "\n\n".join(answer for answer in given if isinstance(answer, str))


def spans(item: dict[str, Any]) -> list[tuple[int, int, str, str]]:
    """Where each masked passage stands, in order of appearance."""
    text, found = raw_text(item), []
    for mask in item["mask"]:
        starts = [match.start() for match in re.finditer(re.escape(mask["words"]), text)]
        assert starts, f"{mask['words']} is not in the text"
        assert len(starts) == 1 or "occurrence" in mask, f"which {mask['words']}?"
        start = starts[mask.get("occurrence", 1) - 1]
        found.append((start, start + len(mask["words"]), mask["category"], mask["words"]))
    return sorted(found)


def masked_text(item: dict[str, Any]) -> str:
    """Placeholders numbered per category and distinct word: same words, same number."""
    text, numbers = raw_text(item), defaultdict[str, dict[str, int]](dict)
    pieces, position = [], 0
    for start, end, category, words in spans(item):
        assert start >= position, "two masks overlap"
        known = numbers[category]
        number = known.setdefault(words, len(known) + 1)
        pieces += [text[position:start], f"[{category} {number}]"]
        position = end
    return "".join([*pieces, text[position:]])


def folded_words(text: str) -> list[str]:
    """Words without accents, case or punctuation, so that only the wording is compared."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9œ]+", "".join(c for c in plain if not unicodedata.combining(c)))


def tones() -> dict[str, dict[str, set[str]]]:
    """Theme -> tone -> keys of the testimonies that hold it."""
    held: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for item in TESTIMONIES:
        for coding in item["codings"]:
            for code in coding["codes"]:
                held[THEME_OF[code]][coding["facets"]["tonalite"]].add(item["key"])
    return held


def test_the_demonstration_says_that_it_is_invented() -> None:
    assert CAMPAIGN["fictitious"] is True
    assert "fictif" in CAMPAIGN["council"]["name"]
    for name in ("campaign.yaml", "testimonies.yaml"):
        assert "FICTITIOUS" in (DEMO / name).read_text(encoding="utf-8").splitlines()[0]
    assert CAMPAIGN["campaign"]["retention_until"] == date(2027, 12, 31)
    assert all("password" not in account for account in CAMPAIGN["accounts"])
    assert [a["login"] for a in CAMPAIGN["accounts"] if a.get("mandate")] == ["chloe"]


@pytest.mark.parametrize("meeting", CAMPAIGN["meetings"], ids=lambda meeting: meeting["key"])
def test_a_meeting_counts_everybody_it_approached(meeting: dict[str, Any]) -> None:
    counters = meeting["counters"]
    voices = [item for item in TESTIMONIES if item["meeting"] == meeting["key"]]
    genders = Counter(item["answers"].get("genre") for item in voices)
    assert counters["present_women"] == genders["femme"]
    assert counters["present_men"] == genders["homme"]
    assert counters["approached"] == counters["refusals"] + counters["stopped"] + len(voices)
    assert meeting["sector"] in SECTORS[meeting["neighbourhood"]]
    assert date(2026, 3, 1) <= meeting["date"] <= date(2026, 6, 30)
    assert "councillor" in ROLES[meeting["collector"]]
    expected = Q01 if meeting["method"] == "individuel" else Q03
    assert {item["questionnaire"] for item in voices} == {expected}


def test_thirty_testimonies_shared_between_places_and_consents() -> None:
    assert len({item["key"] for item in TESTIMONIES}) == len(TESTIMONIES) == 30
    assert Counter(i["questionnaire"] for i in TESTIMONIES) == {Q01: 16, Q03: 14}
    places = Counter(MEETINGS[item["meeting"]]["neighbourhood"] for item in TESTIMONIES)
    assert places == {"QP034020": 10, "QP034022": 10, "QP030015": 10}
    assert Counter(MEETINGS[key]["neighbourhood"] for key in MEETINGS) == dict.fromkeys(SECTORS, 3)
    citable = Counter(item["answers"]["accord_citer"] for item in TESTIMONIES)
    assert citable == {"oui": 21, "apres_relecture": 4, "non": 5}


def test_no_six_words_in_a_row_come_twice() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for item in TESTIMONIES:
        words = folded_words(raw_text(item))
        for start in range(len(words) - 5):
            run = tuple(words[start : start + 6])
            assert run not in seen, f"{item['key']} repeats {seen[run]}: {' '.join(run)}"
            seen[run] = item["key"]
    assert len(seen) > 1500


def test_every_theme_is_heard_and_several_are_disputed() -> None:
    held = tones()
    voices = {theme: set().union(*by_tone.values()) for theme, by_tone in held.items()}
    assert {theme["code"] for theme in GRID["themes"]} == set(voices)
    assert min(len(keys) for keys in voices.values()) >= 2
    disputed = [
        theme
        for theme, by_tone in held.items()
        if by_tone["positive"] - by_tone["négative"] and by_tone["négative"] - by_tone["positive"]
    ]
    assert len(disputed) >= 5
    lone = [t for t in held if {len(held[t]["positive"]), len(held[t]["négative"])} >= {1}]
    assert len(lone) >= 3
    kinds = Counter(c["facets"]["kind"] for item in TESTIMONIES for c in item["codings"])
    assert kinds["ressource"] >= 5
    assert kinds["proposition"] >= 5


def test_about_ten_testimonies_hold_something_to_mask() -> None:
    masks = [mask for item in TESTIMONIES for mask in item["mask"]]
    assert 10 <= sum(bool(item["mask"]) for item in TESTIMONIES) <= 13
    assert {mask["category"] for mask in masks} <= CATEGORIES
    assert {"PRÉNOM", "NOM", "TÉLÉPHONE", "ADRESSE", "SANTÉ"} <= {m["category"] for m in masks}
    assert any(m["category"] == "PRÉNOM" and m["words"].islower() for m in masks)
    phones = re.findall(r"\b0\d(?: \d\d){4}\b", "\n".join(map(raw_text, TESTIMONIES)))
    assert phones
    assert all(phone[3:11] == "00 00 00" for phone in phones), "a number that could ring"


def test_the_same_words_take_the_same_number() -> None:
    item = next(item for item in TESTIMONIES if any("occurrence" in m for m in item["mask"]))
    assert masked_text(item).count("[PRÉNOM 1]") == 2
    assert "[PRÉNOM 2]" not in masked_text(item)


@each
def test_masking_leaves_nothing_behind(item: dict[str, Any]) -> None:
    assert 150 <= len(raw_text(item)) <= 900
    for mask in item["mask"]:
        assert mask["words"] not in masked_text(item)
    assert len(spans(item)) == len(item["mask"])


@each
def test_another_person_reviews(item: dict[str, Any]) -> None:
    collector = MEETINGS[item["meeting"]]["collector"]
    assert item["reviewer"] != collector
    assert ROLES[item["reviewer"]] & {"councillor", "coordinator"}


@each
def test_codings_quote_the_masked_text_once(item: dict[str, Any]) -> None:
    text = masked_text(item)
    allowed = {facet["id"]: set(facet["valeurs"]) for facet in GRID["facettes"]}
    allowed["kind"] = allowed.pop("nature", allowed.get("kind", set()))
    assert 2 <= len(item["codings"]) <= 4
    for coding in item["codings"]:
        assert text.count(coding["quote"]) == 1, coding["quote"]
        assert set(coding["codes"]) <= set(THEME_OF)
        assert ROLES[coding["coder"]] & {"councillor", "coordinator", "evaluator"}
        assert {"tonalite", "kind"} <= set(coding["facets"])
        for facet, value in coding["facets"].items():
            values = set(value) if isinstance(value, list) else {value}
            assert values <= allowed[facet], (facet, value)
        if "critere" in coding["facets"]:
            assert ROLES[coding["coder"]] & {"coordinator", "evaluator"}


@each
def test_answers_follow_the_questionnaire(item: dict[str, Any]) -> None:
    answers, form = item["answers"], item["questionnaire"]
    assert set(answers) <= CLOSED[form] | set(OPEN[form])
    assert answers["accord_noter"] == answers["relecture"] == "oui"
    for value in answers.values():
        assert isinstance(value, str | list | dict), "YAML reads 15_17 as a number: quote it"
        if isinstance(value, dict):
            assert value in ({"non_response": "ne_sait_pas"}, {"non_response": "refus"})
    sectors = SECTORS[MEETINGS[item["meeting"]]["neighbourhood"]]
    assert answers["lieu" if form == Q03 else "secteur"] in sectors
    assert len(answers.get("sujets", [])) <= 3
    if form == Q01:
        assert answers["sujet_principal"] in answers["sujets"]


@each
def test_the_published_questionnaire_accepts_every_answer(item: dict[str, Any]) -> None:
    questionnaire = library.load(item["questionnaire"])
    meeting = MEETINGS[item["meeting"]]
    places = {name: name for name in SECTORS[meeting["neighbourhood"]]}
    checked = filled.check(questionnaire, item["answers"], places, meeting["date"])
    assert not checked.problems
    assert not checked.dropped
    assert filled.open_text(questionnaire, item["answers"])[0] == raw_text(item)


@each
def test_consents_are_asked_of_the_right_people(item: dict[str, Any]) -> None:
    answers = item["answers"]
    minor = answers["age"] in {"moins_15", "15_17"}
    assert ("accord_parent" in answers) == (answers["age"] == "moins_15")
    assert ("accord_parent_ecrit" in answers) == (minor and item["questionnaire"] == Q01)
    if minor and answers.get("accord_parent_ecrit") != "oui":
        assert not {"accord_voix", "accord_photo"} & set(answers)
    assert ("phrase_relue" in answers) == (answers["accord_citer"] == "apres_relecture")
    if phrase := answers.get("phrase_relue"):
        assert phrase in raw_text(item)
        assert phrase in masked_text(item)
        assert any(coding["quote"] == phrase for coding in item["codings"])


def test_some_people_do_not_answer_everything() -> None:
    values = [value for item in TESTIMONIES for value in item["answers"].values()]
    said = Counter(value["non_response"] for value in values if isinstance(value, dict))
    assert said["ne_sait_pas"] >= 3
    assert said["refus"] >= 1


@pytest.mark.shared
def test_neighbourhoods_bear_their_official_names() -> None:
    table = ROOT / ".." / "shared" / "data" / "qpv_occitanie.csv"
    if not table.exists():
        pytest.skip("the folder shared is not beside the project")
    lines = table.read_text(encoding="utf-8").splitlines()
    for place in CAMPAIGN["neighbourhoods"]:
        row = f"{place['code']},2015-2023,{place['name']},{place['municipality']},"
        assert any(line.startswith(row) for line in lines)
        assert 3 <= len(place["sectors"]) <= 4
