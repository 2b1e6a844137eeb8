"""What goes wrong with an answer or a questionnaire, said so that a person can act on it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right.

    ``code`` is for programs (stable, English); ``where`` names the question, section or file;
    ``message`` says what happened and ``remedy`` what to do, in plain French sentences.
    ``offered`` is a value that would be accepted instead, when one can be worked out.
    """

    code: str
    where: str
    message: str
    remedy: str
    offered: str | None = None

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class AnswerError(ValueError):
    """An answer cannot be read as its question's type; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class QuestionnaireError(ValueError):
    """A questionnaire cannot be read or used; ``problem`` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.where} : {problem}")
        self.problem = problem


def answer_problem(
    code: str, where: str, message: str, remedy: str, offered: str | None = None
) -> Problem:
    """A problem met while answering: the remedy first reassures, since nothing was lost."""
    return Problem(code, where, message, f"Rien n’est perdu. {remedy}", offered)
