"""An SMTP server that does whatever a test wants to go wrong, and remembers what it has taken.

What goes wrong stands in the recipient: `<stage>-<fault>[-<times>].<anything>@…`, so often as
`times` says (once without it). The envelope sender must hold the same, as `b+<local part>@…`.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

STAGES = ("mail", "rcpt", "data", "body", "dot")
FAULTS = ("421", "451", "550", "garbage", "cut", "hang", "slow")
AFTER_DOT = ("accept-then-cut", "accept-then-late")

WANTED = re.compile(r"([a-z]+)-(\w+|accept-then-\w+)(?:-(\d+))?\.")
MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE | re.IGNORECASE)

SLOW = 0.2
"""Seconds that a slow server takes; less than clients of tests wait."""

REPLIES = {
    "421": "421 4.3.2 closing",
    "451": "451 4.3.0 not now",
    "550": "550 5.1.1 nobody here",
    "garbage": "what do you want from me",
    "450": "450 4.2.0 greylisted",
    "552full": "552 5.2.2 mailbox full",
    "550refused": "550 5.7.515 access denied, <{recipient}> has a domain without DMARC",
    "450policy": "450 4.7.1 <{recipient}>: too fast",
}


class _Cut(Exception):  # noqa: N818  # it is no error here
    """The connection is to be closed."""


@dataclass
class FaultServer:
    """A server on loopback. `accepted` and `begun` are Message-IDs, in their order."""

    port: int = 0
    accepted: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    """Of what was accepted."""
    begun: list[str] = field(default_factory=list)
    """All of which some text has come, accepted or not."""
    greetings: list[str] = field(default_factory=list)
    """What the next connections are greeted with."""
    extensions: tuple[str, ...] = ("SIZE 10000000", "SMTPUTF8", "ENHANCEDSTATUSCODES")
    on_accepted: Callable[[int], None] | None = None
    """Is told how many were accepted, before the client is."""
    done: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    most_at_once: int = 0
    ending: bool = False
    _open: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        try:
            # A task that says it was cancelled makes the streams' own callback fail.
            with suppress(
                _Cut, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError
            ):
                await _Talk(self, reader, writer).run()
        finally:
            self._open -= 1
            writer.transport.abort() if self.ending else writer.close()

    def fault(self, stage: str, recipient: str) -> str:
        """What shall go wrong at a stage for a recipient, if not as often as wanted yet."""
        wanted = WANTED.match(recipient)
        if not wanted or wanted[1] != stage:
            return ""
        key = f"{stage}:{recipient}"
        if self.done[key] >= int(wanted[3] or 1):
            return ""
        self.done[key] += 1
        return wanted[2]

    def accept(self, message_id: str, recipient: str) -> None:
        """From here on the message is the server's."""
        self.accepted.append(message_id)
        self.recipients.append(recipient)
        if self.on_accepted:
            self.on_accepted(len(self.accepted))

    @property
    def twice(self) -> set[str]:
        """What was accepted more than once."""
        return {each for each, number in Counter(self.accepted).items() if number > 1}


class _Talk:
    def __init__(
        self, server: FaultServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.recipient = ""

    async def run(self) -> None:
        greeting = self.server.greetings.pop(0) if self.server.greetings else "220 faults.example"
        if greeting == "cut":
            raise _Cut
        if greeting == "hang":
            await self._hang()
        await self._say(greeting)
        while line := (await self.reader.readline()).decode("utf-8").strip():
            verb, _, rest = line.partition(" ")
            await self._answer(verb.upper(), rest)

    async def _answer(self, verb: str, rest: str) -> None:
        match verb:
            case "EHLO":
                lines = ("faults.example", *self.server.extensions)
                for each in lines[:-1]:
                    await self._say(f"250-{each}")
                await self._say(f"250 {lines[-1]}")
            case "MAIL":
                sender = rest.partition("<b+")[2].partition(">")[0]
                if not await self._goes_wrong("mail", sender):
                    await self._say("250 2.1.0 Ok")
            case "RCPT":
                self.recipient = rest.partition("<")[2].partition(">")[0]
                if not await self._goes_wrong("rcpt", self.recipient):
                    await self._say("250 2.1.5 Ok")
            case "DATA":
                if not await self._goes_wrong("data", self.recipient):
                    await self._say("354 go ahead")
                    await self._text()
            case "QUIT":
                await self._say("221 2.0.0 Bye")
                raise _Cut
            case _:
                await self._say("250 2.0.0 Ok")

    async def _text(self) -> None:
        first = await self.reader.readuntil(b"\r\n\r\n")
        found = MESSAGE_ID.search(first)
        message_id = found[1].decode() if found else "?"
        self.server.begun.append(message_id)
        if await self._goes_wrong("body", self.recipient):
            raise _Cut
        await self.reader.readuntil(b"\r\n.\r\n")
        fault = self.server.fault("dot", self.recipient)
        if fault in ("", "slow", "accept"):
            await self._slow(fault)
            self.server.accept(message_id, self.recipient)
            await self._say("250 2.0.0 Ok: queued as Q" + str(len(self.server.accepted)))
        elif fault.startswith("accept-then-"):
            self.server.accept(message_id, self.recipient)
            if fault.endswith("late"):
                await asyncio.sleep(3)
                await self._say("250 2.0.0 Ok: queued as LATE")
            raise _Cut
        else:
            await self._do(fault, self.recipient)

    async def _goes_wrong(self, stage: str, recipient: str) -> bool:
        fault = self.server.fault(stage, recipient)
        if fault in ("", "slow"):
            await self._slow(fault)
            return False
        await self._do(fault, recipient)
        return True

    async def _do(self, fault: str, recipient: str) -> None:
        if fault == "cut":
            raise _Cut
        if fault == "hang":
            await self._hang()
        await self._say(REPLIES[fault].format(recipient=recipient))
        if fault == "421":
            raise _Cut

    async def _slow(self, fault: str) -> None:
        if fault == "slow":
            await asyncio.sleep(SLOW)

    async def _hang(self) -> None:
        """Say nothing until the client has gone."""
        await self.reader.read()
        raise _Cut

    async def _say(self, line: str) -> None:
        self.writer.write(line.encode() + b"\r\n")
        await self.writer.drain()


@contextmanager
def fault_server() -> Iterator[FaultServer]:
    """A server, in a thread, until the block ends."""
    server, started = FaultServer(), Event()
    ends: list[Callable[[], object]] = []

    async def serve() -> None:
        end = asyncio.Event()
        loop = asyncio.get_running_loop()
        ends.append(lambda: loop.call_soon_threadsafe(end.set))
        listening = await asyncio.start_server(server.talk, "127.0.0.1", 0, limit=2**26)
        server.port = listening.sockets[0].getsockname()[1]
        started.set()
        await end.wait()
        server.ending = True
        listening.close()
        talks = asyncio.all_tasks(loop) - {asyncio.current_task()}
        for each in talks:
            each.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await asyncio.sleep(0)  # the transports end

    thread = Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    started.wait(10)
    try:
        yield server
    finally:
        ends[0]()
        thread.join(10)
