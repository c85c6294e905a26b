"""JSON Schemas of the records, so that an editor completes and checks them while typing."""

import json
from pathlib import Path
from typing import Any

from publisher.records.loader import KINDS


def schemas() -> dict[str, str]:
    """File name to text of the schema of each kind of record that is written in YAML."""
    kinds = [kind for kind in KINDS if not kind.pattern.endswith(".svg")]
    return {f"{kind.name}.json": _text(kind.model.model_json_schema()) for kind in kinds}


def stale_schemas(folder: Path) -> list[str]:
    """Names of the schemas in `folder` that are missing, differ from the models, or are extra."""
    wanted = schemas()
    found = {path.name: path.read_text("utf-8") for path in folder.glob("*.json")}
    return sorted(n for n in wanted.keys() | found.keys() if wanted.get(n) != found.get(n))


def write_schemas(folder: Path) -> list[str]:
    """Write every schema that is stale, remove what is extra; return the names."""
    stale, wanted = stale_schemas(folder), schemas()
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in wanted:
            (folder / name).write_text(wanted[name], "utf-8")
        else:
            (folder / name).unlink()
    return stale


def _text(schema: dict[str, Any]) -> str:
    # The Markdown below the front matter is no key of it.
    schema["properties"].pop("body", None)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
