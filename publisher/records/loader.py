"""Reads a folder of records: every file is parsed and validated, nothing stops at a mistake."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from publisher.records.document import Document, read_document
from publisher.records.entries import Entries, Entry
from publisher.records.hints import nearest, slug_like
from publisher.records.models.advice import AdviceRules
from publisher.records.models.assessment import Assessment
from publisher.records.models.background import Background
from publisher.records.models.career import Career
from publisher.records.models.career_path import CareerPath
from publisher.records.models.figure import Figure
from publisher.records.models.interview import Interview
from publisher.records.models.library import Glossary, Resources, Sources
from publisher.records.models.module import Module
from publisher.records.models.project import Project
from publisher.records.models.publication import Publication
from publisher.records.models.skill import Skill, SkillGroups
from publisher.records.types import SLUG, Record
from publisher.records.validation import validate


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: which files hold it and which model they follow."""

    name: str
    pattern: str
    model: type[Record]
    slug_part: int = -1
    """Which part of the path, without suffix, is the slug."""
    needed: bool = True
    """Whether there must be one."""


KINDS: tuple[Kind, ...] = (
    Kind("publication", "publication.yaml", Publication),
    Kind("groups", "groups.yaml", SkillGroups),
    Kind("resources", "resources.yaml", Resources),
    Kind("sources", "sources.yaml", Sources),
    Kind("glossary", "glossary.yaml", Glossary),
    Kind("assessment", "assessment.yaml", Assessment, needed=False),
    Kind("skill", "skills/*.yaml", Skill),
    Kind("background", "backgrounds/*.yaml", Background),
    Kind("module", "modules/*.md", Module),
    Kind("figure", "figures/*.svg", Figure, needed=False),
    Kind("career", "careers/*/career.md", Career, slug_part=-2),
    Kind("path", "careers/*/paths/*.md", CareerPath),
    Kind("project", "careers/*/projects/*.md", Project),
    Kind("interview", "careers/*/interview.yaml", Interview, slug_part=-2),
    Kind("advice", "careers/*/advice.yaml", AdviceRules, slug_part=-2),
)

FIRST, NOWHERE = (1, 1), (0, 0)
"""The places of a finding about a file as a whole, and about one that cannot be shown."""

SUFFIXES = frozenset({".md", ".yaml", ".yml", ".svg"})


def read_entries(folder: Path) -> Entries:
    """Read every record under `folder`; mistakes are in the result's `diagnostics`."""
    entries = Entries()
    root = Document(folder.name or str(folder))
    if not folder.is_dir():
        wrong = "this is no folder" if folder.exists() else "there is no such folder"
        root.report("R001", wrong, NOWHERE, "give the folder of the records")
    else:
        files = list(_record_files(folder, root))
        for path in files:
            _read_file(entries, path, PurePosixPath(path.relative_to(folder).as_posix()), root.file)
        if not files:
            root.report("R001", "the folder has no records", NOWHERE)
        for kind in KINDS if files else ():
            if kind.needed and not entries.of(kind.model):
                root.report("R001", f"no record matches {kind.pattern}", NOWHERE, "add one")
    entries.diagnostics += root.diagnostics
    return entries


def _record_files(folder: Path, root: Document) -> Iterator[Path]:
    """Every file that may be a record, in the order of names; folders come after files."""

    def unreadable(error: OSError) -> None:
        place = Path(error.filename).relative_to(folder).as_posix()
        root.report("R001", f"folder {place} cannot be read: {error.strerror}", NOWHERE)

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if path.suffix in SUFFIXES and not name.startswith(".") and name != "README.md":
                yield path


def _read_file(entries: Entries, path: Path, inside: PurePosixPath, root: str) -> None:
    # A name need not be UTF-8 on disk, but what we print must be.
    name = f"{root}/{inside}".encode(errors="replace").decode()
    kind = next((kind for kind in KINDS if _matches(inside, kind.pattern)), None)
    if kind is None:
        document = Document(name)
        hint = nearest(str(inside), [kind.pattern for kind in KINDS])
        document.report("R006", "no kind of record has this name", FIRST, hint)
        entries.diagnostics += document.diagnostics
        return
    document = read_document(path, name)
    slug = inside.with_suffix("").parts[kind.slug_part]
    if not re.fullmatch(SLUG, slug):
        document.report("R007", f"{slug!r} is no slug", FIRST, slug_like(slug))
    career = inside.parts[1] if inside.parts[0] == "careers" else ""
    record = validate(kind.model, document) if document.data is not None else None
    entries.add(inside, Entry(slug, kind.model, document, record, career))
    entries.diagnostics += document.diagnostics


def _matches(inside: PurePosixPath, pattern: str) -> bool:
    # PurePath.match compares from the right, so the number of parts must agree too.
    return inside.match(pattern) and len(inside.parts) == pattern.count("/") + 1
