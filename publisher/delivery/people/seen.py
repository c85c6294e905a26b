"""Which addresses a file has named already, on disk, since a file may have more than memory."""

import sqlite3
from contextlib import closing

from publisher.delivery.keys import Keys


class Seen:
    """Notes each address once, blinded, with the line that named it."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        # A database without a name is a file of its own, which nobody else sees and which ends
        # with the connection.
        self.connection = sqlite3.connect("", isolation_level=None)
        self.connection.execute(
            "CREATE TABLE seen (address BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID"
        )
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.execute("BEGIN")

    def close(self) -> None:
        """Forget them all."""
        self.connection.close()

    def first_line(self, address_key: str, line: int) -> int:
        """The line that named an address first, which is this one if none did."""
        blinded = bytes.fromhex(self.keys.address_hash(address_key))[:16]
        with closing(self.connection.cursor()) as cursor:
            cursor.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (blinded, line))
            if cursor.rowcount:
                return line
            cursor.execute("SELECT line FROM seen WHERE address = ?", (blinded,))
            found: tuple[int] = cursor.fetchone()
            return found[0]
