"""The accepted phrase is printed masked, or not at all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import factories
from survey_app.models import Redaction
from survey_app.runtime import Runtime
from survey_app.services import corpus, exports, phrases

TEXT = "Le four est beau. Karim Zorglub tient le four. On y va."


@given(st.text(alphabet="abé 👍\u0301", max_size=30), st.data())
def test_placeholders_stand_where_the_words_stood(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    at = text.find(text[start:end])
    shown = phrases.masked(text[start:end], text, [(at, at + end - start, "[X]")])
    assert shown in {"[X]", ""} or end == start


def test_a_phrase_cut_by_a_mask_is_not_printed() -> None:
    start = TEXT.index("Karim")
    spans = [(start, start + len("Karim Zorglub"), "[NOM 1]")]
    assert phrases.masked("Karim Zorglub tient le four.", TEXT, spans) == "[NOM 1] tient le four."
    assert phrases.masked("Zorglub tient le four.", TEXT, spans) == ""
    assert phrases.masked("Le four est beau.", TEXT, spans) == "Le four est beau."


def test_no_name_leaves_with_an_accepted_phrase(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        masked = TEXT.replace("Karim Zorglub", "[NOM 1]")
        row = factories.testimony(
            session,
            factories.meeting(session, campaign),
            text=TEXT,
            masked=masked,
            cite="refused",
        )
        consent = {"council_id": council.id, "scope": "citer", "decision": "approved"}
        row.consents.append(
            factories.ConsentRecord(**consent, approved_phrase="Karim Zorglub tient le four.")
        )
        start = TEXT.index("Karim")
        session.add(
            Redaction(
                council_id=council.id,
                testimony_id=row.id,
                text_version_id=row.texts[0].id,
                start=start,
                end=start + len("Karim Zorglub"),
                category="NOM",
                placeholder="[NOM 1]",
            )
        )
    with runtime.database.reading() as session:
        said = corpus.load(session, actors["coordinator"], campaign).corpus.testimonies[0]
        assert said.approved_phrases == ("[NOM 1] tient le four.",)
        assert said.may_quote("[NOM 1] tient le four.")
        record = exports.testimonies(session, actors["coordinator"], campaign)[0]
        assert "Zorglub" not in str(record)
        assert record["consents"]["citer"] is True
