"""What has gone out, piece by piece, and who counts it."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text
from starlette.types import Message, Scope

from publisher.delivery.store.database import Database
from publisher.delivery.store.tables import DOWNLOAD
from publisher.delivery.web.counted import CountedFile
from publisher.delivery.web.grants import (
    File,
    Grant,
    count,
    files_of,
    find_grant,
    find_opened,
    open_file,
)
from publisher.delivery.web.served import Served
from tests.delivery.web.serving import Ledger
from tests.runs import until

PIECE = CountedFile.chunk_size


class Server:
    """Takes pieces of a response as a server does, until the reader is gone; then without a word.

    `pieces` is how many of them the reader waits for.
    """

    def __init__(self, pieces: int) -> None:
        self.pieces, self.gone, self.room = pieces, asyncio.Event(), asyncio.Event()

    async def send(self, message: Message) -> None:
        if not message.get("body"):
            return
        if self.pieces:
            self.pieces -= 1
            return
        asyncio.get_running_loop().call_soon(self.lose)
        await self.room.wait()

    def lose(self) -> None:
        """The connection is lost: uvicorn says so first, and then lets go who waits for room."""
        self.gone.set()
        self.room.set()

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}


def gone_out(folder: Path, size: int, pieces: int, *headers: tuple[bytes, bytes]) -> list[Served]:
    """What is counted of a file of `size` bytes, of which the server takes some pieces."""
    path, told = folder / "file", []
    path.write_bytes(bytes(size))
    file = File(1, "file", "file", "text/plain", "digest", size)

    async def record(served: Served) -> None:
        told.append(served)

    async def run() -> None:
        server = Server(pieces)
        scope: Scope = {"type": "http", "method": "GET", "headers": list(headers)}
        await CountedFile(path, path.stat(), file, record)(scope, server.receive, server.send)

    asyncio.run(run())
    return told


@pytest.mark.parametrize("pieces", [0, 1, 2, 3])
def test_a_piece_that_nobody_took_is_not_counted(tmp_path: Path, pieces: int) -> None:
    """Not even the last one, behind which nothing more is sent."""
    size = 2 * PIECE + 100
    expected = Served().with_range(0, min(pieces * PIECE, size))
    assert ([expected] if pieces else []) == gone_out(tmp_path, size, pieces)


def test_a_part_is_counted_where_it_lies_in_the_file(tmp_path: Path) -> None:
    asked = (b"range", f"bytes={PIECE}-".encode())
    size = 3 * PIECE
    assert [Served(((PIECE, 2 * PIECE),))] == gone_out(tmp_path, size, 1, asked)
    assert [Served(((PIECE, size),))] == gone_out(tmp_path, size, 9, asked)


def test_two_parts_that_end_at_once_are_both_counted(database: Database, tmp_path: Path) -> None:
    """The second waits for the first, and adds to what that has written."""
    ledger = Ledger(database, tmp_path)
    identifier = ledger.granted(b"0123456789")
    with database.writing() as connection:
        grant = find_grant(connection, identifier)
        assert isinstance(grant, Grant)
        address = open_file(connection, grant, files_of(connection, grant)[0])
        opened = find_opened(connection, address)
    assert opened
    began, complete = threading.Event(), []

    def second() -> None:
        began.set()
        with database.writing() as connection:
            complete.append(count(connection, opened, Served(((5, 10),))))

    thread = threading.Thread(target=second)
    with database.writing() as connection:
        assert not count(connection, opened, Served(((0, 5),)))
        thread.start()
        began.wait()
        if not database.is_sqlite:  # there a writer waits before it begins
            until(lambda: _waiting(database))
    thread.join()
    assert [True] == complete
    assert 1 == ledger.downloads(identifier)
    with database.reading() as connection:
        (row,) = connection.execute(select(DOWNLOAD)).all()
    assert Served(((0, 10),)) == Served.of(row.served)


def _waiting(database: Database) -> bool:
    """Whether a transaction of PostgreSQL waits for another one."""
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with database.reading() as connection:
        return bool(connection.execute(query).scalar_one())
