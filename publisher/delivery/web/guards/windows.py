"""Moving windows in memory, for `limits`.

Its own keep every key they ever saw, and look through all of them again and again.
"""

import time
from collections import OrderedDict, deque

from limits.storage import MemoryStorage

MOST_KEYS = 20_000
"""Beyond them the key that was not seen for longest is forgotten, so that nobody fills memory."""


class Windows(MemoryStorage):
    """When each key was seen, in seconds of this process's clock."""

    def __init__(self, most_keys: int = MOST_KEYS) -> None:
        super().__init__()
        self.most_keys = most_keys
        self.seen: OrderedDict[str, deque[float]] = OrderedDict()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Note `amount` hits, unless there would be more than `limit` in `expiry` seconds."""
        hits = self._hits(key, expiry)
        if len(hits) + amount > limit:
            return False
        hits.extend([time.monotonic()] * amount)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002
        """When the window began, and the hits in it."""
        hits = self._hits(key, expiry)
        return (hits[0] if hits else time.monotonic()), len(hits)

    def _hits(self, key: str, expiry: int) -> deque[float]:
        hits = self.seen.setdefault(key, deque())
        self.seen.move_to_end(key)
        if len(self.seen) > self.most_keys:
            self.seen.popitem(last=False)
        oldest = time.monotonic() - expiry
        while hits and hits[0] <= oldest:
            hits.popleft()
        return hits
