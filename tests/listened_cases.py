"""A campaign in two seasons, its themes, profiles and periods worked out as the job does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

import factories
import results_cases as cases
from survey_app.models import Campaign, Run
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import analyses, corpus, crossings, part_listened, part_themes, periods
from survey_app.services.run_parts import Given, Part

SPRING, SUMMER = "Printemps", "Été <b>& après</b>"
BUS = "Le bus du soir ne passe plus et on rentre à pied."
HOSTILE = "<script>alert(1)</script> le bus et l’ascenseur"


def seasons(runtime: Runtime) -> dict[str, Actor]:
    """Eighteen people on the bus in April; fifteen in June, five of them on the lift as well."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        made = factories.actors(session, council)
        factories.actors(session, factories.council(session, name="Voisin"), suffix="-voisin")
        campaign = factories.campaign(session, council)
        april, june = (
            factories.meeting(session, campaign, made["councillor"], held_on=date(2026, month, 2))
            for month in (4, 6)
        )
        for number in range(33):
            row = factories.testimony(
                session,
                april if number < 18 else june,
                masked=HOSTILE if number == 32 else BUS,
                profile={"age": "25_39" if number < 20 else "60_74"},
                questionnaire_version_id=campaign.questionnaires[0].id,
            )
            quote = "le bus" if number == 32 else "Le bus du soir"
            cases.coded(session, row, "TRA1", made["coordinator"], quote=quote)
            if 28 <= number < 32:
                cases.coded(session, row, "LOG1", made["coordinator"], quote="bus du")
            if number == 32:
                cases.coded(session, row, "LOG2", made["coordinator"], quote="l’ascenseur")
    return made


def chosen(runtime: Runtime, actor: Actor) -> None:
    """April alone, then everything from May on."""
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign).where(Campaign.slug == "essai")).one()
        two = [
            periods.Period(SPRING, None, date(2026, 4, 30)),
            periods.Period(SUMMER, date(2026, 5, 1), None),
        ]
        periods.save(session, actor, campaign, two, periods.stamp(campaign))


def worked_out(runtime: Runtime, actor: Actor) -> tuple[Part, ...]:
    """Keep a run with the parts of themes and people heard; no word is read for it."""
    with runtime.database.reading() as session:
        campaign = session.scalars(select(Campaign).where(Campaign.slug == "essai")).one()
        loaded = corpus.load(session, actor, campaign)
        placed = periods.placed(session, actor, campaign, loaded.corpus.meetings)
        labels = crossings.labels(session, actor, campaign)
    loaded = replace(loaded, corpus=replace(loaded.corpus, meetings=placed))
    threshold = campaign.threshold_inside
    given = Given(
        loaded.corpus, loaded.codebook, {}, {}, threshold, labels, dict(campaign.analysis)
    )
    made = [*part_themes.made(given), *part_listened.made(given)]
    parts = tuple(one for one in made if isinstance(one, Part))
    drawn = [one for one in made if not isinstance(one, Part)]
    figures = analyses._figures(loaded.corpus, loaded.codebook, [])
    crossed = crossings.documents(loaded, threshold, labels)
    found = analyses.Results(figures, drawn, crossed, parts)
    analyses._keep(runtime, actor, campaign.id, loaded.text_versions, found)
    return parts


def newest(runtime: Runtime) -> Run:
    with runtime.database.reading() as session:
        return session.scalars(select(Run)).one()
