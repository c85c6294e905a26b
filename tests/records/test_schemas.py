"""Editors are led to the schema of each record, and the schemas are those of the models."""

import json
import re
from pathlib import Path, PurePosixPath

import pytest

from publisher.records.loader import KINDS
from publisher.records.schema import schemas, stale_schemas, write_schemas
from tests.conftest import ROOT

RECORDS = sorted(
    path.relative_to(ROOT / "guides")
    for path in (ROOT / "guides").rglob("*.*")
    if path.suffix in {".md", ".yaml"} and path.name != "README.md"
)

MODELINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)$", re.MULTILINE)


def test_the_schemas_are_those_of_the_models() -> None:
    assert [] == stale_schemas(ROOT / "schemas")


@pytest.mark.parametrize("record", RECORDS, ids=str)
def test_a_record_names_the_schema_of_its_kind(record: Path) -> None:
    path = ROOT / "guides" / record
    head = "\n".join(path.read_text("utf-8").split("\n")[:2])
    (address,) = MODELINE.findall(head)
    inside = PurePosixPath(record.as_posix())
    depth = len(inside.parts)
    (kind,) = (
        kind for kind in KINDS
        if inside.match(kind.pattern) and depth == kind.pattern.count("/") + 1
    )  # fmt: skip
    assert ROOT / "schemas" / f"{kind.name}.json" == (path.parent / address).resolve()


def test_stale_schemas_are_found_and_mended(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    (tmp_path / "skill.json").write_text("{}")
    (tmp_path / "extra.json").write_text("{}")
    (tmp_path / "module.json").unlink()
    assert ["extra.json", "module.json", "skill.json"] == stale_schemas(tmp_path)
    write_schemas(tmp_path)
    assert schemas().keys() == {path.name for path in tmp_path.iterdir()}


def test_unknown_keys_are_forbidden_to_the_editor_too() -> None:
    for text in schemas().values():
        schema = json.loads(text)
        parts = [schema, *schema.get("$defs", {}).values()]
        assert all(p["additionalProperties"] is False for p in parts if p["type"] == "object")
