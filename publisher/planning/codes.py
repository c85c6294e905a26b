"""Every code of a mistake in a file of readers. docs/diagnostics.md lists them.

L1xx stands for the same mistake as R1xx in a record, so that an editor learns one set of numbers.
"""

from publisher.records.codes import Code

READER_CODES: tuple[Code, ...] = (
    # The file and its form
    Code("L001", "file of readers missing or unreadable", "give the path of a file, or -"),
    Code("L002", "not UTF-8", "save the file as UTF-8"),
    Code("L003", "no reader in the file", "write a line for each reader"),
    Code(
        "L004",
        "no header",
        "begin with a line such as name,background; call JSON Lines .jsonl",
    ),
    Code("L005", "column or key stands twice", "keep one of the two"),
    Code(
        "L006",
        "quotes of a cell",
        'put quotes around the whole cell, and write a quote inside it as ""',
    ),
    Code(
        "L007",
        "too many or too few cells",
        "give a line as many cells as the header; put quotes around one that holds the delimiter",
    ),
    Code("L008", "character that cannot be printed", "remove it; it may be invisible"),
    Code(
        "L009",
        "no JSON object in a line",
        'write one object a line, such as {"background": "software-engineer"}; call CSV .csv',
    ),
    Code("L010", "line too long", "write one reader a line"),
    # What a line says of a reader
    Code("L101", "unknown column or key", "use a field of a reader; the nearest one is named"),
    Code("L102", "missing field", "say where the reader comes from"),
    Code("L103", "wrong type", "write what the message names"),
    Code("L104", "level out of range", "levels are whole numbers from 0 to 4"),
    Code("L105", "value that is not allowed", "use one of the values that the message lists"),
    Code("L106", "too short or too long", "keep to the length that the message gives"),
    Code("L107", "number out of range", "keep to the bounds that the message gives"),
    Code("L108", "malformed date", "write an existing day as 2026-11-23"),
    Code("L110", "malformed slug", "write lower case words joined by hyphens"),
    # What the records know
    Code("L201", "unknown skill", "use one that `publisher list skills` lists"),
    Code("L202", "unknown module", "use one that `publisher list modules` lists"),
    Code("L203", "unknown background", "use one that `publisher list paths` lists"),
    Code("L206", "unknown career", "use one that `publisher list careers` lists"),
    Code("L211", "unknown track", "use a track of the career"),
    # What a plan can be made for, and its files
    Code("L301", "day that no plan can have", "give days within reach, the deadline last"),
    Code(
        "L401",
        "malformed name of the files",
        "use up to 100 letters, digits, dots, hyphens and underscores",
    ),
    Code("L402", "two readers with the same files", "add out_name to one of them"),
)

READER_REMEDIES = {code.code: code.remedy for code in READER_CODES}
