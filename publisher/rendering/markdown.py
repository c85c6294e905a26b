"""Markdown of the records to XHTML.

The records are the same for every reader, so a process that makes many guides parses them once.
"""

from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

XREF = "#"

OUTPUT = "output"
"""The word after the fence of what a program prints."""

FIGURE = "figure:"
"""How the address of a picture begins that is a figure of the records."""


@lru_cache(maxsize=4096)
def markdown(text: str) -> Markup:
    """Blocks of Markdown as XHTML. HTML in the text is printed, never interpreted."""
    return Markup(_PARSER.render(text))  # noqa: S704  # the parser escapes all text


@lru_cache(maxsize=16384)
def inline(text: str) -> Markup:
    """One line of Markdown as XHTML, without a paragraph around it."""
    return Markup(_PARSER.renderInline(text))  # noqa: S704  # the parser escapes all text


class _Renderer(RendererHTML):
    """XHTML, with links to records as links to their anchors."""

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        kind, _, slug = str(tokens[idx].attrs["href"]).partition(":")
        if kind in ("http", "https"):
            return self.renderToken(tokens, idx, options, env)
        return f'<a href="{XREF}{kind}-{slug}">'

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Code, or what a program prints."""
        if tokens[idx].info == OUTPUT:
            return f'<pre class="output"><samp>{escapeHtml(tokens[idx].content)}</samp></pre>\n'
        return super().fence(tokens, idx, options, env)


def _tight(tokens: list[Token]) -> None:
    """Drop the paragraph inside each list item: PDF/UA knows no P in an LI of WeasyPrint's."""
    depth = 0
    for token in tokens:
        depth += token.nesting * (token.type in ("list_item_open", "list_item_close"))
        if depth and token.type in ("paragraph_open", "paragraph_close"):
            token.hidden = True


def _show_figures(tokens: list[Token]) -> None:
    """Make a figure with a caption of each paragraph that is one picture of a figure.

    The drawing itself is put in where the theme is known: see `figures.py`.
    """
    for opening, text, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        pictures = text.children or []
        if [each.type for each in pictures] != ["image"] or opening.level:
            continue
        kind, colon, slug = str(pictures[0].attrs["src"]).partition(":")
        if kind + colon == FIGURE:
            opening.tag = closing.tag = "figure"
            opening.attrs = {"class": "drawing", "data-figure": slug}
            caption = Token("figcaption_open", "figcaption", 1)
            end = Token("figcaption_close", "figcaption", -1)
            text.children = [caption, *(pictures[0].children or []), end]


def _any_link(url: str) -> bool:  # noqa: ARG001
    """Links are checked with the records (R209, R210), which know where they lead."""
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark",
        {"html": False, "xhtmlOut": True, "typographer": True},
        renderer_cls=_Renderer,
    ).enable(["table", "replacements", "smartquotes"])
    parser.validateLink = _any_link  # type: ignore[method-assign]
    # Before the typographer, so that it sees the captions.
    parser.core.ruler.after("inline", "figures", lambda state: _show_figures(state.tokens))
    parser.core.ruler.push("tight", lambda state: _tight(state.tokens))
    return parser


_PARSER = _parser()
