"""Every code of a mistake in a file of answers. docs/diagnostics.md lists them.

Its form is that of a record, so mistakes of form have the codes of records (R0xx, R1xx).
"""

from publisher.records.codes import Code

ANSWER_CODES: tuple[Code, ...] = (
    Code("A201", "unknown question or task", "use a key of assessment.yaml"),
    Code("A202", "unknown option of a task", "use a key of its options, or unsure"),
    Code("A203", "unknown background", "use one that `publisher list backgrounds` lists"),
    Code("A204", "unknown goal", "use a key of the goal's options in assessment.yaml"),
    Code("A205", "unknown group of skills", "use a key of groups.yaml"),
    Code("A206", "unknown skill", "use one that `publisher list skills` lists"),
    Code("A301", "day that no plan can have", "give days within reach, the deadline last"),
)

ANSWER_REMEDIES = {code.code: code.remedy for code in ANSWER_CODES}
