"""Small XML files from outside, read without trusting them: no DTD, no entity, bounded depth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from analysis.codebook import CodebookError

MAX_BYTES = 1_000_000
DEEPEST = 12
MOST = 5_000
SPACE = "urn:QDA-XML:codebook:1.0"


@dataclass(slots=True)
class Node:
    """An element: its name without its namespace, its line in the file, what it holds."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def named(self, name: str) -> list[Node]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]

    @property
    def guid(self) -> str:
        return self.attributes.get("guid", "").strip("{} ").lower()

    @property
    def label(self) -> str:
        return " ".join(self.attributes.get("name", "").split())

    @property
    def description(self) -> str:
        return "\n".join(child.text.strip() for child in self.named("Description"))


def parse(data: bytes, root: str) -> Node:
    """The tree of a small XML file; ``CodebookError`` with the line of what is refused."""
    if len(data) > MAX_BYTES:
        raise CodebookError("le fichier dépasse 1 Mo. Une grille est bien plus courte.")
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except CodebookError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 1)
        raise CodebookError(f"ligne {line} : la mise en forme XML est fautive.") from error
    found = reader.top.children[0]
    if found.name != root:
        raise CodebookError(
            f"ce fichier contient « {found.name} », pas « {root} ». "
            "Exportez la grille seule, au format .qdc."
        )
    return found


class _Reader:
    """Builds the tree, and stops at the first thing that a grid has no use for."""

    def __init__(self) -> None:
        self.top = Node("", 0)
        self.open = [self.top]
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refused
        self.parser.EntityDeclHandler = self._refused
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _refused(self, *_: Any) -> None:
        raise self._error("une déclaration (DTD, entité) est refusée, par sécurité")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) > DEEPEST:
            raise self._error(f"les codes sont emboîtés sur plus de {DEEPEST} niveaux")
        if self.count > MOST:
            raise self._error(f"le fichier a plus de {MOST} éléments")
        space, _, bare = name.rpartition("}")
        node = Node(bare if space == SPACE else name, self.parser.CurrentLineNumber, attributes)
        self.open[-1].children.append(node)
        self.open.append(node)

    def _end(self, name: str) -> None:
        node = self.open.pop()
        if node.name in {"Code", "Set"} and not node.label:
            raise CodebookError(f"ligne {node.line} : un code ou un ensemble n’a pas de nom.")

    def _text(self, text: str) -> None:
        self.open[-1].text += text

    def _error(self, what: str) -> CodebookError:
        return CodebookError(f"ligne {self.parser.CurrentLineNumber} : {what}.")
