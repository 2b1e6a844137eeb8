from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings

from analysis import export
from analysis.codebook import load
from analysis.corpus import Corpus
from analysis.document import Synthesis
from analysis.pictures import word_cloud
from analysis.synthesis import draft, fingerprint
from tests.analysis.strategies import corpora
from tests.analysis.synthesis_cases import HOSTILE, said_by, words

CODEBOOK = load()
SPOKEN = words(*[(f"mot{rank}", 40 - rank, 30 - rank) for rank in range(12)])
SAID = ((0, "LOG1", "positive", "ressource"), (1, "LOG1", "négative", "proposition"))
TEXTS = (HOSTILE, "Il faudrait un banc ; vraiment ?\nEt de l'ombre : vite !")


def full(**options: Any) -> Synthesis:
    corpus = said_by(*SAID, texts=TEXTS, **options)
    return draft(corpus, CODEBOOK, words=SPOKEN, cloud=word_cloud(SPOKEN))


def written(synthesis: Synthesis, kind: str, folder: Path) -> Path:
    path = folder / f"synthese.{kind}"
    export.write(synthesis, kind, path)
    assert [item.name for item in folder.iterdir()] == [path.name]
    return path


def docx_text(path: Path) -> str:
    document = Document(str(path))
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def pdf_text(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_json_holds_exact_citable_quotations(tmp_path: Path) -> None:
    corpus = said_by(*SAID, texts=TEXTS)
    synthesis = draft(corpus, CODEBOOK)
    data = json.loads(written(synthesis, "json", tmp_path).read_text(encoding="utf-8"))
    (finding,) = data["findings"]
    assert (finding["theme"], finding["nature"]) == ("LOG", "divergence")
    assert finding["counts"] == {"testimonies": 2, "meetings": 2, "people": 3}
    assert len(finding["excerpts"]) == 2
    for item in finding["excerpts"]:
        text = corpus.testimony_by_id[item["testimony"]].text
        assert text[item["start"] : item["end"]] == item["quote"]
    assert data["fingerprint"] == fingerprint(synthesis)
    assert (data["draft"], data["codebook_version"]) == (True, "1.0.0")
    assert data["representativeness"].startswith("Cette synthèse repose sur 4 témoignages")
    assert [row["excerpt"] for row in data["traceability"]] == ["É-0001", "É-0002"]


@pytest.mark.parametrize("kind", ["json", "docx", "pdf"])
def test_no_format_prints_words_without_consent(kind: str, tmp_path: Path) -> None:
    secret = "Zanzibar est mon secret, ne le dites pas."
    corpus = said_by(
        *SAID, texts=(secret, "Des paroles que chacun peut lire."), citable=("no", "yes")
    )
    path = written(draft(corpus, CODEBOOK), kind, tmp_path)
    read = {"json": lambda: path.read_text("utf-8"), "docx": lambda: docx_text(path)}
    text = read.get(kind, lambda: pdf_text(path))()
    assert "Zanzibar" not in text
    assert "Des paroles que chacun peut lire." in " ".join(text.split())
    if kind == "json":
        assert json.loads(text)["traceability"][0]["citable"] is False
    else:
        assert "extrait non citable" in " ".join(text.split())


def test_docx_is_french_structured_and_described(tmp_path: Path) -> None:
    path = written(full(fictitious=True), "docx", tmp_path)
    document = Document(str(path))
    assert document.core_properties.language == "fr-FR"
    assert document.core_properties.title == "Synthèse\u00a0: Vivre ici"
    assert document.core_properties.author == "Conseil citoyen"
    languages = {item.get(qn("w:val")) for item in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"fr-FR"}
    levels = [item.style.name for item in document.paragraphs if item.style.name.startswith("Head")]
    assert levels[0] == "Heading 1"
    assert {"Heading 2", "Heading 3"} <= set(levels)
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    described = [item.get("descr") for item in document.element.body.iter(qn("wp:docPr"))]
    assert len(described) == 2
    assert "Nuage de 12 mots" in described[1]
    header = document.sections[0].header.paragraphs[0].text
    assert header == "BROUILLON - Démonstration\u00a0: témoignages inventés"
    footer = document.sections[0].footer._element
    assert [item.get(qn("w:instr")) for item in footer.iter(qn("w:fldSimple"))] == [
        "PAGE",
        "NUMPAGES",
    ]
    first_page = [item.text for item in document.paragraphs[:3]]
    assert "Démonstration\u00a0: témoignages inventés" in first_page


def test_docx_keeps_quotations_as_they_were_said(tmp_path: Path) -> None:
    document = Document(str(written(full(), "docx", tmp_path)))
    said = "\n".join(item.text for item in document.paragraphs)
    assert "«\u00a0Il faudrait un banc ; vraiment ?\nEt de l'ombre : vite !\u00a0» [É-0002" in said
    assert "<script>alert('x')</script> &amp;" in said
    assert "👍🏽" in said


def test_pdf_is_tagged_french_and_complete(tmp_path: Path) -> None:
    path = written(full(fictitious=True), "pdf", tmp_path)
    reader = pypdf.PdfReader(path)
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("fr")
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Synthèse\u00a0: Vivre ici"
    assert len(reader.outline) > 5
    text = pdf_text(path)
    first = reader.pages[0].extract_text()
    assert "BROUILLON" in first
    assert "témoignages inventés" in first
    flat = " ".join(text.split())
    assert "Il faudrait un banc ; vraiment ?" in flat
    assert '#read("/etc/passwd") *gras* $x$' in flat
    assert "ne sait pas dessiner" in flat
    assert "root:" not in flat


def test_signed_documents_do_not_say_draft(tmp_path: Path) -> None:
    synthesis = draft(said_by(*SAID), CODEBOOK, status="publiée")
    assert "BROUILLON" not in pdf_text(written(synthesis, "pdf", tmp_path))
    docx = tmp_path / "autre.docx"
    export.write(synthesis, "docx", docx)
    with zipfile.ZipFile(docx) as package:
        assert not [name for name in package.namelist() if b"BROUILLON" in package.read(name)]


def test_uncoded_document_says_that_nothing_was_coded(tmp_path: Path) -> None:
    corpus = replace(said_by(*SAID), codings=(), excerpts=())
    synthesis = draft(corpus, CODEBOOK, words=SPOKEN, cloud=word_cloud(SPOKEN))
    flat = " ".join(pdf_text(written(synthesis, "pdf", tmp_path)).split())
    assert "Aucun extrait n'a encore été codé" in flat
    assert "mot0 40 30" in flat


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(corpora(coded=True))
def test_any_text_can_be_written(tmp_path: Path, corpus: Corpus) -> None:
    synthesis = draft(corpus, CODEBOOK)
    for kind in export.WRITERS:
        export.write(synthesis, kind, tmp_path / f"synthese.{kind}")
    Document(io.BytesIO((tmp_path / "synthese.docx").read_bytes()))
    assert len(pypdf.PdfReader(tmp_path / "synthese.pdf").pages) >= 3
    data = json.loads((tmp_path / "synthese.json").read_text(encoding="utf-8"))
    for finding in data["findings"]:
        for item in finding["excerpts"]:
            testimony = corpus.testimony_by_id[item["testimony"]]
            assert testimony.text[item["start"] : item["end"]] == item["quote"]
            assert testimony.may_quote(item["quote"])


def test_failure_leaves_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "synthese.pdf"
    path.write_text("ancienne version")
    synthesis = full()
    broken = replace(synthesis, pictures=(replace(synthesis.pictures[0], png=b"rien"),))
    with pytest.raises(Exception, match="image"):
        export.write(broken, "pdf", path)
    assert [item.name for item in tmp_path.iterdir()] == ["synthese.pdf"]
    assert path.read_text() == "ancienne version"


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    known = r"Formats possibles : csv, docx, html, json, odt, pdf, xlsx\."
    with pytest.raises(export.UnknownFormatError, match=known):
        export.write(full(), "wmf", tmp_path / "x.wmf")
    assert list(tmp_path.iterdir()) == []
