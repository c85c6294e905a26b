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

# Without its listener, anvil lets nobody wait who has given a wrong password.
CONFIGURATION = """\
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap
listen = 127.0.0.1
{encryption}
disable_plaintext_auth = no
auth_failure_delay = 0
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
first_valid_uid = 1
mail_location = maildir:{mail}/%n
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
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
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
        """Write the configuration; with a `tls_port` also `cert.pem` and its key."""
        if self.tls_port:
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                 "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                 "-keyout", self.base / "key.pem", "-out", self.base / "cert.pem"],
                check=True, capture_output=True, stdin=subprocess.DEVNULL,
            )  # fmt: skip
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
        with (self.base / "said").open("wb") as said:
            self.process = subprocess.Popen(
                ["dovecot", "-F", "-c", self.base / "dovecot.conf"],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            )  # fmt: skip
        until(self._answers)

    def _answers(self) -> bool:
        assert self.process
        assert self.process.poll() is None, (self.base / "said").read_text("utf-8")
        return answers(self.port)

    def stop(self) -> None:
        """End it, with all its processes."""
        if self.process:
            self.process.terminate()
            self.process.wait()

    def url(self, user: str, mailbox: str = "INBOX") -> str:
        """The address of a mailbox."""
        return f"imap://{user}@127.0.0.1:{self.port}/{mailbox}"


@contextmanager
def dovecot(mail: Path, *, tls: bool = False) -> Iterator[Dovecot]:
    """A server of one's own for the Maildirs in a folder; where there is none, a skipped test.

    With `tls` it has a certificate of its own making, which nobody knows.
    """
    if not shutil.which("dovecot"):
        missing("Dovecot", "install it (Debian: dovecot-imapd)")
    if os.geteuid() != 0:
        missing("a Dovecot of one's own", "only root may start one")
    with served_folder("root") as base:
        server = Dovecot(base, mail, tls_port=free_port() if tls else 0)
        server.configure()
        server.start()
        try:
            yield server
        finally:
            server.stop()
