"""Translates the XHTML of a guide to Typst markup: the same text in the same form."""

import re
from collections.abc import Callable

import lxml.html
from lxml.html import HtmlElement

PREAMBLE = """\
#set document(title: [Guide])
#set page(paper: "a4", margin: (x: 68pt, y: 58pt), numbering: "1")
#set text(font: "Source Serif 4", size: 9.7pt, lang: "en", hyphenate: true, top-edge: 0.8em,
  bottom-edge: -0.2em)
#set par(leading: 0.4em, spacing: 8.9pt)
#set list(marker: [•], spacing: 6.5pt)
#set enum(spacing: 6.5pt)
#set figure(numbering: none, supplement: none)
#set table(stroke: (x: none, y: .4pt + rgb("#cfd6db")), inset: (x: 3pt, y: 3.8pt), align: left)
#show table: set text(font: "Source Sans 3", size: 8.9pt, hyphenate: false)
#show table: set par(leading: 0.32em)
#show heading: set text(font: "Source Sans 3", fill: rgb("#0d4a52"), hyphenate: false)
#show heading.where(level: 1): set text(size: 22pt)
#show heading.where(level: 2): set text(size: 12.2pt)
#show heading.where(level: 3): set text(size: 10.8pt)
#show heading.where(level: 1): set block(below: 12.8pt)
#show heading.where(level: 2): set block(above: 14.5pt, below: 6.5pt)
#show heading.where(level: 3): set block(above: 13.6pt, below: 5.6pt)
#show raw: set text(font: ("Source Code Pro", "Source Sans 3"), size: 8.3pt)
#show raw.where(block: true): block.with(fill: rgb("#f3f1ec"), inset: 8pt, width: 100%)
#set terms(spacing: 8pt)
#show terms.item: it => block(breakable: false)[*#it.term* \\ #it.description]
#let folio(place) = context link(place, str(counter(page).at(place).first()))
"""
"""Page, margins, sizes and distances of print.css; a distance there lies between line boxes."""

STYLES = {
    "kicker": 'font: "Source Sans 3", size: 9.2pt, weight: "semibold"',
    "lead": 'font: "Source Sans 3", size: 11pt',
    "note": 'font: "Source Sans 3", size: 8.8pt',
    "address": 'font: "Source Sans 3", size: 8.2pt',
    "project": "size: 9.4pt",
    "library": "size: 9pt",
    "glossary": "size: 9.2pt",
    "resources": "size: 9.2pt",
}
"""The type of some classes, as in print.css."""

COLUMNS: dict[str, tuple[list[str], list[str]]] = {
    "facts": (["76pt"], []), "tools": (["92pt"], []), "pay": (["150pt"], []),
    "levels": (["84pt"], []), "criteria": (["24%", "34%"], []), "widest": ([], ["92pt"]),
    "phases": (["104pt", "44pt", "40pt"], []), "weeks": (["36pt", "62pt"], ["34pt"]),
    "gap": ([], ["36pt", "36pt", "36pt", "36pt", "66pt"]),
    "modules": ([], ["58pt", "58pt", "28pt"]),
}  # fmt: skip
"""Widths of a table's first and last columns, by its class, as in print.css."""

WIDTH = 459.28
"""Points between the margins."""


def typst_markup(document: str) -> str:
    """The document of `sample.one_piece` as Typst markup."""
    tree = lxml.html.document_fromstring(document)
    return PREAMBLE + "#pagebreak()\n".join(_section(div) for div in tree.iterfind("body/div"))


def _section(div: HtmlElement) -> str:
    if div.get("class") == "contents":
        return "= Contents\n#outline(title: none, depth: 1)\n"
    text = _styled(div, _inside(div))
    return f"#columns(2, gutter: 22pt)[{text}]\n" if div.get("class") == "index" else text


def _styled(element: HtmlElement, text: str) -> str:
    style = next((STYLES[name] for name in element.classes if name in STYLES), None)
    return f"#text({style})[{text}]" if style else text


