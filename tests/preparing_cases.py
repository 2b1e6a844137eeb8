"""A small campaign analysed without spaCy, with what prepares findings and compares answers."""

from __future__ import annotations

import re

import results_cases as cases
from analysis.corpus import Corpus
from analysis.french import Token
from analysis.lexicon import WordCount
from analysis.pictures import word_cloud
from survey_app.models import Run
from survey_app.runtime import Runtime
from survey_app.services import analyses, corpus, part_doubles, part_findings, run_parts

WORDS = [WordCount("ascenseur", 4, 3, ("ascenseur",)), WordCount("panne", 2, 2, ("=panne",))] + [
    WordCount(word, 2, 2, (word,)) for word in ("banc", "gardien")
]


def said_of(corpus: Corpus) -> dict[str, tuple[Token, ...]]:
    """The longer words of each testimony, as they are written."""
    return {
        one.id: tuple(
            Token(found.start(), found.end(), found[0].lower(), "NOUN")
            for found in re.finditer(r"\w{4,}", one.text)
        )
        for one in corpus.testimonies
    }


def given_of(loaded: corpus.Loaded, threshold: int = 5) -> run_parts.Given:
    said = said_of(loaded.corpus)
    return run_parts.Given(loaded.corpus, loaded.codebook, said, said, threshold, {})


def analysed(runtime: Runtime, house: cases.House) -> Run:
    """A run of the campaign with the two parts of these pages, stored as the job stores it."""
    actor = house.actors["coordinator"]
    with runtime.database.reading() as session:
        loaded = corpus.load(session, actor, house.campaign)
    given = given_of(loaded)
    parts = [*part_findings.made(given), *part_doubles.made(given)]
    figures = analyses._figures(loaded.corpus, loaded.codebook, WORDS)
    found = analyses.Results(figures, (word_cloud(WORDS),), (), parts)
    run_id = analyses._keep(runtime, actor, house.campaign.id, loaded.text_versions, found)
    with runtime.database.reading() as session:
        return session.get_one(Run, run_id)
