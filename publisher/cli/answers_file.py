"""A file of answers to the assessment."""

from pathlib import Path

from publisher.planning.answer_codes import ANSWER_REMEDIES
from publisher.planning.answers import Answers, answer_problems
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import DiagnosedError
from publisher.records.document import read_document
from publisher.records.validation import validate


def answers_in(path: Path, catalogue: Catalogue) -> Answers:
    """The answers in a YAML file. Raises `DiagnosedError` with every mistake and its place."""
    document = read_document(path, str(path))
    answers = None
    if document.data is not None and not document.diagnostics:
        answers = validate(Answers, document)
    if isinstance(answers, Answers):
        for key, code, text, hint in answer_problems(answers, catalogue):
            # An unknown option is a wrong value; every other word that is unknown may be a key.
            place = document.place(key, of_key=code != "A202" and len(key) > 1)
            document.report(code, text, place, hint or ANSWER_REMEDIES[code])
        if not document.diagnostics:
            return answers
    raise DiagnosedError(sorted(document.diagnostics))
