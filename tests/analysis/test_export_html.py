from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from analysis.codebook import load
from analysis.document import Synthesis
from analysis.export import html, write
from analysis.glyphs import clean
from analysis.pictures import word_cloud
from analysis.synthesis import draft
from tests.analysis import export_readers as read
from tests.analysis.export_readers import QUOTATIONS
from tests.analysis.synthesis_cases import HOSTILE, said_by, words

CODEBOOK = load()
SPOKEN = words(*[(f"mot{rank}", 40 - rank, 30 - rank) for rank in range(12)])
SAID = ((0, "LOG1", "positive", "ressource"), (1, "LOG1", "négative", "proposition"))
PAIR = re.compile(r"--(\w+): (#[0-9a-f]{6})")


def full(*spoken: str) -> Synthesis:
    corpus = said_by(*SAID, texts=spoken, fictitious=True)
    return draft(corpus, CODEBOOK, words=SPOKEN, cloud=word_cloud(SPOKEN))


def page(synthesis: Synthesis, folder: Path) -> tuple[str, read.Page]:
    path = folder / "synthese.html"
    write(synthesis, "html", path)
    text = path.read_text(encoding="utf-8")
    return text, read.Page(text)


def attributes(found: read.Page, tag: str) -> list[dict[str, str | None]]:
    return [values for name, values, _ in found.elements if name == tag]


def test_it_needs_nothing_from_outside(tmp_path: Path) -> None:
    text, found = page(full(HOSTILE), tmp_path)
    assert not {name for name, _, _ in found.elements} & {"script", "link", "iframe", "form"}
    for _, values, _ in found.elements:
        assert not [name for name in values if name.startswith("on") or name == "style"]
        assert str(values.get("src", "data:image/png;base64,")).startswith("data:image/png;base64,")
        assert str(values.get("href", "#")).startswith("#")
    assert "url(" not in html.style()[0]
    assert "@import" not in html.style()[0]
    policy = next(v["content"] for v in attributes(found, "meta") if v.get("http-equiv"))
    (sheet,) = found.texts("style")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_it_is_french_and_has_a_structure(tmp_path: Path) -> None:
    _, found = page(full(), tmp_path)
    assert attributes(found, "html") == [{"lang": "fr"}]
    assert found.texts("h1") == found.texts("title") == ["Synthèse\u00a0: Vivre ici"]
    levels = [int(name[1]) for name, _, _ in found.elements if re.fullmatch("h[1-6]", name)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    anchors = [values["id"] for _, values, _ in found.elements if values.get("id")]
    assert len(anchors) == len(set(anchors))
    links = [str(values["href"])[1:] for values in attributes(found, "a")]
    assert set(links) <= set(anchors)
    assert "constat-1" in links
    images = attributes(found, "img")
    assert "Nuage de 12 mots" in str(images[1]["alt"])
    assert all(values.get("scope") == "col" for values in attributes(found, "th"))


def test_every_finding_opens_all_its_excerpts(tmp_path: Path) -> None:
    corpus = said_by(*SAID, (2, "LOG2", "", ""), citable=("yes", "yes", "no"))
    _, found = page(draft(corpus, CODEBOOK), tmp_path)
    (opened,) = found.texts("details")
    assert opened.lstrip().startswith("À l'appui\u00a0: 3 extraits, 6 personnes.")
    assert re.findall(r"É-\d+", opened) == ["É-0001", "É-0002", "É-0003"]
    assert "[extrait non citable\u00a0: É-0003, témoignage 3, Marché]" in opened
    assert "Q01 v1, codeur A]" in opened


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    text, found = page(full(HOSTILE, "</style></bdi><img src=x onerror=alert(1)>"), tmp_path)
    assert "<script" not in text
    assert len(attributes(found, "img")) == 2
    assert clean(HOSTILE) in found.texts("bdi")
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", text)


def contrast(one: str, other: str) -> float:
    """The ratio that WCAG defines, from 1 to 21."""

    def light(colour: str) -> float:
        parts = [int(colour[rank : rank + 2], 16) / 255 for rank in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_seven_to_one_in_every_scheme() -> None:
    schemes = [dict(PAIR.findall(part)) for part in html.style()[0].split(":root")[1:]]
    assert len(schemes) == 3
    for scheme in schemes:
        for ink in ("ink", "muted", "brand", "alarm"):
            for ground in ("paper", "surface"):
                assert contrast(scheme[ink], scheme[ground]) >= 7, (ink, scheme)
        assert contrast(scheme["line"], scheme["paper"]) >= 3


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(QUOTATIONS)
def test_any_quotation_survives(tmp_path: Path, spoken: tuple[str, str]) -> None:
    corpus = said_by(*SAID, texts=spoken)
    _, found = page(draft(corpus, CODEBOOK), tmp_path)
    said = found.texts("bdi")
    assert all(clean(text) in said for text in spoken)
    assert found.texts("h1") == ["Synthèse\u00a0: Vivre ici"]
