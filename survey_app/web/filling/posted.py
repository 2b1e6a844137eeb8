"""What the browser sent for a page of answers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from flask import request, url_for

from questionnaires.model import Question
from survey_app.services.posting import Posted
from survey_app.web.filling.forms import SectionForm

FILE_SUFFIX = "__file"
"""Beside the field ``vue``, the field ``vue__file`` holds the bytes of its photo."""


def posted(form: SectionForm) -> Posted:
    """The page as it came back, photos read."""
    photos = {
        name.removesuffix(FILE_SUFFIX): sent.read()
        for name, sent in request.files.items()
        if name.endswith(FILE_SUFFIX) and sent.filename
    }
    return Posted(request.form.getlist, form.seen.data or "", form.shown.names, photos)


def photo_addresses(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, str]:
    """Where to see the photos that the answers to these questions name, by id."""
    found: dict[str, str] = {}
    for question in questions:
        name = answers.get(question.name)
        if question.type == "image" and isinstance(name, str) and name:
            # What is not an id is said under its question, and leads nowhere.
            with suppress(ValueError):
                found[name] = url_for("photos.photo", attachment_id=uuid.UUID(name))
    return found
