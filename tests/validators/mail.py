"""mailauth and mailparser: what other programs make of a message."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.validators.programs import ValidatorError, file, program, run

SCRIPT = Path(__file__).with_name("mail.js")
INSTALLED = Path(__file__).parent / "node_modules" / "mailauth"

Records = Mapping[str, Mapping[str, Sequence[str]]]
"""What DNS answers: name to type to values."""


def mail_reports(messages: Sequence[bytes], records: Records) -> list[dict[str, Any]]:
    """For each message what mailauth says of `dkim` and `dmarc`, and what mailparser reads.

    `dkim` has a `result` for each signature; `subject`, `to`, `text` and `files` are decoded.
    """
    node = program("node", hint="install Node.js 18 or newer")
    file(INSTALLED, hint="npm ci --ignore-scripts --prefix tests/validators")
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "dns.json").write_text(json.dumps(records), "utf-8")
        paths = [folder / f"{number}.eml" for number in range(len(messages))]
        for path, message in zip(paths, messages, strict=True):
            path.write_bytes(message)
        ended = run(node, SCRIPT, folder / "dns.json", *paths)
    if ended.returncode:
        raise ValidatorError(ended)
    found: list[dict[str, Any]] = json.loads(ended.stdout)
    return found
