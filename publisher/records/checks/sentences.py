"""Sentences of a text, and how easily they are read."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from publisher.records.checks.passage import STAND_IN
from publisher.records.checks.syllables import syllables

WORD = re.compile(rf"[^\W_]+(?:[.,'’-][^\W_]+)*|{STAND_IN}+")
END = re.compile(r"[.?!][^\w\s]{0,9}\s+(?=[^a-z\s])")
CLOSED = re.compile(r"[.?!:][^\w\s]{0,9}\Z")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What stands between two full stops, question marks or exclamation marks."""

    start: int
    """Its offset in its document."""
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text asks of its reader, counted."""

    sentences: int
    words: int
    syllables: int

    @property
    def length(self) -> float:
        """Words a sentence."""
        return self.words / max(1, self.sentences)

    @property
    def ease(self) -> float:
        """Flesch reading ease: 100 is very easy, 60 to 70 plain English, 30 hard.

        206.835 - 1.015 × words a sentence - 84.6 × syllables a word: R. Flesch, A new readability
        yardstick, Journal of Applied Psychology 32 (1948), 221-233. A figure, an abbreviation and
        a piece of code is a word of one syllable.
        """
        return 206.835 - 1.015 * self.length - 84.6 * self.syllables / max(1, self.words)


def sentences(text: str, start: int = 0) -> Iterator[Sentence]:
    """The sentences of a text that begins at the offset `start` of its document."""
    bounds = [0, *(end.end() for end in END.finditer(text)), len(text)]
    for begin, end in pairwise(bounds):
        if words := WORD.findall(text, begin, end):
            yield Sentence(start + begin, tuple(words))


def is_closed(text: str) -> bool:
    """True if a text ends as a sentence does, and not as a title or a phrase."""
    return bool(CLOSED.search(text.rstrip()))


def reading_of(found: Collection[Sentence]) -> Reading:
    """The counts of some sentences."""
    words = Counter(chain.from_iterable(sentence.words for sentence in found))
    spoken = sum(count * syllables(word) for word, count in words.items())
    return Reading(len(found), words.total(), spoken)
