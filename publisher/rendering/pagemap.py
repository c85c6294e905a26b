"""On which page of a book each anchor stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from publisher.rendering.pdf.fragment import Fragment


@dataclass(frozen=True, slots=True)
class PageMap:
    """Anchor to page, counted from 1 as the folios are."""

    pages: Mapping[str, int]

    @classmethod
    def of(cls, fragments: Iterable[Fragment]) -> "PageMap":
        """The page map of fragments in the order of the book."""
        pages: dict[str, int] = {}
        before = 0
        for fragment in fragments:
            for anchor, (page, _, _) in fragment.anchors.items():
                pages[anchor] = before + page + 1
            before += fragment.pages
        return cls(pages)


def ranges(pages: Iterable[int]) -> list[tuple[int, int]]:
    """Sorted pages with neighbours merged: 12, 13, 14, 31 as (12, 14), (31, 31)."""
    merged: list[tuple[int, int]] = []
    for page in sorted(set(pages)):
        if merged and merged[-1][1] == page - 1:
            merged[-1] = (merged[-1][0], page)
        else:
            merged.append((page, page))
    return merged
