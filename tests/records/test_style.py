"""How texts read: what is counted, where the bounds lie, and what is no finding."""

from pathlib import Path

import pytest

from publisher.records.catalogue import load_catalogue
from publisher.records.checks.phrases import FILLERS, OF_THE_READER
from publisher.records.checks.sentences import Reading, reading_of, sentences
from publisher.records.checks.style import prose_reads_well
from publisher.records.checks.syllables import syllables
from publisher.records.diagnostics import Diagnostic
from publisher.records.loader import read_entries

EASY = "Go up the hill and look at the line from there."
HARD = "Hypothetical peculiarities necessitate considerable deliberation. "


def found_with(good: Path, text: str) -> list[Diagnostic]:
    """The findings once `text` is a paragraph of the good records."""
    module = good / "modules" / "measure-land.md"
    module.write_text(module.read_text("utf-8").replace("One paragraph.", text), "utf-8")
    return [*prose_reads_well(read_entries(good))]


def codes_with(good: Path, text: str) -> list[str]:
    return [each.code for each in found_with(good, text)]


# What is counted


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("I", 1), ("scale", 1), ("scales", 1), ("scaled", 1), ("queue", 1), ("strength", 1),
        ("table", 2), ("tables", 2), ("needed", 2), ("caches", 2), ("doubled", 2), ("index", 2),
        ("every", 2), ("being", 2), ("trying", 2), ("layer", 2), ("value", 2), ("query", 2),
        ("baseline", 2), ("something", 2), ("reading", 2), ("science", 2), ("create", 2),
        ("area", 3), ("measurement", 3), ("element", 3), ("serious", 3), ("gradient", 3),
        ("linear", 3), ("precision", 3), ("influence", 3), ("retrieval", 3), ("Vectorised", 3),
        ("algorithm", 4), ("mechanism", 4), ("operation", 4), ("material", 4), ("continuous", 4),
        ("evaluation", 5), ("probability", 5), ("similarity", 5), ("availability", 6),
        ("half-hour", 2), ("don't", 1), ("k-th", 2),
        ("HNSW", 1), ("SIMD", 1), ("1,000", 1), ("p95", 1), ("µs", 1), ("\ufffc\ufffc", 1),
    ],
)  # fmt: skip
def test_syllables_are_those_that_are_spoken(word: str, count: int) -> None:
    assert count == syllables(word)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", []),
        ("One two three.", [3]),
        ("One two. Three? Four five! Six", [2, 1, 2, 1]),
        ("Version 0.7.0 is out. It costs 1,000.50 a year.", [4, 5]),
        ("He said (in two words.) *That* was it.", [5, 3]),
        ("Two clauses; one sentence: always.", [5]),
        ("It ends.\nThen a line\nbreaks.", [2, 4]),
        ("Small letters after a stop. so it goes on", [9]),
        ("\ufffc\ufffc runs, as \ufffc does. \ufffc stops.", [5, 2]),
        ("–. — ?", []),
    ],
)
def test_sentences_end_at_a_stop_before_a_capital(text: str, counts: list[int]) -> None:
    assert counts == [len(sentence.words) for sentence in sentences(text)]


def test_sentence_knows_where_it_stands() -> None:
    assert [100, 109] == [each.start for each in sentences("It ends. *And* goes.", 100)]


def test_reading_ease_is_that_of_flesch() -> None:
    """206.835 - 1.015 × 20 / 2 - 84.6 × 30 / 20."""
    assert pytest.approx(69.785) == Reading(sentences=2, words=20, syllables=30).ease


def test_reading_counts_every_sentence() -> None:
    found = [*sentences("Go on. Make a table of eleven values.")]
    assert Reading(sentences=2, words=8, syllables=12) == reading_of(found)


# Where the bounds lie


@pytest.mark.parametrize(("words", "codes"), [(45, []), (46, ["R506"])])
def test_sentence_may_have_45_words(words: int, codes: list[str], good: Path) -> None:
    assert codes == codes_with(good, ", ".join(["Go"] * words) + ".")


@pytest.mark.parametrize(("words", "codes"), [(188, []), (189, ["R507"])])
def test_text_of_fewer_than_200_words_has_no_mean(words: int, codes: list[str], good: Path) -> None:
    """Eleven words stand in the other sections."""
    hard = (HARD * words).split(" ")[:words]
    assert codes == codes_with(good, f"{' '.join(hard).removesuffix('.')}.")


def test_easy_text_may_be_long(good: Path) -> None:
    assert [] == codes_with(good, " ".join([EASY] * 100))


def test_phrase_without_a_stop_does_not_lower_the_mean(good: Path) -> None:
    long = "Go " + ", ".join(["on"] * 39) + "."
    items = "\n".join(["- a stone"] * 100)
    assert ["R507"] == codes_with(good, f"{' '.join([long] * 15)}\n\n{items}")


def test_hint_names_the_lines_of_the_longest_sentences(good: Path) -> None:
    long = "Go " + ", ".join(["on"] * 39) + "."
    longest = "Go " + ", ".join(["on"] * 42) + "."
    text = "\n\n".join([EASY, longest, *[long] * 9, longest, EASY, longest])
    (found,) = found_with(good, text)
    assert found.hint == "shorten some; the longest stand in line 21, 41, 45"


# Phrases


@pytest.mark.parametrize("phrase", [*FILLERS, *OF_THE_READER])
def test_phrase_is_found_in_its_place(phrase: str, good: Path) -> None:
    """In capitals, too."""
    words = phrase.replace("a* *", "a large").replace("*", "")
    text = f"Ink, {words}."
    (found,) = found_with(good, text.upper().replace("INK", "Ink", 1))
    assert (19, 6) == (found.line, found.column)
    assert found.code == ("R501" if phrase in FILLERS else "R502")


def test_phrases_are_in_lower_case_and_none_holds_another() -> None:
    """So that no slip is reported twice."""
    for phrase in FILLERS:
        assert phrase == phrase.lower()
        others = [other for other in FILLERS if other != phrase]
        assert not [other for other in others if f" {phrase} " in f" {other} "]


@pytest.mark.parametrize(
    "text",
    [
        "Every discovery is reallyish; a non-very word stays.",
        "The GPU has a utilisation of 0.9 and a robust estimate.",
        "Unlock the mutex, just as you took it.",
        "A reader of the report asks; the reader sees a new count.",
        "Of two replicas one must answer, and no one can wait.",
        "In our small synthetic test, by our estimate and in our own runs it held.",
        "Part I reaches joins; I/O waits, with I = 1.",
        "The type `bool!` and the sign `%` are code, and x != y.",
        "From 2025–2026, and 3 -- 4.",
        "Web pages of the US.",
    ],
)
def test_plain_use_of_a_word_is_no_slip(text: str, good: Path) -> None:
    assert [] == codes_with(good, text)


def test_letter_that_grows_in_lower_case_moves_no_place(good: Path) -> None:
    (found,) = found_with(good, "İİ is a very long name.")
    assert (19, 9) == (found.line, found.column)


# What it keeps nobody from


def test_slip_of_style_does_not_keep_a_guide_from_being_made(good: Path) -> None:
    assert ["R501"] == codes_with(good, "A very good plan.")
    assert 4 == len(load_catalogue(good).modules)
