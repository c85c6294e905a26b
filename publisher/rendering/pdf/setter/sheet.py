"""Pages with tagged text and links, as a fragment that assembly takes over like any other.

Structure and marked content: PDF 1.7, 14.7 and 14.8. Places are in points from the lower left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from publisher.rendering.pdf.saving import saved
from publisher.rendering.pdf.setter.faces import Face, Run


@dataclass(frozen=True, slots=True)
class Style:
    """A face at a size in points, in a colour as #rrggbb."""

    face: Face
    size: float
    colour: str

    def run(self, text: str) -> Run:
        """The text shaped. Raises `ValueError` when the face lacks a glyph."""
        run = self.face.shape(text)
        if run is None:
            raise ValueError(f"{self.face.theme_face.file} lacks a glyph of {text!r}")
        return run

    def lift(self, leading: float) -> float:
        """How far above the foot of its line the baseline is (CSS 2.1, 10.8.1)."""
        ascent, descent = (self.size * units / 1000 for units in self.face.extents)
        return (leading - ascent + descent) / 2 - descent

    def width(self, text: str) -> float:
        """The width of a text in points."""
        return self.run(text).width * self.size


@dataclass
class _Page:
    operators: list[bytes] = field(default_factory=list)
    marked: Array = field(default_factory=Array)
    annotations: Array = field(default_factory=Array)


class Sheet:
    """Pages that are being filled, one after the other."""

    def __init__(self, width: float, height: float, styles: Mapping[str, Style]) -> None:
        self.size = width, height
        self.styles = dict(styles)
        self.pdf = Pdf.new()
        root = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.root = root
        self.document = self._new_element("Document", root)
        self.pages: list[_Page] = []
        self.page_objects: list[Object] = []
        self.links: list[Object] = []
        self.used: dict[str, list[Run]] = {}

    def new_page(self) -> None:
        """Begin a page."""
        self.pages.append(_Page())
        self.pdf.add_blank_page(page_size=self.size)
        self.page_objects.append(self.pdf.pages[-1].obj)

    def element(self, tag: str, parent: Object | None = None) -> Object:
        """A structure element at the end of its parent; of the document if it has none."""
        parent = self.document if parent is None else parent
        element = self._new_element(tag, parent)
        parent.K.append(element)
        return element

    def text(self, element: Object | None, style: str, text: str, x: float, y: float) -> None:
        """Show a line of text as content of an element, or as an artifact."""
        self.show(element, self.text_operators(style, text, x, y))

    def text_operators(self, style: str, text: str, x: float, y: float) -> bytes:
        """The operators that show a line of text with its left end and baseline at a point."""
        kind = self.styles[style]
        run = kind.run(text)
        self.used.setdefault(style, []).append(run)
        place = style.encode(), kind.size, colour(kind.colour), x, y
        head = b"BT /%s %.2f Tf %s rg 1 0 0 1 %.2f %.2f Tm " % place
        return head + kind.face.operators(run) + b"ET\n"

    def show(self, element: Object | None, operators: bytes) -> None:
        """Put operators on the page as content of an element, or as an artifact."""
        page, here = self.pages[-1], self.page_objects[-1]
        if element is None:
            page.operators.append(b"/Artifact BMC q\n" + operators + b"Q EMC\n")
            return
        number = len(page.marked)
        if "/Pg" not in element:
            element.Pg = here
        if element.Pg.objgen == here.objgen:
            element.K.append(number)
        else:
            element.K.append(Dictionary(Type=Name.MCR, Pg=here, MCID=number))
        tag = str(element.S)[1:].encode()
        page.operators.append(b"/%s <</MCID %d>> BDC\n%sEMC\n" % (tag, number, operators))
        page.marked.append(element)

    def rule(self, x: float, y: float, width: float, ink: str, weight: float = 0.4) -> None:
        """Draw a line that means nothing, its middle at `y`."""
        place = colour(ink), weight, x, y, x + width, y
        self.show(None, b"%s RG %.2f w %.2f %.2f m %.2f %.2f l S\n" % place)

    def ground(self, x: float, y: float, width: float, height: float, ink: str) -> None:
        """Fill a rectangle that means nothing."""
        self.show(None, b"%s rg %.2f %.2f %.2f %.2f re f\n" % (colour(ink), x, y, width, height))

    def link(
        self, parent: Object, target: str, corners: tuple[float, float, float, float]
    ) -> Object:
        """A link in a rectangle of the page (left, bottom, right, top) as child of `parent`."""
        annotation = self.pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Link, Rect=Array(corners), Border=Array([0, 0, 0]),
                F=4, A=Dictionary(Type=Name.Action, S=Name.URI, URI=String(target)),
                Contents=String(target),
            )
        )  # fmt: skip
        element = self.element("Link", parent)
        element.Pg = self.page_objects[-1]
        element.K.append(Dictionary(Type=Name.OBJR, Obj=annotation, Pg=self.page_objects[-1]))
        self.pages[-1].annotations.append(annotation)
        self.links.append(element)
        annotation.StructParent = len(self.links) - 1
        return element

    def finished(self) -> bytes:
        """The pages as a PDF."""
        fonts = self.pdf.make_indirect(
            Dictionary(
                {
                    f"/{name}": style.face.resource(self.pdf, self.used[name])
                    for name, style in self.styles.items()
                    if name in self.used
                }
            )
        )
        nums = Array()
        for i, element in enumerate(self.links):
            nums.append(i)
            nums.append(element)
        for i, (page, target) in enumerate(zip(self.pages, self.page_objects, strict=True)):
            target.Contents = Stream(self.pdf, b"".join(page.operators))
            target.Resources = Dictionary(Font=fonts)
            target.Annots = page.annotations
            target.Tabs = Name.S
            target.StructParents = len(self.links) + i
            nums.append(len(self.links) + i)
            nums.append(self.pdf.make_indirect(page.marked))
        self.root.K = Array([self.document])
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=nums))
        self.pdf.Root.StructTreeRoot = self.root
        return saved(self.pdf)

    def _new_element(self, tag: str, parent: Object) -> Object:
        return self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{tag}"), P=parent, K=Array())
        )


def colour(ink: str) -> bytes:
    """`#rrggbb` as the operands of a PDF colour operator."""
    return b" ".join(b"%.3f" % (int(ink[i : i + 2], 16) / 255) for i in (1, 3, 5))
