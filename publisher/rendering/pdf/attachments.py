"""Reads what a PDF carries with it."""

from pathlib import Path

from pikepdf import Pdf, PdfError


def attachment(path: Path, name: str) -> str:
    """The text of attachment `name` of the PDF at `path`.

    Raises `OSError` when the file cannot be read, `ValueError` when it has no such attachment.
    """
    try:
        with Pdf.open(path) as pdf:
            if name not in pdf.attachments:
                raise ValueError(f"{path} has no attachment {name}")
            return pdf.attachments[name].get_file().read_bytes().decode()
    except (PdfError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is no PDF that can be read") from error
