"""Tells somebody what is being done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class Reporter(Protocol):
    """Receives what a build does, as it does it."""

    def step(self, text: str) -> None:
        """A stage of the work begins."""

    def progress(self, done: int, total: int, what: str) -> None:
        """`done` of `total` things of a stage are finished."""


@dataclass(frozen=True)
class Silent:
    """A reporter that tells nobody."""

    def step(self, text: str) -> None:
        """Tell nobody."""

    def progress(self, done: int, total: int, what: str) -> None:
        """Tell nobody."""


@dataclass
class Buffer:
    """A reporter that remembers, for tests."""

    lines: list[str] = field(default_factory=list)

    def step(self, text: str) -> None:
        """Remember a stage."""
        self.lines.append(text)

    def progress(self, done: int, total: int, what: str) -> None:
        """Remember a count."""
        self.lines.append(f"{done}/{total} {what}")


@dataclass(frozen=True)
class Lines:
    """A reporter that prints a line a stage, for logs and pipes."""

    write: Callable[[str], None]

    def step(self, text: str) -> None:
        """Print a stage."""
        self.write(text)

    def progress(self, done: int, total: int, what: str) -> None:
        """Print the last count of a stage only."""
        if done == total:
            self.write(f"  {total} {what}")
