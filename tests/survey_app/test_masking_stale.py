"""A masking is confirmed as it was read: old pages, unseen proposals and unread texts are told."""

from __future__ import annotations

import re
import time
import uuid

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
import pages
from masking_cases import BATCH, carried, first_tap, second_tap, url
from survey_app.domain import Invalid
from survey_app.models import Campaign, Job, Redaction, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import masking, masking_search, review

TEXT = "Karima et Fatou montent. Karima attend, <b>Rose</b> aussi, au 06 39 98 12 34."
ADDED = "Le bus passe, dit Karima Benali au 06 39 98 12 34."
YES = dict.fromkeys(review.CHECKLIST, True)


def reviewed(runtime: Runtime, *texts: str) -> list[uuid.UUID]:
    """Micro-trottoir testimonies that ``councillor2`` reviewed."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        held = factories.meeting(session, campaign, method="micro_trottoir")
        found = []
        for text in texts:
            row = factories.testimony(session, held, text=text, collector=actors["councillor"])
            review.take(session, actors["councillor2"], row)
            review.decide(session, actors["councillor2"], row, "accept", YES)
            found.append(row.id)
        return found


def masked(runtime: Runtime, key: uuid.UUID) -> str | None:
    with runtime.database.reading() as session:
        row = session.get_one(Testimony, key)
        version = row.text("masked")
        assert (row.state == "masked") is (version is not None)
        return version.text if version else None


def correct(reader: pages.CheckedClient, key: uuid.UUID, words: str) -> None:
    """A slip of the pen is mended in another window."""
    page = url(key, "corriger")
    fields = carried(reader.get(page).text, None) | {"answers-0": words}
    assert reader.post(page, data=fields).status_code == 303


def cover_all(reader: pages.CheckedClient, key: uuid.UUID) -> None:
    for category in ("PRÉNOM", "TÉLÉPHONE"):
        sent = {"tout_masquer": category}
        page = url(key, "masquage")
        assert reader.send(url(key, "propositions"), sent, page=page).status_code == 303


def propose(runtime: Runtime, key: uuid.UUID, words: str) -> None:
    """What the search for names adds when it ends."""
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, key)
        text = review.working_text(row)
        start = text.text.index(words)
        session.add(
            Redaction(
                council_id=row.council_id,
                testimony_id=row.id,
                text_version_id=text.id,
                start=start,
                end=start + len(words),
                category="NOM",
                origin="model",
                state="proposed",
            )
        )


def flat(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def test_a_page_from_before_a_correction_confirms_nothing(runtime: Runtime, app: Flask) -> None:
    (key,) = reviewed(runtime, TEXT)
    reader, page = pages.client_for(app, "councillor2"), url(key, "masquage")
    cover_all(reader, key)
    action = url(key, "masquage", "confirmer")
    old = carried(reader.get(page).text, action)
    correct(reader, key, TEXT.replace("Karima attend", "Karima et Nadège Benali attendent"))
    for more in ({}, {"sans": "oui", "recherche": "oui"}):
        refused = reader.post(action, data=old | more)
        assert refused.status_code == 409
        assert "Le texte a été corrigé depuis" in refused.text
        assert "rien n’est perdu" in refused.text
        assert "Nadège" in refused.text.split('id="propositions"')[1]
        assert masked(runtime, key) is None
    anew = reader.post(action, data=carried(refused.text, action))
    assert "Ces mots restent-ils lisibles" in flat(anew.text)


def test_words_shown_again_in_another_window_are_not_confirmed(
    runtime: Runtime, app: Flask
) -> None:
    (key,) = reviewed(runtime, TEXT)
    reader, page = pages.client_for(app, "councillor2"), url(key, "masquage")
    cover_all(reader, key)
    action = url(key, "masquage", "confirmer")
    old = carried(reader.get(page).text, action, recherche="oui", sans="oui")
    reader.send(f"{page}/annuler", {"annuler": "oui"}, page=page)
    refused = reader.post(action, data=old)
    assert refused.status_code == 409
    assert "Les mots proposés ou masqués ont changé" in refused.text
    assert masked(runtime, key) is None


@pytest.mark.parametrize("told", ["", "n’importe quoi", ".", f"{uuid.UUID(int=0)}.{'0' * 32}"])
def test_a_page_never_opened_confirms_nothing(runtime: Runtime, app: Flask, told: str) -> None:
    (key,) = reviewed(runtime, TEXT)
    reader = pages.client_for(app, "councillor2")
    sent = {"csrf_token": reader.token("/relecture/essai"), "sans": "oui", "recherche": "oui"}
    refused = reader.post(url(key, "masquage", "confirmer"), data=sent | {"vu": told})
    assert refused.status_code == 409
    assert "Fatou" in refused.text.split('id="propositions"')[1]
    assert masked(runtime, key) is None


def test_leaving_the_words_asked_about_leaves_no_other(runtime: Runtime, app: Flask) -> None:
    (key,) = reviewed(runtime, "Karima est là. La voisine benalisse aussi.")
    reader = pages.client_for(app, "councillor2")
    asked = first_tap(reader, key)
    assert "benalisse" not in asked.text
    propose(runtime, key, "benalisse")
    refused = second_tap(reader, key, asked)
    assert refused.status_code == 409
    assert "Les mots proposés ou masqués ont changé" in refused.text
    assert "benalisse" in refused.text.split('id="propositions"')[1]
    assert masked(runtime, key) is None
    with runtime.database.reading() as session:
        assert set(session.scalars(select(Redaction.state))) == {"proposed"}
    again = first_tap(reader, key)
    assert "benalisse" in again.text
    assert second_tap(reader, key, again).status_code == 303
    assert masked(runtime, key) == "Karima est là. La voisine benalisse aussi."


def test_leaving_everything_leaves_only_what_was_listed(runtime: Runtime, app: Flask) -> None:
    (key,) = reviewed(runtime, "Karima et Fatou. La voisine benalisse aussi.")
    reader, page = pages.client_for(app, "councillor2"), url(key, "masquage")
    html = reader.get(page).text
    seen = carried(html, url(key, "masquage", "confirmer"))
    tout = html.split('name="tout_laisser"')[0].rsplit("<form", 1)[1]
    assert seen["vu"] in tout
    propose(runtime, key, "benalisse")
    refused = reader.post(url(key, "propositions"), data=seen | {"tout_laisser": "oui"})
    assert refused.status_code == 409
    with runtime.database.reading() as session:
        assert set(session.scalars(select(Redaction.state))) == {"proposed"}


def test_a_text_that_the_search_has_not_read_takes_a_second_tap(
    runtime: Runtime, app: Flask
) -> None:
    said = "La voisine benalisse est partie."
    (key,) = reviewed(runtime, said)
    reader = pages.client_for(app, "councillor2")
    asked = first_tap(reader, key)
    assert asked.status_code == 409
    assert "La recherche des noms n’a pas fini de lire ce texte" in asked.text
    assert "rien n’est perdu" in asked.text
    assert masked(runtime, key) is None
    with runtime.database.reading() as session:
        assert [(job.kind, job.state) for job in session.scalars(select(Job))] == [
            ("names", "queued")
        ]
    hidden = carried(asked.text, url(key, "masquage", "confirmer"), sans="oui")
    del hidden["recherche"]
    assert reader.post(url(key, "masquage", "confirmer"), data=hidden).status_code == 409
    assert second_tap(reader, key, asked).status_code == 303
    assert masked(runtime, key) == said


def test_a_batch_confirms_what_is_unchanged_and_names_the_rest(
    runtime: Runtime, app: Flask
) -> None:
    same, corrected, proposed = reviewed(
        runtime, "Le banc manque.", "Le bus passe.", "La voisine benalisse part."
    )
    reader = pages.client_for(app, "councillor2")
    html = reader.get(BATCH).text
    assert "La recherche des noms continue" in flat(html)
    shown = carried(html, None, recherche="oui")
    correct(reader, corrected, ADDED)
    propose(runtime, proposed, "benalisse")
    keys = [str(corrected), str(same), str(proposed)]
    answer = reader.post(BATCH, data=shown | {"temoignage": keys})
    assert answer.status_code == 409
    said = flat(answer.text)
    assert "2 témoignages cochés ne sont pas confirmés" in said
    assert "Témoignage n° 2 : le texte a été corrigé depuis" in said
    assert "Témoignage n° 3 : les mots proposés ou masqués ont changé" in said
    assert "Rien à masquer, confirmé pour 1." in said
    assert masked(runtime, same) == "Le banc manque."
    assert masked(runtime, corrected) is None
    assert masked(runtime, proposed) is None
    assert ADDED not in said, "its words are proposed now: it is masked on its own page"


def test_a_batch_that_the_search_has_not_read_takes_a_second_tap(
    runtime: Runtime, app: Flask
) -> None:
    first, second = reviewed(runtime, "Le banc manque.", "Le bus passe.")
    reader = pages.client_for(app, "councillor2")
    shown = carried(reader.get(BATCH).text, None) | {"temoignage": str(first)}
    assert "recherche" not in shown
    asked = reader.post(BATCH, data=shown)
    assert asked.status_code == 409
    assert "Témoignage n° 1 : la recherche des noms n’a pas fini" in flat(asked.text)
    assert masked(runtime, first) is None
    boxes = re.findall(r'name="temoignage" value="([^"]+)"[^>]*?( checked)?>', asked.text)
    assert dict(boxes) == {str(first): " checked", str(second): ""}
    again = carried(asked.text, None) | {"temoignage": str(first), "recherche": "oui"}
    assert reader.post(BATCH, data=again).status_code == 303
    assert (masked(runtime, first), masked(runtime, second)) == ("Le banc manque.", None)


def test_a_batch_page_that_was_never_opened_confirms_nothing(runtime: Runtime, app: Flask) -> None:
    (key,) = reviewed(runtime, "Le banc manque.")
    reader = pages.client_for(app, "councillor2")
    sent = {"csrf_token": reader.token("/relecture/essai"), "temoignage": str(key)}
    refused = reader.post(BATCH, data=sent | {"recherche": "oui"})
    assert refused.status_code == 409
    assert "ne dit pas quel texte vous avez lu" in refused.text
    assert masked(runtime, key) is None


def test_hostile_words_are_refused_in_one_sentence_and_quickly(
    runtime: Runtime, app: Flask
) -> None:
    (key,) = reviewed(runtime, "a " * 50_000 + "fin.")
    reader, page = pages.client_for(app, "councillor2"), url(key, "masquage")
    token = reader.token(page)
    for words, why in (
        ("a " * 5_000 + "b", "300 caractères au plus"),
        ("x" * 100_000, "300 caractères au plus"),
        ("a", "plus de 500 passages"),
    ):
        sent = {"csrf_token": token, "words": words, "category": "NOM", "everywhere": "y"}
        started = time.process_time()
        refused = reader.post(page, data=sent)
        assert refused.status_code == 422
        assert why in flat(refused.text)
        assert time.process_time() - started < 3
    with runtime.database.reading() as session:
        assert session.scalars(select(Redaction)).all() == []


def test_the_limits_of_a_search_leave_one_passage_and_a_long_selection_possible(
    session: Session, campaign: Campaign, actors: dict[str, Actor]
) -> None:
    who, most = actors["councillor2"], masking_search.MAX_PASSAGES
    long = "mot " * 100
    row = factories.testimony(
        session,
        factories.meeting(session, campaign),
        state="reviewed",
        reviewer_id=who.account_id,
        text=f"{long}{'Ali ' * most}{'Zoé ' * (most + 1)}fin.",
    )
    assert masking.add_words(session, who, row, "Ali", "PRÉNOM") == most
    with pytest.raises(Invalid, match="plus de 500 passages"):
        masking.add_words(session, who, row, "Zoé", "PRÉNOM")
    assert masking.add_words(session, who, row, "Zoé", "PRÉNOM", everywhere=False) == 1
    with pytest.raises(Invalid, match="décochez"):
        masking.add(session, who, row, 0, len(long), "AUTRE", everywhere=True)
    assert masking.add(session, who, row, 0, len(long), "AUTRE") == 1
