"""The peer of another make: Typst typesets the same text.

`python typeset.py FOLDER TARGET N` compiles Ada's markup of the FOLDER that `sample.py` prepared,
then that of N new readers with the same compiler, which keeps what they share, and prints what
each of the N cost.
"""

import sys
from functools import partial
from pathlib import Path

import typst
from measure import in_process, write_costs


class Typst:
    """A compiler with the bundled fonts of a prepared folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.compiler = typst.Compiler(
            root=str(folder),
            font_paths=[str((folder / "theme" / "fonts").resolve())],
            ignore_system_fonts=True,
        )

    def typeset(self, number: int, target: Path) -> None:
        """Write the guide of a reader as a tagged PDF/UA-1."""
        markup = self.folder / "main.typ"  # what a compiler keeps, it keeps by name of file
        markup.write_bytes((self.folder / f"{number}.typ").read_bytes())
        self.compiler.compile(markup, output=target, pdf_standards="ua-1")


if __name__ == "__main__":
    folder, target, readers = sys.argv[1:]
    peer = Typst(Path(folder))
    peer.typeset(0, Path(target))
    numbers = range(1, int(readers) + 1)
    write_costs(in_process(partial(peer.typeset, number, Path(target))) for number in numbers)
