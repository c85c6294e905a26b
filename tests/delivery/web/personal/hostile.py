"""Requests to the personal pages that nobody means well, as bytes on the wire."""

from collections.abc import Iterator
from urllib.parse import urlencode

from tests.delivery.web.hostile import (
    BYTES,
    CHARSETS,
    FORM,
    FORMULAS,
    LINES,
    QUERIES,
    UP,
    get,
    post,
    url_quoted,
)
from tests.delivery.web.personal.forms import ANSWERS, PLAN

PLACES = (b"/plan", b"/plan/copy", b"/plan/send", b"/assessment", b"/assessment/result")

FIELDS = (
    "name", "career", "background", "track", "hours_per_week", "start", "deadline", "pause",
    "paper", "format", "email", "news", "skill.drawing", "skill.", "skill.../../x", "form",
)  # fmt: skip

NUMBERS = (
    "1e309", "-1e309", "1e-400", "9" * 400, "-0", "NaN", "+inf", "0x10", "1_0", "٣", "½", "1,5",
    "0.999999999999", "80.0000001", "true", "null", "[]", "{}", "' ", "1;1",
)  # fmt: skip

DAYS = (
    "0000-00-00", "9999-12-31", "0001-01-01", "2027-W01-1", "20270101", "2027-1-1", "-2027-01-01",
    "2027-01-01T00:00:00Z", "10000-01-01", "2027-02-29", "٢٠٢٧-٠١-٠١", "1969-12-31", "2200-12-31",
)  # fmt: skip

NAMES = (
    "\x00", "\u202eadA", "\ud800", "\uffff", "a\r\nBcc: x@evil.example", "\u0301" * 100,
    "<b>x</b>", "\"' onload=alert(1)", "../../etc/passwd", "=cmd|' /C calc'!A0", "%s%n", "学習",
    "a" * 501, "\U0001f600" * 50, " ", "\t", "ﷺ" * 100, "A\u0000B",
)  # fmt: skip


def requests(seal: str) -> Iterator[bytes]:
    """All of them; `seal` is that of the form of a plan."""
    yield from _values(seal)
    yield from _shapes(seal)
    yield from _addresses()


def _form(place: bytes, fields: dict[str, str], **more: str) -> bytes:
    text = urlencode({**fields, **more}, errors="surrogatepass")
    return post(place, text.encode(), FORM)


def _values(seal: str) -> Iterator[bytes]:
    sealed = {**PLAN, "format": "json", "email": "nobody", "form": seal}
    for formula in (*FORMULAS, *UP, *QUERIES, *LINES):
        for field in ("name", "career", "background", "email", "format"):
            yield _form(b"/plan/copy", sealed, **{field: formula})
        yield _form(b"/plan/send", sealed, email=formula)
        yield _form(b"/assessment/result", ANSWERS, background=formula)
    for place in (b"/plan", b"/plan/copy", b"/plan/send"):
        for number in NUMBERS:
            yield _form(place, sealed, hours_per_week=number)
            yield _form(place, sealed, **{"skill.drawing": number})
        for day in DAYS:
            yield _form(place, sealed, start=day)
            yield _form(place, sealed, deadline=day)
            yield _form(place, sealed, pause=day)
        for name in NAMES:
            yield _form(place, sealed, name=name)
            yield _form(place, sealed, email=f"{name}@inbox.example")
    for number in (*NUMBERS, *NAMES):
        for field in ("hours_per_week", "scales.old-maps", "tasks.slope", "groups.field", "goal"):
            yield _form(b"/assessment/result", ANSWERS, **{field: number})
    for day in DAYS:
        yield _form(b"/assessment/result", ANSWERS, start=day, deadline=day)


def _shapes(seal: str) -> Iterator[bytes]:
    whole = urlencode({**PLAN, "form": seal}).encode()
    for place in PLACES:
        for field in FIELDS:
            twice = f"&{field}=1&{field}=2".encode()
            yield post(place, whole + twice, FORM)
        for some in BYTES:
            yield post(place, whole + b"&name2=" + some, FORM)
            yield post(place, whole.replace(b"name=Ada", b"name=" + some), FORM)
            yield post(place, some + b"=1", FORM)
        for charset in CHARSETS:
            kind = b"Content-Type: application/x-www-form-urlencoded; charset=" + charset.encode()
            yield post(place, whole, kind)
        yield post(place, b"", FORM)
        yield post(place, whole)
        yield post(place, b'{"name": "x"}', b"Content-Type: application/json")
        yield post(place, b"x" * 200_000, FORM)
        yield post(place, b"&".join(b"skill.a%d=1" % n for n in range(500)), FORM)
        yield post(place, b"&".join(b"pause=2027-01-%02d" % (n % 28 + 1) for n in range(150)), FORM)
        file = (
            b'--b\r\nContent-Disposition: form-data; name="name"; filename="../../x"\r\n\r\nx'
            b"\r\n--b--\r\n"
        )
        yield post(place, file, b"Content-Type: multipart/form-data; boundary=b")
        yield post(place, file[:40], b"Content-Type: multipart/form-data; boundary=b")
        for header in (b"HX-Request: true", b"HX-Request: {{1337*1337}}", b"Sec-Fetch-Site: x"):
            yield post(place, whole, FORM, header)
        for method in (b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE"):
            yield get(place).replace(b"GET", method, 1)
    yield post(b"/plan/copy", whole + b"&format=pdf%00", FORM)
    yield post(b"/plan/copy", whole + b"&format=../pdf", FORM)


def _addresses() -> Iterator[bytes]:
    for text in (*UP, *FORMULAS, *QUERIES, *LINES, "x" * 900):
        some = url_quoted(text)
        yield get(b"/plan?career=" + some)
        yield get(b"/plan?background=" + some)
        yield get(b"/plan/" + some)
        yield get(b"/assessment/" + some)
        yield get(b"/g/" + some)
        yield post(b"/g/" + some, b"form=x", FORM)
    for some in BYTES:
        yield get(b"/plan?background=surveyor&track=" + some)
        yield get(b"/plan?" + some + b"=" + some)
    yield get(b"/plan?background=surveyor&background=surveyor")
    yield get(b"/plan?" + b"&".join(b"a%d=1" % n for n in range(200)))
