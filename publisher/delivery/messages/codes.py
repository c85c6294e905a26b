"""Every code of a fault in a finished message. docs/diagnostics.md lists them.

None is a mistake of an operator: a message that has one is not sent, and its maker is at fault.
"""

from publisher.records.codes import Code

MESSAGE_CODES: tuple[Code, ...] = (
    Code("M101", "end of a line", "end every line in CR LF, and use neither elsewhere"),
    Code("M102", "line too long", "fold it"),
    Code("M103", "octets above 127", "encode the part or the field"),
    Code("M201", "field missing or more than once", "write it once"),
    Code("M202", "encoded-word", "keep it to 75 characters, apart, and out of fields of tokens"),
    Code("M203", "malformed Message-ID, Date or sender", "write it as RFC 5322 has it"),
    Code("M204", "field of a list", "give one https address, as RFC 8058 has it"),
    Code("M301", "order of the parts", "text first, HTML last, files behind"),
    Code(
        "M302", "encoding of a part", "name the character set, and use quoted-printable or base64"
    ),
    Code("M303", "text and HTML say different things", "give both the same addresses"),
    Code("M304", "name of a file", "name each file, without a path"),
)
