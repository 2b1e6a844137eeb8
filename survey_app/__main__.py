"""The entry of `paroles`: the command line is handed the application it runs."""

from __future__ import annotations

from typing import NoReturn

from survey_app import cli, create_app


def main() -> NoReturn:
    """What the console script calls."""
    cli.run(create_app)


if __name__ == "__main__":
    main()
