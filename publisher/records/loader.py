"""Reads a folder of records: every file is parsed and validated, nothing stops at a mistake."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from publisher.records.document import Document, Key, read_document
from publisher.records.entries import Entries, Entry
from publisher.records.models.advice import AdviceRules
from publisher.records.models.background import Background
from publisher.records.models.career import Career
from publisher.records.models.career_path import CareerPath
from publisher.records.models.interview import Interview
from publisher.records.models.library import Glossary, Resources, Sources
from publisher.records.models.module import Module
from publisher.records.models.project import Project
from publisher.records.models.publication import Publication
from publisher.records.models.skill import Skill, SkillGroups
from publisher.records.types import Record, Slug


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: which files hold it and which model they follow."""

    name: str
    pattern: str
    model: type[Record]
    slug_part: int = -1
    """Which part of the path, without suffix, is the slug."""


KINDS: tuple[Kind, ...] = (
    Kind("publication", "publication.yaml", Publication),
    Kind("groups", "groups.yaml", SkillGroups),
    Kind("resources", "resources.yaml", Resources),
    Kind("sources", "sources.yaml", Sources),
    Kind("glossary", "glossary.yaml", Glossary),
    Kind("skill", "skills/*.yaml", Skill),
    Kind("background", "backgrounds/*.yaml", Background),
    Kind("module", "modules/*.md", Module),
    Kind("career", "careers/*/career.md", Career, slug_part=-2),
    Kind("path", "careers/*/paths/*.md", CareerPath),
    Kind("project", "careers/*/projects/*.md", Project),
    Kind("interview", "careers/*/interview.yaml", Interview, slug_part=-2),
    Kind("advice", "careers/*/advice.yaml", AdviceRules, slug_part=-2),
)

SUFFIXES = frozenset({".md", ".yaml", ".yml"})

LEVEL_KEYS = frozenset({"levels", "from", "to", "requires_skills", "skills"})


def read_entries(folder: Path) -> Entries:
    """Read every record under `folder`; mistakes are in the result's `diagnostics`."""
    entries = Entries()
    root = Document(folder.name or str(folder))
    if not folder.is_dir():
        root.report("R001", "there is no such folder", (0, 0), "give the folder of the records")
    else:
        for path in _record_files(folder):
            _read_file(entries, path, PurePosixPath(path.relative_to(folder).as_posix()), root.file)
        for kind in KINDS:
            if not entries.of(kind.model):
                root.report("R001", f"no record matches {kind.pattern}", (0, 0), "add one")
    entries.diagnostics += root.diagnostics
    return entries


def _record_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and path.suffix in SUFFIXES and not hidden and path.name != "README.md":
            yield path


def _read_file(entries: Entries, path: Path, inside: PurePosixPath, root: str) -> None:
    name = f"{root}/{inside}"
    kind = next((kind for kind in KINDS if _matches(inside, kind.pattern)), None)
    if kind is None:
        document = Document(name)
        patterns = ", ".join(kind.pattern for kind in KINDS)
        document.report("R006", "no kind of record has this name", (1, 1), f"known: {patterns}")
        entries.diagnostics += document.diagnostics
        return
    document = read_document(path, name)
    slug = inside.with_suffix("").parts[kind.slug_part]
    if not _is_slug(slug):
        document.report("R007", f"{slug!r} is no slug", (1, 1), "lower case words and hyphens")
    record = validate(kind.model, document) if document.data is not None else None
    entries.add(kind.model, inside, Entry(slug, document, record))
    entries.diagnostics += document.diagnostics


def _matches(inside: PurePosixPath, pattern: str) -> bool:
    # PurePath.match compares from the right, so the number of parts must agree too.
    return inside.match(pattern) and len(inside.parts) == pattern.count("/") + 1


_SLUG: TypeAdapter[str] = TypeAdapter(Slug)


def _is_slug(word: str) -> bool:
    try:
        _SLUG.validate_python(word)
    except ValidationError:
        return False
    return True


def validate(model: type[Record], document: Document) -> Record | None:
    """The document as a record, or None with the mistakes reported in the document."""
    data = document.data
    if "body" in model.model_fields and isinstance(data, dict):
        if "body" in data:
            document.report(
                "R101", "unknown key 'body'", document.place(("body",), of_key=True),
                "the text stands below the front matter",
            )  # fmt: skip
        data = {**data, "body": document.body}
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _report(model, document, detail)  # type: ignore[arg-type]  # a TypedDict is a dict
        return None


def _report(model: type[Record], document: Document, detail: dict[str, Any]) -> None:
    of_key = detail["loc"][-1:] == ("[key]",)
    key: Key = tuple(part for part in detail["loc"] if part != "[key]")
    kind, context = str(detail["type"]), detail.get("ctx", {})
    name, value = (key[-1] if key else "record"), detail.get("input")
    code, text, hint = _code(kind, key, context), str(detail["msg"]), ""
    if kind == "extra_forbidden":
        of_key, text = True, f"unknown key {name!r}"
        hint = nearest(str(name), _keys_beside(model, key))
    elif kind == "missing":
        text = f"key {name!r} is missing"
    elif code == "R111":
        text = text.removeprefix("Value error, ")
    else:
        shown = "" if isinstance(value, dict | tuple) else f", not {str(value)[:60]!r}"
        text = f"{name}: {text}{shown}"
    document.report(code, text, document.place(key, of_key=of_key), hint)


def _code(kind: str, key: Key, context: dict[str, Any]) -> str:
    match kind:
        case "extra_forbidden":
            return "R101"
        case "missing":
            return "R305" if key[-1] == "source" else "R102"
        case "literal_error":
            return "R105"
        case "value_error":
            return "R111"
        case "date_type" | "date_from_datetime_inexact":
            return "R108"
        case "string_pattern_mismatch":
            pattern = str(context["pattern"])
            return "R109" if "http" in pattern else "R110" if "a-z0-9]*(-" in pattern else "R105"
        case _ if "too_short" in kind or "too_long" in kind:
            return "R106"
        case _ if kind.startswith(("greater_than", "less_than")):
            return "R104" if LEVEL_KEYS & set(key) else "R107"
        case _:
            return "R103"


def _keys_beside(model: type[Record], key: Key) -> list[str]:
    """The keys that are allowed where `key` stands (those of all parts, found by name)."""
    if len(key) == 1:
        return [field.alias or name for name, field in model.model_fields.items()]
    schema = model.model_json_schema()
    return sorted({k for part in schema.get("$defs", {}).values() for k in part["properties"]})


def nearest(word: str, known: list[str] | frozenset[str]) -> str:
    """A hint that names the known word nearest to `word`, or lists the first few."""
    close = get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    some = sorted(known)[:6]
    return f"known: {', '.join(some)}{' …' if len(known) > len(some) else ''}" if some else ""
