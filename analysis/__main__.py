"""``python -m analysis SUBCOMMAND``: what the analysis can do from a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

# Each in its own module, loaded only when asked for.
COMMANDS = {
    "classes": "analysis.commands_classes",
    "concordance": "analysis.commands_concordance",
    "correspondence": "analysis.commands_correspondence",
    "duplicates": "analysis.commands_duplicates",
    "keyness": "analysis.commands_keyness",
    "lexicon": "analysis.commands_lexicon",
    "mask": "analysis.commands_mask",
    "network": "analysis.commands_network",
    "suggest": "analysis.commands_suggest",
}


def main(argv: Sequence[str]) -> int:
    """Run the subcommand that comes first; 2 when there is none of that name."""
    if not argv or argv[0] not in COMMANDS:
        print(f"Commandes : {', '.join(sorted(COMMANDS))}.", file=sys.stderr)
        return 2
    command = import_module(COMMANDS[argv[0]])
    return int(command.main(argv[1:]))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
