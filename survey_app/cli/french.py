"""Click's own words in French: headings of the help, mistakes in a command."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click
from flask.cli import FlaskGroup

HEADINGS = {"Commands": "Commandes", "Positional arguments": "Arguments"}
HELP = "Affiche cette aide."
EXTRA = re.compile(r"\[[^][]*\]$")  # what click adds after the help of an option


class Formatter(click.HelpFormatter):
    """Help pages with French headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        words = args.replace("COMMAND [ARGS]...", "COMMANDE …")
        super().write_usage(prog, words, prefix or "Usage : ")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{HEADINGS.get(heading, heading)} :\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], *sizes: int, **more: int) -> None:
        said = [(term, EXTRA.sub(lambda found: _extra(found[0]), words)) for term, words in rows]
        super().write_dl(said, *sizes, **more)


def _extra(words: str) -> str:
    return words.replace("default: ", "par défaut : ").replace("required", "obligatoire")


class Context(click.Context):
    formatter_class = Formatter


class _French(click.Command):
    context_class = Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = HELP
        return option


class Command(_French):
    """A command whose help is in French."""


class Group(_French, FlaskGroup):
    """Flask's group of commands, in French, without the options that choose another application."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            add_default_commands=False,
            add_version_option=False,
            load_dotenv=False,
            set_debug_flag=False,
            **settings,
        )
        self.params = []

    # Flask would load the whole application to look for more commands: there are none.
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.commands)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return self.commands.get(name)


def told(error: click.ClickException) -> str:
    """A mistake in a command, as a French sentence with what to do."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "paroles"
    return f"{_mistake(error)} Rien n’a été fait. Voyez « {path} --help »."


def _mistake(error: click.ClickException) -> str:
    if isinstance(error, click.MissingParameter):
        return f"Il manque {_named(error.param)}."
    if isinstance(error, click.NoSuchOption):
        return f"L’option « {error.option_name} » n’existe pas.{_close(error.possibilities)}"
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"La commande « {error.command_name} » n’existe pas.{_close(error.possibilities)}"
    if isinstance(error, click.BadParameter):
        return f"La valeur donnée pour {_named(error.param)} ne convient pas."
    if isinstance(error, click.BadOptionUsage):
        return f"L’option « {error.option_name} » attend une valeur."
    return "Cette commande n’est pas écrite comme attendu."


def _named(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "une valeur"
    if isinstance(parameter, click.Option):
        return f"l’option « {parameter.opts[0]} »"
    return f"« {parameter.metavar or parameter.name} »"


def _close(possibilities: Any) -> str:
    names = ", ".join(f"« {name} »" for name in possibilities or ())
    return f" Vouliez-vous dire {names} ?" if names else ""
