"""Every code that `publisher check` can report, with what it means and what to do.

docs/diagnostics.md is written from this table, and a test holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A stable code: never reused for another meaning."""

    code: str
    title: str
    remedy: str


CODES: tuple[Code, ...] = (
    # Files and syntax
    Code("R001", "record missing or unreadable", "add the file, or give the right folder"),
    Code("R002", "not UTF-8", "save the file as UTF-8"),
    Code("R003", "YAML syntax", "mend the line; quote texts that contain ': '"),
    Code("R004", "front matter missing or not closed", "put it between two lines of ---"),
    Code("R005", "key stands twice", "keep one of the two"),
    Code("R006", "file that is no record", "move it, or give it the name of a record"),
    Code("R007", "file name is no slug", "write lower case words joined by hyphens"),
    Code("R008", "character that cannot be printed", "remove it; it may be invisible"),
    Code("R009", "XML syntax", "mend the line; close what is open"),
    # The shape of one record
    Code("R101", "unknown key", "use a key of the schema; the nearest one is named"),
    Code("R102", "missing key", "add the key"),
    Code("R103", "wrong type", "write what the message names"),
    Code("R104", "level out of range", "levels are whole numbers from 0 to 4"),
    Code("R105", "value that is not allowed", "use one of the values that the message lists"),
    Code("R106", "too short or too long", "keep to the length that the message gives"),
    Code("R107", "number out of range", "keep to the bounds that the message gives"),
    Code("R108", "malformed date", "write an existing day as 2026-11-23"),
    Code("R109", "malformed address", "write a full http or https address"),
    Code("R110", "malformed slug", "write lower case words joined by hyphens"),
    Code("R111", "a module teaches downwards", "`to` must be above `from`"),
    # References between records
    Code("R201", "unknown skill", "use the file name of a skill"),
    Code("R202", "unknown module", "use the file name of a module"),
    Code("R203", "unknown background", "a path has the file name of a background"),
    Code("R204", "unknown source", "use a key of sources.yaml"),
    Code("R205", "unknown resource", "use a key of resources.yaml"),
    Code("R206", "unknown career", "use the folder name of a career"),
    Code("R207", "duplicate slug", "rename one of the two records"),
    Code("R208", "modules require each other in a circle", "remove one requirement"),
    Code("R209", "dead link in the text", "link to a record that exists"),
    Code("R210", "unknown kind of link", "module, skill, resource, source, project, term or https"),
    Code("R211", "unknown track", "use a track of the career"),
    Code("R212", "unknown skill group", "use a key of groups.yaml"),
    Code("R213", "unknown glossary term", "use a key of glossary.yaml"),
    Code("R214", "unknown project", "use the file name of a project of the career"),
    Code("R215", "unknown question", "use a key of `scales` or `tasks` of assessment.yaml"),
    Code("R216", "unknown neighbour", "use a title under `related` of the career"),
    # Claims that the program checks
    Code("R301", "skill that no module raises to the needed level", "add a module, or need less"),
    Code("R302", "module never used", "put it in a phase of a career, or remove it"),
    Code("R303", "two modules teach the same step", "keep the step in one of them"),
    Code(
        "R304",
        "headline months differ from the plan",
        "state for each track what the planner computes",
    ),
    Code("R305", "figure without source", "name the source of the figure"),
    Code("R306", "module without a free resource", "add one that costs nothing"),
    Code("R307", "skill that nothing needs", "remove it, or let a career need it"),
    Code("R308", "resource that nothing uses", "use it in a module, or remove it"),
    Code("R309", "source that nothing cites", "cite it, or remove it"),
    Code("R310", "module stands before one it requires", "order the phases by requirement"),
    Code("R311", "one name for two glossary terms", "keep the name in one of them"),
    Code("R312", "module stands in the phases twice", "keep it where it is learnt first"),
    Code(
        "R313",
        "milestone outside the phases, or one that teaches",
        "name a module of the phases without `teaches`",
    ),
    Code("R314", "figure that nothing shows", "show it in a text, or remove it"),
    Code(
        "R315",
        "assessment that leaves something out",
        "weigh each question for each track, and give examples for each group of skills",
    ),
    Code(
        "R316",
        "weights that do not add up",
        "let the dimensions add up to 100, and let some question weigh in each",
    ),
    # Text
    Code("R401", "HTML in the text", "use Markdown"),
    Code("R402", "heading level", "go from ## to ####, and skip none"),
    Code(
        "R403",
        "picture in the text",
        "say it in words, or show a figure: `![caption](figure:slug)` as a paragraph of its own",
    ),
    Code("R404", "list item of several blocks", "write one paragraph an item"),
    Code("R405", "section missing", "add the heading that every module has"),
    # Figures
    Code(
        "R406",
        "figure without title or description",
        "say in `<title>` what it is, in `<desc>` all that is to be seen",
    ),
    Code("R407", "what a figure may not hold", "draw with shapes and text of the file itself"),
    Code("R408", "figure with looks of its own", "use a class of the theme"),
    Code("R409", "size of a figure", 'write `viewBox="0 0 460 height"`, 600 high at most'),
    # How the text reads
    Code("R501", "filler phrase", "say it without, or say what is meant"),
    Code("R502", "text that does not speak to you", "write `you`; put speech in quotation marks"),
    Code("R503", "exclamation mark or question in the text", "end with a full stop"),
    Code("R504", "dash or per cent sign in the text", "use a comma or a colon; write per cent"),
    Code("R505", "doubled word or blank", "keep one of the two"),
    Code("R506", "sentence too long", "make two of it"),
    Code("R507", "text that is hard to read", "use shorter sentences and words"),
)

REMEDIES = {code.code: code.remedy for code in CODES}


def codes_table(codes: Iterable[Code]) -> str:
    """Codes as a table in Markdown, in their order."""
    rows = (f"| {code.code} | {code.title} | {code.remedy} |\n" for code in codes)
    return "| Code | What it means | What to do |\n|---|---|---|\n" + "".join(rows)
