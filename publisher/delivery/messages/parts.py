"""The parts of a message as they go over the wire (RFC 2045, RFC 2046).

Everything is in seven bits and short lines, so that no relay rewrites what is signed.
"""

import binascii
from collections.abc import Sequence
from email.message import MIMEPart
from email.policy import SMTP

from publisher.delivery.letter import Attachment
from publisher.delivery.messages.words import one_line

FILES = SMTP.clone(cte_type="7bit", max_line_length=76)
"""Writes names of files as in RFC 2231, and lines as in RFC 2045, section 6.8."""


def text(subtype: str, content: str) -> bytes:
    """A part of words in quoted-printable. Lines of `content` end in a line feed."""
    # The library goes by the first end of a line that it finds, so there is to be one.
    octets = (content.rstrip("\n") + "\n").replace("\n", "\r\n").encode("utf-8")
    head = (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode("ascii") + binascii.b2a_qp(octets)


def file(attachment: Attachment) -> bytes:
    """A part with a file in base64. Raises `ValueError` for a name with control characters."""
    kind, _, subtype = attachment.media_type.partition("/")
    name = one_line(attachment.filename).replace("/", "-").replace("\\", "-")
    part = MIMEPart(FILES)
    part.set_content(attachment.content, kind, subtype, disposition="attachment", filename=name)
    return part.as_bytes()


def multipart(subtype: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """Parts together, with a boundary that stands in none of them."""
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'
    start, end = f"--{boundary}\r\n".encode(), f"--{boundary}--\r\n".encode()
    return head.encode("ascii") + b"".join(start + part + b"\r\n" for part in parts) + end
