"""EPUBCheck by the W3C, and Ace by DAISY."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from publisher.records.diagnostics import Diagnostic
from tests.validators.programs import JAVA, ValidatorError, file, java, package, program, run

ACE = Path(__file__).parent / "node_modules" / "@daisy" / "ace-cli" / "bin" / "ace.js"


def epubcheck(path: Path) -> list[Diagnostic]:
    """What EPUBCheck says of an EPUB, down to INFO; its notes on usage are left out."""
    runtime = java(hint="apt-get install default-jdk-headless, or brew install openjdk")
    jar = package("epubcheck") / "epubcheck.jar"
    ended = run(runtime, *JAVA, "-jar", jar, path, "--quiet", "--failonwarnings", "--json", "-")
    if ended.returncode not in (0, 1) or not ended.stdout:
        raise ValidatorError(ended)
    messages = json.loads(ended.stdout)["messages"]
    found = [each for message in messages for each in _epubcheck_message(message)]
    if ended.returncode and not found:
        raise ValidatorError(ended)
    return found


def _epubcheck_message(message: dict[str, Any]) -> Iterator[Diagnostic]:
    if message["severity"] == "USAGE":
        return
    text = f"{message['severity']} {message['message']}"
    hint = message["suggestion"] or ""
    for place in message["locations"]:
        line, column = max(place["line"], 0), max(place["column"], 0)
        yield Diagnostic(place["path"], line, column, message["ID"], text, hint)


def ace(path: Path) -> list[Diagnostic]:
    """The accessibility rules that an EPUB breaks, as Ace sees it in a browser."""
    node = program("node", hint="install Node.js 18 or newer")
    script = file(ACE, hint="npm ci --ignore-scripts --prefix tests/validators")
    with TemporaryDirectory() as folder:
        ended = run(
            node, script, "--exiterror2", "--silent", "--outdir", folder, path,
            environment={
                "PUPPETEER_EXECUTABLE_PATH": browser(),
                "ACE_TIMEOUT_INITIAL": "60000",  # ms; the default of 5 s is short on a busy machine
                "XDG_CONFIG_HOME": folder,  # its settings and logs are no business of the user's
            },
        )  # fmt: skip
        report = Path(folder) / "report.json"
        if ended.returncode not in (0, 2) or not report.exists():
            raise ValidatorError(ended)
        documents = json.loads(report.read_text("utf-8"))["assertions"]
    found = [each for document in documents for each in _ace_violations(document)]
    if ended.returncode and not found:
        raise ValidatorError(ended)
    return found


def browser() -> str:
    """The browser that the environment names, or one that is installed."""
    names = ("chromium", "google-chrome", "chromium-browser")
    return os.environ.get("PUPPETEER_EXECUTABLE_PATH") or program(
        *names, hint="apt-get install chromium, or name a Chrome in PUPPETEER_EXECUTABLE_PATH"
    )


def _ace_violations(document: dict[str, Any]) -> Iterator[Diagnostic]:
    for violation in document["assertions"]:
        rule = violation["earl:test"]
        text = f"{rule['earl:impact']} {violation['earl:result']['dct:description']}"
        yield Diagnostic(document["earl:testSubject"]["url"], 0, 0, rule["dct:title"], text)
