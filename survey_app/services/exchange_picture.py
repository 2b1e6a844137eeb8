"""What a campaign gives to other programs: masked texts, codings that count, profiles in groups.

People who coded leave under « Codeur 1 », « Codeur 2 »; a profile value that too few share stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models import Campaign, Coding, Excerpt
from survey_app.permissions import Actor
from survey_app.services import corpus as corpora
from survey_app.services import crossings
from survey_app.services.exchange_names import Name

CITABLE = "citable"
CITABLE_WORDS = {"yes": "oui", "approved": "seulement la phrase approuvée", "no": "non"}


@dataclass(frozen=True)
class Picture:
    """One campaign, read once. ``values``: variable → testimony → what is told of it.

    ``labels``: variable → what people read. ``coded``: rows of `CODED`. ``withheld``: variables
    of which some values stay here.
    """

    title: str
    loaded: corpora.Loaded
    coded: tuple[Any, ...]
    labels: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    withheld: tuple[str, ...]

    def names(self) -> list[Name]:
        """Everything that will bear a GUID."""
        corpus, book = self.loaded.corpus, self.loaded.codebook
        found = [("code", code.code) for code in book.all_codes()]
        found += [("code", row.code) for row in self.coded]
        found += [("variable", name) for name in self.labels]
        found += [("meeting", row.id) for row in corpus.meetings]
        for testimony in corpus.testimonies:
            found += [("source", testimony.id), ("case", testimony.id)]
        for row in self.coded:
            found += [("user", str(row.coder_id)), ("excerpt", str(row.excerpt_id))]
            found.append(("coding", str(row.coding_id)))
            if row.memo:
                found.append(("memo", str(row.excerpt_id)))
            if row.facets:
                found.append(("facets", str(row.coding_id)))
        return found


CODED = (
    Excerpt.id.label("excerpt_id"),
    Excerpt.number,
    Excerpt.testimony_id,
    Excerpt.text_version_id,
    Excerpt.start,
    Excerpt.end,
    Excerpt.quote,
    Excerpt.memo,
    Coding.id.label("coding_id"),
    Coding.code,
    Coding.coder_id,
    Coding.facets,
)


def taken(session: Session, actor: Actor, campaign: Campaign) -> Picture:
    """The campaign as it leaves; codings taken back or still blind stay here."""
    loaded = corpora.load(session, actor, campaign)
    current = set(loaded.text_versions.values())
    rows = session.execute(
        select(*CODED)
        .join(Coding, Coding.excerpt_id == Excerpt.id)
        .where(
            Excerpt.council_id == actor.council_id,
            Excerpt.campaign_id == campaign.id,
            Excerpt.state == "active",
            Coding.state == "validated",
        )
        .order_by(Excerpt.number, Coding.created_at, Coding.code, Coding.id)
    )
    labels, values, withheld = _variables(session, actor, campaign, loaded)
    return Picture(
        title=campaign.title,
        loaded=loaded,
        coded=tuple(row for row in rows if row.text_version_id in current),
        labels=labels,
        values=values,
        withheld=withheld,
    )


def _variables(
    session: Session, actor: Actor, campaign: Campaign, loaded: corpora.Loaded
) -> tuple[dict[str, str], dict[str, dict[str, str]], tuple[str, ...]]:
    corpus = loaded.corpus
    places = {row.code: row.name for row in campaign.neighbourhoods}
    methods = {row.id: row.method for row in corpus.meetings}
    labels = {CITABLE: "Citable", "quartier": "Quartier", "methode": "Méthode de recueil"}
    told: dict[str, dict[str, str]] = {name: {} for name in labels}
    asked = crossings.labels(session, actor, campaign)
    for row in corpus.testimonies:
        told[CITABLE][row.id] = CITABLE_WORDS[row.citable]
        told["quartier"][row.id] = places.get(row.neighbourhood, row.neighbourhood)
        told["methode"][row.id] = methods[row.meeting]
        for question, value in row.profile.items():
            title, options = asked.get(question, (question, {}))
            name = f"profil:{question}"[:120]
            labels[name] = title
            told.setdefault(name, {})[row.id] = options.get(value, value)
    values = {CITABLE: told[CITABLE]} | {
        name: enough(held, len(corpus.testimonies), campaign.threshold_outside)
        for name, held in told.items()
        if name != CITABLE
    }
    withheld = tuple(labels[name] for name, held in values.items() if len(held) < len(told[name]))
    return labels, values, withheld


def enough(held: Mapping[str, str], everybody: int, threshold: int) -> dict[str, str]:
    """The values that at least ``threshold`` testimonies share.

    Those left without a value must be as many too, or none: else they would be told by what
    they are not.
    """
    counts = Counter(held.values())
    kept = {value: times for value, times in counts.items() if times >= threshold}
    while kept and 0 < everybody - sum(kept.values()) < threshold:
        del kept[min(kept, key=lambda value: (kept[value], value))]
    return {key: value for key, value in held.items() if value in kept}
