"""A Dovecot on loopback that shows Maildirs over IMAP."""

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

PASSWORD = "only-for-tests"  # noqa: S105  # opens a server of a test, on loopback

CONFIGURATION = """\
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap
listen = 127.0.0.1
{encryption}
disable_plaintext_auth = no
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
first_valid_uid = 1
mail_location = maildir:{mail}/%n
mail_log_events = expunge
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={base}/home/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """A server on which user NAME has the Maildir NAME of a folder, and the test's password."""

    base: Path
    mail: Path
    port: int = field(default_factory=free_port)
    tls_port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def configure(self) -> None:
        """Write the configuration; with a `tls_port` it needs `cert.pem` and `key.pem` in base."""
        files = f"ssl_cert = <{self.base}/cert.pem\nssl_key = <{self.base}/key.pem"
        text = CONFIGURATION.format(
            base=self.base, mail=self.mail, port=self.port, tls_port=self.tls_port,
            password=PASSWORD, encryption=f"ssl = yes\n{files}" if self.tls_port else "ssl = no",
        )  # fmt: skip
        (self.base / "dovecot.conf").write_text(text, "ascii")
        self.base.chmod(0o755)
        home = self.base / "home"
        home.mkdir()
        shutil.chown(home, "nobody", "nogroup")

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.process = subprocess.Popen(
            ["dovecot", "-F", "-c", self.base / "dovecot.conf"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(lambda: answers(self.port))

    def stop(self) -> None:
        """End it, with all its processes."""
        if self.process:
            self.process.terminate()
            self.process.wait()

    def url(self, user: str, mailbox: str = "INBOX") -> str:
        """The address of a mailbox."""
        return f"imap://{user}@127.0.0.1:{self.port}/{mailbox}"


@contextmanager
def dovecot(mail: Path) -> Iterator[Dovecot]:
    """A server of one's own for the Maildirs in a folder; where there is none, a skipped test."""
    if not shutil.which("dovecot"):
        missing("Dovecot", "install it (Debian: dovecot-imapd)")
    if os.geteuid() != 0:
        missing("a Dovecot of one's own", "only root may start one")
    with served_folder("root") as base:
        server = Dovecot(base, mail)
        server.configure()
        server.start()
        try:
            yield server
        finally:
            server.stop()
