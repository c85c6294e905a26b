"""Who publishes, for commands that need no other record."""

from pathlib import Path

from publisher.records.diagnostics import DiagnosedError
from publisher.records.document import read_document
from publisher.records.models.publication import Publication
from publisher.records.validation import validate


def imprint_of(guides: Path) -> Publication:
    """The imprint. Raises `DiagnosedError`; mistakes in other records stop nothing."""
    path = guides / "publication.yaml"
    document = read_document(path, str(path))
    record = None if document.diagnostics else validate(Publication, document)
    if not isinstance(record, Publication):
        raise DiagnosedError(sorted(document.diagnostics))
    return record
