"""Codes for names that come from other tools: « Logement » becomes LOG, then LOG1, LOG2…"""

from __future__ import annotations

import re

from analysis.codebook import CodebookError, fold
from analysis.qdc_xml import Node
from analysis.wording import count

_OURS = re.compile(r"([A-Z]{2,6}[0-9]{0,2})(?= )")
_LETTERS = re.compile(r"[^A-Z]")


class Namer:
    """Gives each code of a file a name of our kind, once; ``told`` says which were made up."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.reserved: dict[str, Node] = {}
        self.made = 0

    @property
    def told(self) -> list[str]:
        if not self.made:
            return []
        names = count(self.made, "code n’avait", "codes n’avaient")
        return [f"{names} pas de sigle : il vient du nom, ou du thème suivi d’un numéro."]

    def known(self, node: Node) -> str:
        """The code that begins the name, when it is one of ours."""
        found = _OURS.match(node.attributes.get("name", "").strip() + " ")
        return found[1] if found else ""

    def reserve(self, node: Node) -> None:
        """Keep the codes that a file names itself, so that none is made up twice."""
        code = self.known(node)
        if code:
            self.reserved.setdefault(code, node)
        for child in node.named("Code"):
            self.reserve(child)

    def name(self, node: Node, theme: str = "") -> str:
        """The code of an element: its own, or one made from its name or its theme."""
        own = self.known(node)
        if own and self.reserved.get(own) is node:
            self.taken.add(own)
            return own
        self.made += 1
        for code in self._candidates(node, theme):
            if code not in self.taken and code not in self.reserved:
                self.taken.add(code)
                return code
        raise CodebookError(f"ligne {node.line} : trop de codes sous un même thème (99 au plus).")

    def _candidates(self, node: Node, theme: str) -> list[str]:
        if theme:
            letters = theme.rstrip("0123456789")
            return [f"{letters}{number}" for number in range(1, 100)]
        letters = _LETTERS.sub("", fold(node.label).upper()) or "THEME"
        letters = letters if len(letters) > 1 else f"{letters}X"
        stems = [letters[:size] for size in range(3, 7)]
        numbered = [f"{stem}{number}" for stem in stems for number in range(1, 100)]
        return [*stems, *numbered]
