"""Prints diagnostics, and turns exceptions into exit statuses."""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from publisher.records.diagnostics import DiagnosedError, Diagnostic

P = ParamSpec("P")
T = TypeVar("T")


def print_diagnostics(found: Iterable[Diagnostic], form: str = "text") -> None:
    """Write diagnostics to standard output as text, JSON or GitHub workflow commands."""
    found = list(found)
    if form == "json":
        click.echo(json.dumps([asdict(each) for each in found], indent=1, ensure_ascii=False))
        return
    for each in found:
        click.echo(_github(each) if form == "github" else str(each))


def _github(each: Diagnostic) -> str:
    text = f"{each.text}. {each.hint}" if each.hint else each.text
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    place = f"file={each.file},line={each.line or 1},col={each.column or 1}"
    return f"::error {place},title={each.code}::{text}"


def reports_failures(command: Callable[P, T]) -> Callable[P, T]:
    """A command that prints the diagnostics of a `DiagnosedError` and exits with status 1."""

    @wraps(command)
    def reporting(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except DiagnosedError as error:
            for each in error.diagnostics:
                click.echo(str(each), err=True)
            count = len(error.diagnostics)
            click.echo(f"{count} mistake{'' if count == 1 else 's'}; nothing was made", err=True)
            sys.exit(1)

    return reporting
