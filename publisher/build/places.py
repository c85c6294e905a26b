"""Places that people name: a path, or the URL of a folder."""

import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from publisher.build.folders import Folder, LocalFolder, checked
from publisher.build.remote_folder import RemoteFolder

MODULES = {"s3": "s3fs", "memory": "fsspec"}
"""Scheme to the module that knows it: object stores, since their puts are whole by themselves."""

URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
SLASH_MISSING = re.compile(rf"({'|'.join(MODULES)}|file):/?(?!/).*", re.DOTALL)
"""Such is a URL that went through `pathlib`, too."""


def folder_at(place: str | Path) -> Folder:
    """The folder at a path or URL. Nothing is made or asked yet.

    Raises `ValueError` that says what is wrong with the place and how to write it.
    """
    known = place_of(place)
    return LocalFolder(known) if isinstance(known, Path) else RemoteFolder(known)


def place_of(place: str | Path) -> str | Path:
    """A path as `Path`, the URL of an object store as text without a slash at its end.

    Raises `ValueError` that says what is wrong with the place and how to write it.
    """
    text = str(place)
    if not text or "\0" in text:
        raise ValueError("give the path or the URL of a folder")
    if SLASH_MISSING.fullmatch(text):
        raise ValueError(f"a URL has two slashes after {text.partition(':')[0]!r}:")
    match = URL.fullmatch(text)
    if not match:
        return Path(place)
    scheme, rest = match[1].lower(), match[2]
    if scheme == "file":
        return _local(rest)
    _check_known(scheme)
    _check_inside(scheme, rest.rstrip("/"))
    return f"{scheme}://{rest.rstrip('/')}"


def _local(rest: str) -> Path:
    path = unquote(rest.removeprefix("localhost"))
    if not path.startswith("/") or "\0" in path:
        raise ValueError("write the URL of a local folder as file:///its/path")
    return Path(path)


def _check_known(scheme: str) -> None:
    if scheme not in MODULES:
        raise ValueError(
            f"{scheme}:// is no place for files; give a path, file:///its/path or s3://bucket/prefix"
        )
    if find_spec(MODULES[scheme]) is None:
        raise ValueError(
            f"{scheme}:// needs the package {MODULES[scheme]}; install the extra {scheme!r}"
        )


def _check_inside(scheme: str, rest: str) -> None:
    # What is said here does not show the URL, since it may hold a secret.
    bucket, _, prefix = rest.partition("/")
    if "@" in bucket:
        raise ValueError("keep credentials out of the URL; the environment has room for them")
    if scheme == "s3" and not re.fullmatch(r"[A-Za-z0-9._-]+", bucket):
        raise ValueError("name the bucket, as s3://bucket/prefix")
    if re.search(r"[?#]|::", rest):
        raise ValueError("leave '?', '#' and '::' out of the URL of a folder")
    if prefix:
        checked(prefix)
