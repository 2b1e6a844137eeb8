"""`paroles`: Flask's command line with our application. Refusals are sentences, never traces."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import click
from flask import Flask

from analysis.corpus import CorpusError
from analysis.french import FrenchModelError
from survey_app.cli import (
    campaigns,
    exchanges,
    field,
    french,
    grids,
    installation,
    questionnaires,
    serving,
)
from survey_app.domain import DomainError
from survey_app.keys import DamagedKeyError
from survey_app.settings import SettingsError
from survey_app.sqlite import WrongKeyError

TOLD = (
    DomainError,
    CorpusError,
    FrenchModelError,
    DamagedKeyError,
    SettingsError,
    WrongKeyError,
)


group = french.Group(
    name="paroles",
    help="Paroles : recueillir, relire, coder et restituer la parole des habitants.",
)
for _module in (installation, campaigns, questionnaires, grids, exchanges, field, serving):
    for _command in _module.COMMANDS:
        group.add_command(_command)


def run(create_app: Callable[[], Flask], arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command; whatever it refuses is told on stderr, with exit status 1.

    ``arguments``: the words after `paroles`; those of the process when there are none.
    """
    group.create_app = create_app
    try:
        status = group.main(arguments, standalone_mode=False, prog_name="paroles")
    except TOLD as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(french.told(error), err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Arrêté à votre demande. Ce qui était enregistré l’est toujours.", err=True)
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)
