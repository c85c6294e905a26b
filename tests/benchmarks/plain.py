"""The peer that renders the same XHTML in one piece: plain WeasyPrint.

`python plain.py FOLDER TARGET N` renders Ada's document of the FOLDER that `sample.py` prepared,
then those of N new readers in the same process, and prints what each of the N cost.
"""

import sys
from functools import partial
from pathlib import Path

from measure import in_process, write_costs
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration


class Plain:
    """WeasyPrint with the stylesheet and the fonts of a prepared folder loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = f"{(folder / 'theme').resolve().as_uri()}/"
        self.fonts = FontConfiguration()
        style = (folder / "print.css").read_text("utf-8")
        self.style = CSS(string=style, base_url=self.base, font_config=self.fonts)

    def render(self, number: int, target: Path) -> None:
        """Write the guide of a reader as a tagged PDF/UA-1."""
        text = (self.folder / f"{number}.html").read_text("utf-8")
        HTML(string=text, base_url=self.base).write_pdf(
            target, stylesheets=[self.style], font_config=self.fonts, pdf_variant="pdf/ua-1"
        )


if __name__ == "__main__":
    folder, target, readers = sys.argv[1:]
    plain = Plain(Path(folder))
    plain.render(0, Path(target))
    numbers = range(1, int(readers) + 1)
    write_costs(in_process(partial(plain.render, number, Path(target))) for number in numbers)
