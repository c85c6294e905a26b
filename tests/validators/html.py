"""The Nu HTML Checker, and axe-core in a browser."""

import json
from pathlib import Path

from publisher.records.diagnostics import Diagnostic
from tests.validators.epub import browser
from tests.validators.programs import JAVA, ValidatorError, file, java, program, run

FOLDER = Path(__file__).parent
VNU = FOLDER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
INSTALL = "npm ci --ignore-scripts --prefix tests/validators"


def nu(*paths: Path) -> list[Diagnostic]:
    """What the Nu HTML Checker says of HTML or CSS files, down to its warnings."""
    runtime = java(hint="apt-get install default-jdk-headless, or brew install openjdk")
    jar = file(VNU, hint=INSTALL)
    also = ("--also-check-css", "--format", "json", "--exit-zero-always")
    ended = run(runtime, *JAVA, "-Xss8m", "-jar", jar, *also, *paths)
    if ended.returncode or not ended.stderr:
        raise ValidatorError(ended)
    return [
        Diagnostic(
            each.get("url", ""), each.get("lastLine", 0), each.get("lastColumn", 0),
            each.get("subType", each["type"]), each["message"],
        )
        for each in json.loads(ended.stderr)["messages"]
    ]  # fmt: skip


def axe(*addresses: str) -> list[Diagnostic]:
    """The rules that pages break, light and dark.

    Those of axe-core; and `reflow` for a page wider than a screen of 320 pixels (WCAG 2.2,
    1.4.10), `foreign` for one that loads something from elsewhere.
    """
    node = program("node", hint="install Node.js 18 or newer")
    file(AXE, hint=INSTALL)
    environment = {"PUPPETEER_EXECUTABLE_PATH": browser()}
    ended = run(node, FOLDER / "page.js", *addresses, environment=environment)
    if ended.returncode or not ended.stdout:
        raise ValidatorError(ended)
    return [
        Diagnostic(each["address"], 0, 0, each["rule"], f"{each['text']}: {each['nodes']}")
        for each in json.loads(ended.stdout)
    ]
