"""A Postfix on loopback, with a folder of its own and nothing of the system's."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.runs import until
from tests.servers.folders import answers, free_port, served_folder
from tests.validators.programs import missing

MAIN = """\
compatibility_level = 3.6
queue_directory = {base}/spool
data_directory = {base}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {base}/log/maillog
maillog_file_prefixes = {base}/log
multi_instance_enable = no
myhostname = mx.test.example
mydestination =
alias_maps =
local_recipient_maps =
local_transport = error:local mail disabled
default_transport = error:5.4.4 no mail leaves this machine
relay_transport = error:5.4.4 no mail leaves this machine
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access regexp:{base}/etc/recipients
virtual_mailbox_domains = inbox.example, guides.example, hard.example, full.example, soft.example
virtual_mailbox_base = {base}/mail
virtual_mailbox_maps = texthash:{base}/etc/mailboxes
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
virtual_mailbox_limit = 0
transport_maps = regexp:{base}/etc/transport
recipient_delimiter = +
smtputf8_enable = yes
message_size_limit = 26214400
minimal_backoff_time = 2s
maximal_backoff_time = 5s
queue_run_delay = 2s
maximal_queue_lifetime = 10s
bounce_queue_lifetime = 10s
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
"""

MASTER = """\
127.0.0.1:{port} inet n - n - 50 smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
fails unix - n n - 10 pipe
  flags=q user=nobody argv={base}/etc/fails ${{domain}}
postlog unix-dgram n - n - 1 postlogd
"""

FILES = {
    # What is answered to RCPT.
    "recipients": """\
/^hard-rcpt/ 550 5.1.1 User unknown
/^full-rcpt/ 452 4.2.2 Mailbox full, try later
/^grey-rcpt/ 450 4.2.0 Greylisted, try again later
/^policy-rcpt/ 550 5.7.1 Message rejected as spam
""",
    "mailboxes": """\
@guides.example guides/
@inbox.example inbox/
@hard.example unused/
@full.example unused/
@soft.example unused/
""",
    "transport": "/@(hard|full|soft)\\.example$/ fails:\n",
    # Accepted over SMTP, but it fails afterwards, so that Postfix writes a bounce.
    "fails": """\
#!/bin/sh
case $1 in
hard.example) echo "5.1.1 no such user here"; exit 67;;
full.example) echo "5.2.2 mailbox is full"; exit 69;;
soft.example) echo "4.2.2 mailbox over quota"; exit 75;;
esac
""",
}


@dataclass
class Postfix:
    """A server that keeps what it takes for *@inbox.example and *@guides.example in Maildirs.

    Whatever comes back, it puts into `guides`, if the sender was somebody@guides.example.
    """

    base: Path
    port: int = field(default_factory=free_port)

    @property
    def log(self) -> Path:
        """Its log."""
        return self.base / "log" / "maillog"

    def maildir(self, name: str = "inbox") -> Path:
        """The Maildir of `inbox` or `guides`."""
        return self.base / "mail" / name

    def mails(self, name: str = "inbox") -> list[Path]:
        """What has come into a Maildir, with its final name."""
        return sorted((self.maildir(name) / "new").glob("*"))

    def configure(self, **files: str) -> None:
        """Write the configuration; `files` replaces some of FILES."""
        for name in ("etc", "spool", "data", "log", "mail"):
            (self.base / name).mkdir(exist_ok=True)
        self.base.chmod(0o755)
        shutil.chown(self.base / "data", "postfix")
        shutil.chown(self.base / "mail", "nobody", "nogroup")
        etc = self.base / "etc"
        (etc / "main.cf").write_text(MAIN.format(base=self.base), "ascii")
        (etc / "master.cf").write_text(MASTER.format(base=self.base, port=self.port), "ascii")
        for name, text in {**FILES, **files}.items():
            (etc / name).write_text(text, "ascii")
        (etc / "fails").chmod(0o755)

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._postfix("start")
        until(lambda: answers(self.port))

    def stop(self) -> None:
        """End it."""
        self._postfix("stop")

    def _postfix(self, command: str) -> None:
        subprocess.run(
            ["postfix", "-c", self.base / "etc", command],
            check=True, capture_output=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip


@contextmanager
def postfix(**files: str) -> Iterator[Postfix]:
    """A server of one's own, until the block ends; where there is none, the test is skipped."""
    if not shutil.which("postfix"):
        missing("Postfix", "install it (Debian: postfix)")
    if os.geteuid() != 0:
        missing("a Postfix of one's own", "only root may start one")
    with served_folder("root") as base:
        server = Postfix(base)
        server.configure(**files)
        server.start()
        try:
            yield server
        finally:
            server.stop()
