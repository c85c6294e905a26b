"""A folder of an object store, through fsspec."""

import errno
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from publisher.build.folders import HOUR, File, checked, part_name, visible

OPTIONS = {
    # Others write too: a listing is never older than the question.
    "use_listings_cache": False,
    # A file comes with one request, so it is of one version, and its size is not asked first.
    "max_concurrency": 1,
}
"""What every file system is opened with. Where it is and who we are comes from the environment."""

REMOVALS = 16
"""So many requests to remove files are under way at once."""


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder by URL: `s3://bucket/prefix`. A put of an object store is whole by itself.

    `ConnectionError` says that the store did not answer, after what retries its client makes.
    """

    url: str
    _used: dict[str, float] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Names to when they were last used, as far as this process knows."""

    def __str__(self) -> str:
        return self.url

    def __reduce__(self) -> tuple[type["RemoteFolder"], tuple[str]]:
        return RemoteFolder, (self.url,)

    def prepare(self) -> None:
        """See that the folder takes files, by writing one. Raises `OSError`."""
        probe = part_name()
        self._put(probe, b"")
        with suppress(OSError):  # who may write may yet be forbidden to remove
            self.remove(probe)

    def read(self, name: str) -> bytes:
        """The content of a file, of one version. Raises `OSError`."""
        system, path = self._found(name)
        with _os_errors():
            content: bytes = system.cat_file(path)
            return content

    def write(self, name: str, content: bytes) -> None:
        """Put a file. Raises `OSError`."""
        self._put(visible(name), content)
        self._used[name] = time.time()

    def mark_used(self, name: str, content: bytes) -> None:
        """Put the file again if that was last done more than an hour ago."""
        # An object's time is that of its put. It costs a request, so we ask once an hour.
        if self._used_lately(name):
            return
        system, path = self._found(name)
        with suppress(OSError), _os_errors():
            self._used[name] = system.modified(path).timestamp()
            if not self._used_lately(name):
                self.write(name, content)

    def remove(self, *names: str) -> None:
        """Remove files. Raises `OSError`."""
        with ThreadPoolExecutor(REMOVALS) as pool:
            list(pool.map(self._remove, names))

    def files(self, *, unfinished: bool = False) -> Iterator[File]:
        """All files; probes only if `unfinished`. Raises `OSError`."""
        system, base = self._opened()
        with _os_errors():
            found = system.find(base, detail=True)
        for path, about in found.items():
            file = File(path.removeprefix(f"{base}/"), about["size"], _time(about))
            # Consoles show a folder by making an object whose name ends with a slash.
            if not path.endswith("/") and (unfinished or not file.hidden):
                yield file

    def _opened(self) -> tuple[Any, str]:
        """The file system, which fsspec keeps for the process, and the folder's path in it."""
        # Local folders do without it, and loading it takes longer than reading them.
        from fsspec.core import url_to_fs  # noqa: PLC0415

        with _os_errors():
            system, base = url_to_fs(self.url, **OPTIONS)
        return system, base

    def _found(self, name: str) -> tuple[Any, str]:
        system, base = self._opened()
        return system, f"{base}/{checked(name)}"

    def _put(self, name: str, content: bytes) -> None:
        system, path = self._found(name)
        with _os_errors():
            system.pipe_file(path, content)

    def _remove(self, name: str) -> None:
        system, path = self._found(name)
        with suppress(FileNotFoundError), _os_errors():
            system.rm_file(path)

    def _used_lately(self, name: str) -> bool:
        return time.time() - self._used.get(name, 0.0) <= HOUR


def _time(about: dict[str, Any]) -> float:
    """When an object was put, in seconds since 1970, as its file system tells it."""
    put = about.get("LastModified", about.get("created"))
    return put.timestamp() if isinstance(put, datetime) else float(put or 0.0)


@contextmanager
def _os_errors() -> Iterator[None]:
    """Raise whatever a file system raises as an `OSError` with its reason."""
    try:
        yield
    except FileNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, _reason(error)) from error
    except PermissionError as error:
        raise PermissionError(errno.EACCES, _reason(error)) from error
    except (ConnectionError, TimeoutError) as error:
        raise ConnectionError(errno.ECONNABORTED, _reason(error)) from error
    except OSError as error:
        raise OSError(error.errno or errno.EIO, _reason(error)) from error
    except Exception as error:
        # Their clients have exceptions of their own for a request that had no answer.
        raise ConnectionError(errno.ECONNABORTED, _reason(error)) from error


def _reason(error: Exception) -> str:
    """What an exception says, on one line and without the credentials of an address."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return re.sub(r"//[^/\s]*@", "//", " ".join(text.split()))
