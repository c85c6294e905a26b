"""Joins the structure trees of fragments to one tree with one parent tree.

PDF 1.7, 14.7: each page's `StructParents` and each annotation's `StructParent` is a key of the
parent tree; fragments all count from 0, so each gets its own range of keys.
"""

from collections.abc import Callable, Iterator

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String


class StructureTree:
    """The structure tree of a book that is being assembled."""

    def __init__(self, pdf: Pdf, first_key: int = 0) -> None:
        """An empty tree, whose parent tree begins with the key `first_key`."""
        self.pdf = pdf
        self.root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root, K=Array())
        )
        self.parents: dict[int, Object] = {}
        self.next_key = first_key

    def adopt(self, source: Pdf, pages: list[Page], title: str) -> None:
        """Take over the structure of `source`, whose pages are `pages` of this book already."""
        tree = self.pdf.copy_foreign(source.Root.StructTreeRoot)
        section = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Sect, P=self.document, K=Array())
        )
        if title:
            section.T = String(title)
        for element in list(tree.K[0].K):
            element.P = section
            section.K.append(element)
        self.document.K.append(section)
        nums = tree.ParentTree.Nums
        first = self.next_key
        for i in range(0, len(nums), 2):
            self.parents[first + int(nums[i])] = nums[i + 1]
        self.next_key += len(nums) // 2
        for page in pages:
            page.obj.StructParents = first + int(page.obj.StructParents)
            for annotation in annotations(page):
                annotation.StructParent = first + int(annotation.StructParent)

    def element_of(self, annotation: Object) -> Object:
        """The structure element that holds an annotation."""
        return self.parents[int(annotation.StructParent)]

    def add_content(self, page: Page, element: Object) -> int:
        """Room for marked content of `element` on `page`; returns its MCID there."""
        marked = self.parents[int(page.obj.StructParents)]
        marked.append(element)
        mcid = len(marked) - 1
        element.K.append(mcid)
        return mcid

    def drop_annotation(self, annotation: Object) -> None:
        """Turn the link of an annotation that is being removed into plain text."""
        element = self.parents.pop(int(annotation.StructParent))
        element.S = Name.Span
        kept = [k for k in element.K if not (isinstance(k, Dictionary) and "/Obj" in k)]
        element.K = Array(kept)

    def finish(self) -> None:
        """Write the tree to the book's catalogue."""
        nums = Array()
        for key in sorted(self.parents):
            nums.append(key)
            nums.append(self.parents[key])
        self.root.K = self.document
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=nums))
        self.root.ParentTreeNextKey = self.next_key
        self.pdf.Root.StructTreeRoot = self.root
        self.pdf.Root.MarkInfo = Dictionary(Marked=True)

    def mark(self, mark: Callable[[Object, str], None]) -> None:
        """Mark what the volumes of a book have in common, once the tree is written."""
        mark(self.root, "structure-root")
        mark(self.document, "structure-document")
        mark(self.root.ParentTree, "parent-tree")


def annotations(page: Page) -> Iterator[Object]:
    """The annotations of a page."""
    yield from page.obj.get("/Annots", Array())
