"""What a check has found."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warning", "failed", "unknown"]
"""`unknown` is what could not be looked at; like a warning it does not fail the whole."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one check; `advice` says what to do, and is empty when all is well."""

    check: str
    status: Status
    text: str
    advice: str = ""

    def __str__(self) -> str:
        advice = f"\n    {self.advice}" if self.advice else ""
        return f"{self.status:8} {self.check}: {self.text}{advice}"


def ok(check: str, text: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", text)


def warning(check: str, text: str, advice: str) -> Finding:
    """Mail arrives, but something could be better."""
    return Finding(check, "warning", text, advice)


def failed(check: str, text: str, advice: str) -> Finding:
    """Mail is refused, or is not to be sent like this."""
    return Finding(check, "failed", text, advice)


def unknown(check: str, text: str, advice: str) -> Finding:
    """What could not be looked at, and how to let us."""
    return Finding(check, "unknown", text, advice)
