"""Takes structure elements out of a fragment that say nothing.

WeasyPrint gives each line of text a Span of its own, a third of all objects of a book. A Span or
NonStruct without attributes adds nothing to the element around it (PDF 1.7, 14.8.4), so its content
becomes content of that element. Every copy of a book is smaller and quicker to join for it.
"""

import io

from pikepdf import Array, Dictionary, Name, Object, Pdf

from publisher.rendering.pdf.saving import saved

EMPTY_WORDS = frozenset({"/Span", "/NonStruct"})

OWN = frozenset({"/K", "/P", "/Pg", "/S", "/Type"})
"""What an element has that says nothing but where it stands."""


def slimmed(pdf: bytes) -> bytes:
    """A tagged PDF without elements that say nothing."""
    with Pdf.open(io.BytesIO(pdf)) as document:
        tree = document.Root.StructTreeRoot
        owners: dict[tuple[int, int], Object] = {}
        for element in tree.K:
            _slim(element, owners)
        _rewire(tree.ParentTree.Nums, owners)
        return saved(document)


def _slim(element: Object, owners: dict[tuple[int, int], Object]) -> None:
    """Slim what is below `element`; `owners` learns who has taken over from whom."""
    kept: list[Object | int] = []
    for kid in _kids(element):
        if isinstance(kid, int) or not _is_element(kid):
            kept.append(kid)
            continue
        _slim(kid, owners)
        if str(kid.S) in EMPTY_WORDS and OWN.issuperset(kid.keys()):
            kept += _taken_over(element, kid)
            owners[kid.objgen] = element
        else:
            kept.append(kid)
    element.K = Array(kept)


def _taken_over(element: Object, kid: Object) -> list[Object | int]:
    """The content of `kid` as content of `element`."""
    content: list[Object | int] = []
    page = kid.get("/Pg")
    if page is not None and "/Pg" not in element:
        element.Pg = page
    for each in _kids(kid):
        if isinstance(each, int):
            here = page is None or element.Pg.objgen == page.objgen
            content.append(each if here else Dictionary(Type=Name.MCR, Pg=page, MCID=each))
            continue
        if _is_element(each):
            each.P = element
        content.append(each)
    return content


def _rewire(nums: Object, owners: dict[tuple[int, int], Object]) -> None:
    """Let the parent tree name the elements that are left."""

    def left(element: Object) -> Object:
        while element.objgen in owners:
            element = owners[element.objgen]
        return element

    for i in range(1, len(nums), 2):
        if isinstance(nums[i], Array):
            for mcid, element in enumerate(nums[i]):
                if isinstance(element, Dictionary):
                    nums[i][mcid] = left(element)
        else:
            nums[i] = left(nums[i])


def _kids(element: Object) -> list[Object | int]:
    kids = element.get("/K")
    if kids is None:
        return []
    found = list(kids) if isinstance(kids, Array) else [kids]
    return [int(kid) if not isinstance(kid, Object) else kid for kid in found]


def _is_element(kid: Object) -> bool:
    return isinstance(kid, Dictionary) and "/S" in kid