def _inside(element: HtmlElement) -> str:
    """The text and the elements in an element, anchored if something can be linked to it."""
    anchor = f"#metadata(none)<{element.get('id')}>" if element.get("id") else ""
    text = "".join(_element(child) + _escaped(child.tail) for child in element)
    return anchor + _escaped(element.text) + text


def _escaped(text: str | None) -> str:
    collapsed = re.sub(r"\s+", " ", text or "")
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", collapsed)


def _element(element: HtmlElement) -> str:
    return RULES.get(element.tag, _other)(element)


def _other(element: HtmlElement) -> str:
    return _styled(element, _inside(element))


def _heading(element: HtmlElement) -> str:
    return f"\n#heading(level: {element.tag[1]})[{_inside(element)}]\n"


def _paragraph(element: HtmlElement) -> str:
    return f"\n\n{_styled(element, _inside(element))}\n\n"


def _list(function: str) -> Callable[[HtmlElement], str]:
    def translate(element: HtmlElement) -> str:
        options = {"checks": "marker: [☐], ", "index": "marker: none, "}
        option = options.get(element.get("class", ""), "")
        items = ", ".join(f"[{_inside(item)}]" for item in element)
        return _styled(element, f"\n#{function}({option}{items})\n")

    return translate


def _terms(element: HtmlElement) -> str:
    children = list(element)
    pairs = zip(children[::2], children[1::2], strict=True)
    items = ", ".join(f"terms.item([{_inside(dt)}], [{_inside(dd)}])" for dt, dd in pairs)
    return _styled(element, f"\n#terms({items})\n")


def _table(element: HtmlElement) -> str:
    rows = [[_cell(cell) for cell in row] for row in element.iter("tr")]
    head = len(element.xpath("./thead/tr"))
    header = f"table.header({', '.join(c for row in rows[:head] for c in row)}), " if head else ""
    body = ", ".join(cell for row in rows[head:] for cell in row)
    count = max(sum(int(c.get("colspan", 1)) for c in row) for row in element.iter("tr"))
    widths = ", ".join(_widths(element.get("class", ""), count))
    return f"\n#table(columns: ({widths},), {header}{body})\n"


def _widths(name: str, count: int) -> list[str]:
    first, last = COLUMNS.get(name, ([], []))
    return [*first, *["1fr"] * (count - len(first) - len(last)), *last]


def _cell(cell: HtmlElement) -> str:
    text = f"[#strong[{_inside(cell)}]]" if cell.tag == "th" else f"[{_inside(cell)}]"
    return f"table.cell(colspan: {cell.get('colspan')}){text}" if cell.get("colspan") else text


def _figure(element: HtmlElement) -> str:
    """A picture becomes an empty box of its size."""
    picture, caption = element.find("svg"), element.find("figcaption")
    *_, width, height = (float(n) for n in picture.get("viewbox").split())
    size = f"width: 100%, height: {WIDTH * height / width:.1f}pt"
    alternative = _quoted(picture.findtext("title"))
    return f"\n#figure(rect({size}), alt: {alternative}, caption: [{_inside(caption)}])\n"


def _code(element: HtmlElement) -> str:
    return f"#raw({_quoted(element.text_content())})"


def _listing(element: HtmlElement) -> str:
    return f"\n#raw(block: true, {_quoted(element.text_content())})\n"


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _link(element: HtmlElement) -> str:
    target = element.get("href")
    if target is None:
        return _other(element)
    place = f"<{target[1:]}>" if target.startswith("#") else _quoted(target)
    if "page" in element.classes:
        return f"#folio({place})"
    return f"#link({place})[{_other(element)}]"


def _wrapped(function: str) -> Callable[[HtmlElement], str]:
    return lambda element: f"#{function}[{_inside(element)}]"


RULES: dict[str, Callable[[HtmlElement], str]] = {
    "h1": _heading, "h2": _heading, "h3": _heading, "p": _paragraph,
    "ul": _list("list"), "ol": _list("enum"), "dl": _terms, "table": _table, "figure": _figure,
    "code": _code, "pre": _listing, "blockquote": _wrapped("quote(block: true)"),
    "a": _link, "strong": _wrapped("strong"), "em": _wrapped("emph"),
}  # fmt: skip
"""How each element is written; of any other one the inside."""
