"""Texts that a tired person reads after work: no sentence too long, no text too hard."""

from collections.abc import Iterator

from publisher.records.checks.passage import Passage, place_at
from publisher.records.checks.sentences import Sentence, is_closed, reading_of, sentences
from publisher.records.diagnostics import Diagnostic
from publisher.records.entries import Entry
from publisher.records.models.career import Career
from publisher.records.models.library import Glossary, Resources, Sources
from publisher.records.types import Record

LONGEST = 45
"""Words of a sentence."""

LONGEST_MEAN = 22
"""Words a sentence, on the average of a text."""

LEAST_EASE = 67
"""Flesch reading ease of running text.

Of the 108 longer texts that stood when this was drawn, the 6 hardest to read lay below it and
were rewritten; the middle one had 73.
"""

LEAST_EASE_OF_ENTRIES = 58
"""The same for what is looked up: two lines that define a term have to use terms.

Of five such texts, the glossary (53) and the resources (54) lay below it.
"""

LOOKED_UP = frozenset({Career, Glossary, Resources, Sources})
"""Records whose values (a career's tools, aims and neighbours) are such entries."""

FEWEST = 200
"""Words from which on a mean says something."""

READ = frozenset({"paragraph", "item", "value", "question"})
"""The forms of running text; headings and tables are looked at."""

SHOWN = 3
"""So many sentences to begin with are named."""


def texts_are_easy(entry: Entry[Record], passages: list[Passage]) -> Iterator[Diagnostic]:
    """Findings about sentences, about the body and about the values of a record together."""
    values: list[Sentence] = []
    body: list[Sentence] = []
    for passage in passages:
        if passage.form in READ:
            found = [*sentences(passage.text, passage.start)]
            yield from _long(entry, found)
            # A phrase without a full stop would make the sentences beside it look short.
            if is_closed(passage.text):
                (values if passage.form in ("value", "question") else body).extend(found)
    yield from _hard(entry, body, LEAST_EASE)
    least = LEAST_EASE_OF_ENTRIES if entry.model in LOOKED_UP else LEAST_EASE
    yield from _hard(entry, values, least)


def _long(entry: Entry[Record], found: list[Sentence]) -> Iterator[Diagnostic]:
    for sentence in found:
        if len(sentence.words) > LONGEST:
            text = f"a sentence of {len(sentence.words)} words; {LONGEST} are the most"
            yield entry.finding_at(place_at(entry.document, sentence.start), "R506", text)


def _hard(entry: Entry[Record], found: list[Sentence], least: int) -> Iterator[Diagnostic]:
    reading = reading_of(found)
    if reading.words < FEWEST:
        return
    place = place_at(entry.document, found[0].start)
    if reading.length > LONGEST_MEAN:
        text = f"{reading.length:.1f} words a sentence on average; {LONGEST_MEAN} are the most"
        yield entry.finding_at(place, "R507", text, f"shorten some; {_longest(entry, found)}")
    if reading.ease < least:
        text = f"a reading ease of {reading.ease:.1f}; {least} is the least"
        hint = f"use shorter words and sentences; {_longest(entry, found)}"
        yield entry.finding_at(place, "R507", text, hint)


def _longest(entry: Entry[Record], found: list[Sentence]) -> str:
    worst = sorted(found, key=lambda sentence: len(sentence.words), reverse=True)[:SHOWN]
    lines = sorted({place_at(entry.document, sentence.start)[0] for sentence in worst})
    return f"the longest stand in line {', '.join(map(str, lines))}"
