"""A document against the model of its kind."""

from typing import Any

from pydantic import ValidationError

from publisher.records.document import Document
from publisher.records.shape import fault_of
from publisher.records.tree import Key
from publisher.records.types import Record


def validate(model: type[Record], document: Document) -> Record | None:
    """The document as a record, or None with the mistakes reported in the document."""
    data = document.data
    if "body" in model.model_fields and isinstance(data, dict):
        if "body" in data:
            place = document.place(("body",), of_key=True)
            hint = "write the text below the front matter"
            document.report("R101", "unknown key 'body'", place, hint)
        data = {**data, "body": document.body}
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if not _miscounted(detail["type"], dict(detail)):
                _report(model, document, detail["type"], detail["loc"], dict(detail))
        return None


def _miscounted(kind: str, detail: dict[str, Any]) -> bool:
    """True if a list is too short only because Pydantic leaves out entries with mistakes."""
    return kind == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _report(
    model: type[Record], document: Document, kind: str, way: Key, detail: dict[str, Any]
) -> None:
    unknown = kind == "extra_forbidden"
    # Pydantic marks what is wrong with a key itself, and not with its value, by one more part.
    of_key = way[-1:] == ("[key]",) and not unknown
    key = way[:-1] if of_key else way
    code, text, hint = fault_of(model, kind, key, detail, of_key=of_key)
    document.report(code, text, document.place(key, of_key=of_key or unknown), hint)
