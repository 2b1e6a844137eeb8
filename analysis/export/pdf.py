"""The synthesis as a tagged PDF (PDF/UA-1), set by Typst from data that is never markup."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.document import Synthesis
from analysis.export.blocks import DRAFT, FICTITIOUS, Block, display
from analysis.export.outline import blocks, document_title
from analysis.glyphs import FONT, MISSING, drawable

TEMPLATE = Path(__file__).with_name("synthese.typ")
REPLACED = (
    f"Le signe {MISSING} remplace un caractère (un émoji, une autre écriture) que ce fichier PDF "
    "ne sait pas dessiner. Les autres fichiers le gardent."
)


def write(synthesis: Synthesis, path: Path) -> None:
    """The template reads ``synthese.json`` and the pictures in a folder made for one document."""
    import typst  # heavy: only when a file is written

    with tempfile.TemporaryDirectory(prefix="synthese-") as name:
        folder = Path(name)
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
        data = json.dumps(_data(synthesis), ensure_ascii=False)
        (folder / "synthese.json").write_text(data, encoding="utf-8")
        for rank, picture in enumerate(synthesis.pictures):
            (folder / f"picture-{rank}.png").write_bytes(picture.png)
        typst.compile(
            str(folder / TEMPLATE.name),
            output=str(path),
            root=str(folder),
            font_paths=[str(FONT.parent)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=_made_at(synthesis),
        )


def _made_at(synthesis: Synthesis) -> datetime:
    """The compiler takes whole seconds in a fixed time zone."""
    taken = synthesis.identity.taken_at
    made = datetime.fromisoformat(taken) if taken else datetime.now(UTC)
    return (
        (made if made.tzinfo else made.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    )


def _data(synthesis: Synthesis) -> dict[str, Any]:
    printed = [asdict(block) for block in blocks(synthesis)]
    drawn = _drawn(printed)
    if drawn != printed and MISSING in json.dumps(drawn, ensure_ascii=False):
        drawn.append(asdict(Block("text", display(REPLACED))))
    return {
        "title": drawable(document_title(synthesis)),
        "author": drawable(display(synthesis.identity.council)),
        "draft": DRAFT if synthesis.draft else "",
        "fictitious": display(FICTITIOUS) if synthesis.identity.fictitious else "",
        "blocks": drawn,
    }


def _drawn(value: Any) -> Any:
    """The same data, each text reduced to what the fonts can draw."""
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, dict):
        return {name: _drawn(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_drawn(part) for part in value)
    return value
