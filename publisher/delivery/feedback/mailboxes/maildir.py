"""A Maildir: each mail is a file, and what is read has an S behind its name."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from publisher.delivery.feedback.mailboxes.mailbox import Mail, MailboxError
from publisher.delivery.feedback.parts import LONGEST_READ

NEW, CURRENT = "new", "cur"
INFO = ":2,"
"""Between a mail's name and its flags."""

READ, TRASHED = "S", "T"


@dataclass(frozen=True, slots=True)
class Maildir:
    """The mails of a folder with `new` and `cur` in it."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "Maildir":
        """The Maildir of a folder. Raises `MailboxError` when it is none."""
        missing = next((each for each in (NEW, CURRENT) if not (folder / each).is_dir()), None)
        if missing:
            raise MailboxError(f"{folder} is no Maildir: it has no folder {missing!r}")
        return cls(folder)

    def unread(self) -> Iterator[Mail]:
        """The mails of `new`, and those of `cur` that have neither S nor T, by name."""
        found = [file for each in (NEW, CURRENT) for file in self._files(each)]
        for file in sorted(found, key=lambda file: file.name):
            if not {READ, TRASHED} & set(_flags(file)):
                with suppress(FileNotFoundError):  # somebody else has read it meanwhile
                    yield _mail(file)

    def mark(self, mail: Mail) -> None:
        """Move a mail to `cur`, with S behind its name."""
        file = self.folder / mail.key
        flags = "".join(sorted({*_flags(file), READ}))
        try:
            file.rename(self.folder / CURRENT / f"{_unique(file)}{INFO}{flags}")
        except FileNotFoundError:
            return
        except OSError as error:
            raise _trouble(file, error) from error

    def _files(self, part: str) -> list[Path]:
        try:
            with os.scandir(self.folder / part) as entries:
                return [
                    Path(entry.path)
                    for entry in entries
                    if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
                ]
        except OSError as error:
            raise _trouble(self.folder / part, error) from error


def _mail(file: Path) -> Mail:
    key = f"{file.parent.name}/{file.name}"
    try:
        with file.open("rb") as stream:
            return Mail(str(file), key, stream.read(LONGEST_READ))
    except FileNotFoundError:
        raise
    except OSError as error:
        return Mail(str(file), key, trouble=error.strerror or str(error))


def _flags(file: Path) -> str:
    return file.name.partition(INFO)[2]


def _unique(file: Path) -> str:
    return file.name.partition(INFO)[0]


def _trouble(path: Path, error: OSError) -> MailboxError:
    return MailboxError(f"{path}: {error.strerror or error}")
