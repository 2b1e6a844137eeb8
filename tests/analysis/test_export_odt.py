from __future__ import annotations

import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from odfdo import Document

from analysis.codebook import load
from analysis.document import Synthesis
from analysis.export import write
from analysis.glyphs import clean
from analysis.pictures import word_cloud
from analysis.synthesis import draft
from tests.analysis.export_readers import QUOTATIONS
from tests.analysis.synthesis_cases import said_by, words

CODEBOOK = load()
SPOKEN = words(*[(f"mot{rank}", 40 - rank, 30 - rank) for rank in range(12)])
SAID = ((0, "LOG1", "positive", "ressource"), (1, "LOG1", "négative", "proposition"))


def written(synthesis: Synthesis, folder: Path) -> Path:
    path = folder / "synthese.odt"
    write(synthesis, "odt", path)
    return path


def full(*spoken: str) -> Synthesis:
    corpus = said_by(*SAID, texts=spoken, fictitious=True)
    return draft(corpus, CODEBOOK, words=SPOKEN, cloud=word_cloud(SPOKEN))


def quoted(document: Document) -> list[str]:
    return [
        item.inner_text for item in document.body.get_paragraphs() if item.style == "Quotations"
    ]


def test_it_is_french_and_bears_its_title(tmp_path: Path) -> None:
    document = Document(str(written(full(), tmp_path)))
    assert document.language == "fr-FR"
    assert document.meta.language == "fr-FR"
    assert document.meta.title == "Synthèse\u00a0: Vivre ici"
    assert document.meta.creator == "Conseil citoyen"
    assert document.meta.subject == "Qu'est-ce qui a changé\u202f?"
    assert str(document.meta.creation_date).startswith("2024-04-02 10:30:15")


def test_headings_lists_and_quotations_have_their_styles(tmp_path: Path) -> None:
    document = Document(str(written(full("Un banc."), tmp_path)))
    styles = {item.get_attribute("text:style-name") for item in document.body.headers}
    assert styles == {"Heading_20_1", "Heading_20_1_page", "Heading_20_2", "Heading_20_3"}
    levels = {item.get_attribute("text:outline-level") for item in document.body.headers}
    assert levels == {"1", "2", "3"}
    assert {item.style for item in document.body.get_lists()} == {"Bullets"}
    assert "«\u00a0Un banc.\u00a0» [É-0001, témoignage 1, Marché]" in quoted(document)
    for paragraph in document.body.get_paragraphs():
        assert document.get_style("paragraph", paragraph.style) is not None, paragraph.style


def test_tables_repeat_their_head_and_pictures_are_described(tmp_path: Path) -> None:
    path = written(full(), tmp_path)
    body = Document(str(path)).body
    tables = body.get_tables()
    assert len(tables) == len(body.get_elements("//table:table-header-rows")) >= 5
    assert len({table.name for table in tables}) == len(tables)
    alternatives = [item.inner_text for item in body.get_elements("//svg:desc")]
    assert len(alternatives) == 2
    assert alternatives[1].startswith("Nuage de 12 mots.")
    with zipfile.ZipFile(path) as package:
        assert package.namelist()[0] == "mimetype"
        assert package.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        manifest = package.read("META-INF/manifest.xml").decode()
        for image in body.get_elements("//draw:image"):
            place = str(image.get_attribute("xlink:href"))
            assert package.read(place).startswith(b"\x89PNG")
            assert place in manifest


def test_margins_say_draft_and_number_the_pages(tmp_path: Path) -> None:
    styles = Document(str(written(full(), tmp_path))).styles
    (header,) = styles.get_elements("//style:header")
    assert header.inner_text.strip() == "BROUILLON - Démonstration\u00a0: témoignages inventés"
    (footer,) = styles.get_elements("//style:footer")
    assert footer.inner_text.strip() == "Page 1 sur 1"
    assert len(footer.get_elements(".//text:page-count")) == 1
    signed = draft(said_by(*SAID), CODEBOOK, status="publiée")
    (header,) = Document(str(written(signed, tmp_path))).styles.get_elements("//style:header")
    assert header.inner_text.strip() == ""


def test_the_contents_lead_to_every_section(tmp_path: Path) -> None:
    body = Document(str(written(full(), tmp_path))).body
    listed = [
        (item.inner_text, str(item.get_attribute("xlink:href")))
        for item in body.get_elements("//text:table-of-content//text:a")
    ]
    sections = [item for item in body.headers if item.get_attribute("text:outline-level") == "1"]
    assert listed == [
        (item.inner_text, f"#{item.get_elements('text:bookmark')[0].get_attribute('text:name')}")
        for item in sections
    ]


def test_without_pictures_or_findings_it_still_opens(tmp_path: Path) -> None:
    document = Document(str(written(draft(said_by(), CODEBOOK), tmp_path)))
    said = [item.inner_text for item in document.body.get_paragraphs()]
    assert "Aucun constat\u00a0: rien n'a été codé, ou aucun constat n'a été retenu." in said


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(QUOTATIONS)
def test_any_quotation_survives(tmp_path: Path, spoken: tuple[str, str]) -> None:
    path = written(draft(said_by(*SAID, texts=spoken), CODEBOOK), tmp_path)
    said = quoted(Document(str(path)))
    for text in spoken:
        assert any(item.startswith(f"«\u00a0{clean(text)}\u00a0» [É-") for item in said)
