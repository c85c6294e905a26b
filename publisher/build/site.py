"""Makes the website into a folder: what has changed is written, and nothing else is touched."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from publisher.build.digests import digest_of, digest_of_files, file_digests
from publisher.build.folders import Folder
from publisher.build.orders import MadeFile, Receipt
from publisher.build.search_index import engine_version, search_index
from publisher.records.catalogue import Catalogue
from publisher.records.diagnostics import DiagnosedError
from publisher.rendering.codes import finding
from publisher.rendering.theme import Theme
from publisher.rendering.web import Site, WebTheme
from publisher.site.website import Sample, Website

NAME = "site"
"""The folder inside the output folder, and the name of the receipt."""

MEDIA_TYPES = {"pdf": "application/pdf", "epub": "application/epub+zip"}

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class SiteOrder:
    """What the site is made from, beside the records; `base_url` is its public address."""

    theme: Path
    web_theme: Path
    base_url: str
    postal_address: str | None = None

    def inputs(self, shared: Mapping[str, str], formats: Sequence[str]) -> dict[str, str]:
        """The digest of each thing that it is made from; `shared` are those of all books."""
        own = [self.base_url, self.postal_address or "", engine_version(), *sorted(formats)]
        web = digest_of_files(file_digests(self.web_theme, "web"))
        return {**shared, "web theme": web, "settings": digest_of(own)}

    def files(self, catalogue: Catalogue, samples: Files) -> dict[str, bytes]:
        """Name to content of every file. `samples` are books to give away, by file name.

        Raises `DiagnosedError`.
        """
        publication = catalogue.publication
        shown = Site(publication.title, publication.language, self.postal_address)
        web = WebTheme(self.web_theme, shown, prefix_of(self.base_url))
        described = list(_described(catalogue, samples))
        pages = Website(catalogue, Theme(self.theme), web, self.base_url, described).files()
        index = search_index(pages, publication.language)
        return {**pages, **index, **{f"samples/{name}": samples[name] for name in samples}}


def prefix_of(base_url: str) -> str:
    """The path of a public address, below which everything is; mostly nothing."""
    return urlsplit(base_url).path.rstrip("/")


def samples_in(receipts: Mapping[str, Receipt], folder: Folder, careers: Sequence[str]) -> Files:
    """The samples that were made into a folder; one that cannot be read is left out."""
    found = {}
    for career in careers:
        receipt = receipts.get(f"{career}-handbook-sample")
        for name in receipt.files if receipt and receipt.done else ():
            with suppress(OSError):
                found[name] = folder.read(name)
    return found


def write_site(files: Files, folder: Folder, previous: Receipt | None) -> tuple[Receipt, int]:
    """Write the files that differ from those in the output folder, and remove what has gone.

    Gives the receipt, still without inputs, and how many files were written. Raises
    `DiagnosedError` (B203); then each file is the old or the new one, whole.
    """
    written = 0
    names = {f"{NAME}/{name}": content for name, content in files.items()}
    try:
        for name, content in names.items():
            if _differs(folder, name, content):
                folder.write(name, content)
                written += 1
        before = previous.files if previous else {}
        folder.remove(*(name for name in before if name not in names and _ours(name)))
    except OSError as error:
        text = f"cannot be written: {error.strerror or error}"
        raise DiagnosedError([finding(f"{folder}/{NAME}", "B203", text)]) from error
    made = {name: _made(content) for name, content in names.items()}
    return Receipt(name=NAME, status="done", files=made, inputs={}), written


def _differs(folder: Folder, name: str, content: bytes) -> bool:
    try:
        return folder.read(name) != content
    except FileNotFoundError:
        return True


def _ours(name: str) -> bool:
    """Whether a name of a receipt, which may be damaged, is inside the folder of the site."""
    return name.startswith(f"{NAME}/") and ".." not in name.split("/")


def _made(content: bytes) -> MadeFile:
    return MadeFile(sha256=sha256(content).hexdigest(), bytes=len(content))


def _described(catalogue: Catalogue, samples: Files) -> Iterator[Sample]:
    for career in catalogue.careers:
        for form, media_type in MEDIA_TYPES.items():
            name = f"{career}-handbook-sample.{form}"
            if name in samples:
                yield Sample(career, name, media_type, len(samples[name]))
