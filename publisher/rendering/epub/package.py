"""EbookLib bent to raw XHTML, an own navigation document, and the same bytes every time."""

import io
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from ebooklib import ITEM_DOCUMENT
from ebooklib import epub as ebooklib
from lxml import etree

from publisher.rendering.names import XML_LANG

NCX = "{http://www.daisy.org/z3986/2005/ncx/}"


class RawXhtml(ebooklib.EpubItem):  # type: ignore[misc]  # EbookLib ships no types
    """A content document whose bytes stay as they are."""

    def __init__(
        self, uid: str, file_name: str, title: str, content: bytes, *, svg: bool = False
    ) -> None:
        super().__init__(uid, file_name, "application/xhtml+xml", content)
        self.title = title
        self.properties = ["svg"] if svg else []

    def get_type(self) -> int:
        """The kind by which the writer knows a document of the spine."""
        return int(ITEM_DOCUMENT)

    def get_body_content(self) -> bytes:
        """What EbookLib searches for page breaks; there are none."""
        return b"<html><body/></html>"


class Navigation(ebooklib.EpubNav):  # type: ignore[misc]  # EbookLib ships no types
    """The navigation document, written by us."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.raw = content


class _Writer(ebooklib.EpubWriter):  # type: ignore[misc]  # EbookLib ships no types
    """EbookLib's writer with language on package and NCX, which EPUBCheck and Ace ask for."""

    def _get_nav(self, item: Navigation) -> bytes:
        return item.raw

    def _get_ncx(self) -> bytes:
        tree = etree.fromstring(super()._get_ncx())
        tree.set(XML_LANG, self.book.language)
        depth = tree.find(f".//{NCX}meta[@name='dtb:depth']")
        if depth is not None:
            depth.set("content", "2")
        return etree.tostring(tree, encoding="utf-8", xml_declaration=True)

    def _write_opf_file(self, root: Any) -> None:
        root.set(XML_LANG, self.book.language)
        root.set("dir", "ltr")
        super()._write_opf_file(root)


def write_package(book: ebooklib.EpubBook, modified: datetime) -> bytes:
    """The container of `book`, dated `modified` throughout."""
    options = {
        "mtime": modified, "epub3_pages": False, "epub2_guide": False, "raise_exceptions": True,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.epub"
        writer = _Writer(str(path), book, options)
        writer.process()
        writer.write()
        return _settled(path.read_bytes(), modified)


def _settled(package: bytes, modified: datetime) -> bytes:
    """The ZIP with every entry's time, owner and attributes the same, the order kept."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as settled,
    ):
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, modified.timetuple()[:6])
            info.create_system, info.external_attr = 3, 0o100644 << 16
            first = entry.filename == "mimetype"
            info.compress_type = zipfile.ZIP_STORED if first else zipfile.ZIP_DEFLATED
            settled.writestr(info, source.read(entry))
    return target.getvalue()
