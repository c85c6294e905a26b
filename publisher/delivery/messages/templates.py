"""The words and the look of letters: text by Jinja2, HTML by MJML, both from one folder."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from pathlib import Path

import mrml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from publisher.delivery.letter import Letter
from publisher.delivery.messages.facts import facts_of
from publisher.delivery.messages.words import one_line
from publisher.rendering.filters import FILTERS

REDUNDANT = ("word-break:break-word;", "text-align:left;")
"""Rules that MJML writes at every cell, and that a cell has from the layout's body and `align`."""

WIDTH = 72
"""Columns of the text part."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a letter says: its subject, and its body twice."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Templates:
    """The templates in `folder`: for each kind of letter KIND.txt and KIND.mjml.

    The first line of the text is the subject.
    """

    folder: Path

    @cached_property
    def environment(self) -> Environment:
        """Jinja2 with escaping in markup, and errors for names that do not exist."""
        environment = Environment(
            loader=FileSystemLoader(self.folder),
            autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.filters.update({**FILTERS, "size": size})
        return environment

    def render(self, letter: Letter, sender: str, imprint: str) -> Rendered:
        """The letter from `sender`. Raises `ValueError` when its facts do not fit its kind."""
        said = {
            **_facts(letter),
            "name": one_line(letter.name) if letter.name else None,
            "link": letter.link,
            "unsubscribe": letter.unsubscribe,
            "list": one_line(letter.list_title or sender),
            "sender": sender,
            "imprint": imprint,
            "attached": len(letter.attachments),
        }
        subject, _, text = self._render(f"{letter.kind}.txt", said).partition("\n")
        markup = self._render(f"{letter.kind}.mjml", {**said, "subject": subject})
        return Rendered(one_line(subject), _wrapped(text), _html(markup))

    def _render(self, template: str, said: Mapping[str, object]) -> str:
        return self.environment.get_template(template).render(said)


def size(octets: int) -> str:
    """A size as people read it: 1.2 MB, 380 kB."""
    if octets >= 1_000_000:  # noqa: PLR2004
        return f"{octets / 1_000_000:.1f} MB"
    return f"{max(1, round(octets / 1000))} kB"


def _facts(letter: Letter) -> dict[str, object]:
    facts = facts_of(letter.kind, letter.facts)
    return {name: getattr(facts, name) for name in type(facts).model_fields}


def _html(markup: str) -> str:
    """The HTML of MJML. Raises `ValueError` when a template is none."""
    try:
        made = mrml.to_html(markup)
    except OSError as error:
        raise ValueError(f"a template is no MJML: {error}") from error
    if made.warnings:
        raise ValueError(f"a template is no MJML: {made.warnings[0].kind}")
    return reduce(lambda html, rule: html.replace(rule, ""), REDUNDANT, made.content)


def _wrapped(text: str) -> str:
    """The text in lines that fit; addresses of the web stay whole."""
    lines = (
        textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
        for line in text.strip().split("\n")
    )
    return "\n".join(part for wrapped in lines for part in wrapped) + "\n"
