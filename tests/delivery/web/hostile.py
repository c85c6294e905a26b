"""Requests that nobody means well, as bytes on the wire."""

from collections.abc import Iterator

UP = (
    "../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "..%252f..%252fetc%252fpasswd", "..\\..\\..\\windows\\win.ini", "..%5c..%5cdelivery.sqlite",
    "....//....//etc/passwd", "%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd", "/etc/passwd",
    "//etc/passwd", "file:///etc/passwd", "..%00/site.css", "site.css%00.html",
    "../templates/base.html", "..%2ftemplates%2fbase.html", ".git/config",
)  # fmt: skip

FORMULAS = (
    "{{1337*1337}}", "${1337*1337}", "#{1337*1337}", "<%= 1337*1337 %>", "{%print(1337*1337)%}",
    "{{site.__class__.__mro__}}", "{{config}}", "@(1337*1337)", "*{1337*1337}",
    "$(id)", "`id`", "<script>alert(1)</script>", "';alert(1)//", "%0a{{1337*1337}}",
)  # fmt: skip

QUERIES = (
    "' OR '1'='1", "1; DROP TABLE grant; --", "1) UNION SELECT address FROM subscriber --",
    '" OR ""="', "%27%20OR%201=1", "\\x27", "1/**/OR/**/1=1", "sleep(10)", "1' AND pg_sleep(10)--",
)  # fmt: skip

LINES = (
    "%0d%0aSet-Cookie:%20evil=1", "%0aSet-Cookie:%20evil=1", "%0d%0a%0d%0a<h1>evil</h1>",
    "%e5%98%8a%e5%98%8dSet-Cookie:%20evil=1", "\\r\\nSet-Cookie: evil=1", "%u000aSet-Cookie: evil",
)  # fmt: skip

BYTES = (b"%ff%fe", b"%c3%28", b"%ed%a0%80", b"%f8%88%80%80%80", b"%00", b"%", b"%zz", b"\xff\xfe",
         b"\xc3\xa9", b"%e2%80%ae", b"\x01", b"%ef%bb%bf")  # fmt: skip

CHARSETS = (
    "idna", "undefined", "hex", "zlib", "utf-7", "utf-16", "punycode", "unicode_escape",
    "raw_unicode_escape", "rot13", "mbcs", "x" * 500, "", "\\", "../../etc/passwd",
)  # fmt: skip


def url_quoted(text: str) -> bytes:
    """A text as a part of a path: only what would end the line is quoted."""
    return text.replace(" ", "%20").encode()


