"""The templates of a theme, for books and web pages alike."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def environment_of(folder: Path, filters: Mapping[str, Callable[..., Any]]) -> Environment:
    """Jinja2 with escaping on for every template, and errors for names that do not exist."""
    environment = Environment(
        loader=FileSystemLoader(folder / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters)
    return environment
