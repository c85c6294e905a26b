"""A name server on loopback that answers from records written as in a zone file."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.zone


class Answer(socketserver.BaseRequestHandler):
    """Answers one question; a question about `mute.` gets no answer, about `broken.` a failure."""

    server: "NameServer"

    def handle(self) -> None:
        """Answer by UDP."""
        packet, socket = self.request
        query = dns.message.from_wire(packet)
        question = query.question[0]
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        name = str(question.name)
        if name == "mute.":
            return
        if name == "broken.":
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif self.server.zone.get_node(question.name) is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        else:
            found = self.server.zone.get_rrset(question.name, question.rdtype)
            reply.answer = [found] if found else []
        socket.sendto(reply.to_wire(), self.client_address)


class NameServer(socketserver.ThreadingUDPServer):
    """Holds the records."""

    daemon_threads = True

    def __init__(self, records: str) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        text = f"$TTL 60\n{records}"
        self.zone = dns.zone.from_text(text, ".", relativize=False, check_origin=False)


@contextmanager
def name_server(records: str) -> Iterator[int]:
    """The port of a name server that runs until the block ends."""
    with NameServer(records) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