def get(path: bytes, *headers: bytes) -> bytes:
    lines = [b"GET " + path + b" HTTP/1.1", b"Host: x", b"Connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def post(path: bytes, body: bytes, *headers: bytes, length: int | None = None) -> bytes:
    size = str(len(body) if length is None else length).encode()
    lines = [b"POST " + path + b" HTTP/1.1", b"Host: x", b"Connection: close"]
    return b"\r\n".join([*lines, b"Content-Length: " + size, *headers]) + b"\r\n\r\n" + body


FORM = b"Content-Type: application/x-www-form-urlencoded"


def requests(page: str, leave: str, file: str, seal: str) -> Iterator[bytes]:
    """All of them, against a page, a link to leave, an address of a file; `seal` is the page's."""
    yield from _paths()
    yield from _fields(page.encode(), leave.encode(), seal.encode())
    yield from _headers(page.encode(), file.encode())
    yield from _bodies(page.encode(), leave.encode())
    yield from _broken(page.encode(), file.encode())


def _paths() -> Iterator[bytes]:
    for text in UP:
        for folder in ("/", "/static/", "/f/", "/d/"):
            yield get(folder.encode() + url_quoted(text))
    for text in (*FORMULAS, *QUERIES, *LINES):
        yield get(b"/d/" + url_quoted(text))
        yield get(b"/healthz?x=" + url_quoted(text))
    for some in BYTES:
        yield get(b"/u/" + some)
        yield get(b"/static/" + some)
        yield get(b"/healthz?" + some)


def _fields(page: bytes, leave: bytes, seal: bytes) -> Iterator[bytes]:
    for text in (*FORMULAS, *QUERIES, *LINES):
        some = url_quoted(text)
        yield post(page, b"form=" + seal + b"&file=" + some, FORM)
        yield post(page, b"form=" + some + b"&file=1", FORM)
        yield post(leave, b"List-Unsubscribe=" + some, FORM)
    for some in BYTES:
        yield post(page, b"form=" + seal + b"&file=" + some, FORM)
        yield post(leave, b"List-Unsubscribe=" + some, FORM)


def _headers(page: bytes, file: bytes) -> Iterator[bytes]:
    for text in (*FORMULAS, "evil.example", "x" * 3000, "' OR 1=1"):
        some = text.encode()
        for name in (b"User-Agent", b"X-Forwarded-For", b"X-Forwarded-Host", b"Referer", b"Cookie"):
            yield get(page, name + b": " + some)
        yield get(file, b"Range: " + some, b"If-Range: " + some)
        yield get(b"/static/site.css", b"If-None-Match: " + some, b"If-Modified-Since: " + some)
    for some in (b"bytes=-", b"bytes=", b"bytes=0-0" + b",0-0" * 5000, b"bytes=--1", b"bytes=1e9-"):
        yield get(file, b"Range: " + some)
    for path in (b"/healthz/", page + b"/", b"/static", b"//healthz", b"/."):
        yield get(path).replace(b"Host: x", b"Host: evil.example")
    yield get(b"//evil.example/d/x")
    yield get(b"http://evil.example/d/x")


def _bodies(page: bytes, leave: bytes) -> Iterator[bytes]:
    for path in (page, leave, b"/healthz"):
        yield post(path, b"x" * 200_000, FORM)
        yield post(path, b"x=1", FORM, length=10**12)
        yield post(path, b"&".join(b"a%d=1" % n for n in range(3000)), FORM)
        chunks = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        yield (
            b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + FORM
            + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks * 20
        )  # fmt: skip
    part = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
    whole = part + b"One-Cl\xff\r\n--b--\r\n"
    for charset in CHARSETS:
        kind = b"Content-Type: multipart/form-data; boundary=b; charset=" + charset.encode()
        yield post(leave, whole, kind)
    for kind in (
        b"multipart/form-data", b"multipart/form-data; boundary=", b"multipart/mixed; boundary=b",
        b"multipart/form-data; boundary=" + b"b" * 500, b"\xff", b"application/json", b"text/xml",
    ):  # fmt: skip
        yield post(leave, whole, b"Content-Type: " + kind)
    file = b'--b\r\nContent-Disposition: form-data; name="x"; filename="../../x"\r\n\r\nx\r\n--b--'
    for body in (
        part * 50,
        part,
        b"--b",
        b"--b--",
        file,
        whole.replace(b"name=", b"n="),
        b"\0" * 99,
    ):
        yield post(leave, body, b"Content-Type: multipart/form-data; boundary=b")
    yield post(leave, b"\x1f\x8b" + b"\0" * 99, FORM, b"Content-Encoding: gzip")


def _broken(page: bytes, file: bytes) -> Iterator[bytes]:
    for method in (
        b"TRACE",
        b"CONNECT",
        b"PUT",
        b"DELETE",
        b"PROPFIND",
        b"X" * 300,
        b"get",
        b"{{7}}",
    ):
        for path in (page, file):
            yield get(path).replace(b"GET", method, 1)
    yield get(b"/" + b"x" * 2000)
    yield get(b"/" + b"x" * 200_000)
    yield get(page + b"?" + b"x" * 2000)
    yield get(page, b"X: " + b"x" * 100_000)
    yield get(page, *[b"X%d: x" % n for n in range(2000)])
    yield get(page, b"Upgrade: websocket", b"Sec-WebSocket-Key: x", b"Sec-WebSocket-Version: 13")
    yield get(page, b"Upgrade: h2c", b"HTTP2-Settings: x")
    yield get(page, b"no colon here")
    yield get(page, b" folded: x")
    yield get(page, b"Transfer-Encoding: chunked", b"Content-Length: 3") + b"0\r\n\r\nGET /x"
    yield get(page, b"Content-Length: -1")
    yield get(page, b"Content-Length: 1", b"Content-Length: 2")
    yield get(page).replace(b"HTTP/1.1", b"HTTP/9.9")
    yield get(page).replace(b"Host: x\r\n", b"")
    yield get(page).replace(b"Host: x", b"Host: x\r\nHost: y")
    yield get(page).replace(b"Host: x", b"Host: " + b"[::1" + b"]" * 9)
    yield b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    yield b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    yield b"\0" * 4000
    yield b"GET\r\n\r\n"
    yield b"\r\n\r\n\r\n"
    yield b"*" * 100
