"""publisher doctor mail."""

import json
import stat
from pathlib import Path

import dkim
import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from publisher.cli import main
from publisher.delivery.messages.builder import build
from publisher.delivery.messages.signer import Signer
from tests.delivery.doctor.zones import IP, IP6, good
from tests.delivery.messages.letters import a_letter, an_identity
from tests.servers.catcher import catcher

SENDER = "Career Transition Guides <letters@guides.example>"


def run(*arguments: str | Path, **settings: str) -> Result:
    """The command; it does not fail with an exception."""
    environment = {f"PUBLISHER_{name.upper()}": value for name, value in settings.items()}
    result = CliRunner().invoke(main, ["doctor", "mail", *map(str, arguments)], env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture
def folder(tmp_path: Path, signer: Signer) -> Path:
    """A folder with a zone file and a key."""
    (tmp_path / "zone").write_text(good(signer), "utf-8")
    pem = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "s1.pem").write_bytes(pem)
    return tmp_path


def whole(folder: Path, *arguments: str, **changes: str) -> Result:
    """The command with everything set, and a relay that answers."""
    with catcher(enable_SMTPUTF8=True) as port:
        settings = {
            "sender": SENDER, "base_url": "https://guides.example", "smtp": f"smtp://127.0.0.1:{port}",
            "bounce_domain": "bounces.guides.example", "postal_address": "12 Example Street",
            "dkim_keys": json.dumps({"s1": str(folder / "s1.pem")}), **changes,
        }  # fmt: skip
        return run("--zone", folder / "zone", "--ip", IP, "--ip", IP6, *arguments, **settings)


def test_all_is_well(folder: Path) -> None:
    result = whole(folder)
    assert 0 == result.exit_code, result.output
    assert "ok       dkim: s1._domainkey.guides.example has our key\n" in result.stdout
    assert "failed" not in result.output
    assert "warning" not in result.output


def test_json(folder: Path) -> None:
    result = whole(folder, "--format", "json")
    found = json.loads(result.stdout)
    assert {"ok"} == {each["status"] for each in found}
    assert {"check", "status", "text", "advice"} == set(found[0])
    assert 0 == result.exit_code


def test_a_failure_is_the_exit_status(folder: Path) -> None:
    result = whole(folder, base_url="http://guides.example")
    assert 1 == result.exit_code
    assert (
        "failed   web: links lead to http://guides.example, which is not https\n" in result.stdout
    )


def test_warnings_are_none(folder: Path) -> None:
    result = whole(folder, dkim_keys="{}")
    assert 0 == result.exit_code, result.output
    assert "warning  dkim: no key is set" in result.stdout


def test_nothing_is_set(folder: Path) -> None:
    result = run("--zone", folder / "zone")
    assert 1 == result.exit_code
    for name in ("SENDER", "BASE_URL", "POSTAL_ADDRESS", "SMTP"):
        assert f"set PUBLISHER_{name}" in result.stdout


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"sender": "Guides"}, "written as Name <address>"),
        ({"sender": "G <g@gmail.com>"}, "give an address of a domain that is yours"),
        ({"smtp": "http://user:hidden@host"}, "PUBLISHER_SMTP"),
        ({"dkim_keys": '{"s1": "none.pem"}'}, "PUBLISHER_DKIM_KEYS: none.pem: No such file"),
        ({"dkim_keys": '{"s1": "/dev/null"}'}, "is no private key in PEM"),
        ({"dkim_keys": "hidden"}, "dkim_keys"),
        ({"dkim_domain": "other.example", "dkim_keys": "KEY"}, "DKIM signs for other.example"),
        ({"reply_to": "nobody"}, "address"),
        ({"bounce_domain": "a b"}, "bounce domain"),
    ],
)
def test_wrong_settings_are_named(settings: dict[str, str], words: str, folder: Path) -> None:
    if settings.get("dkim_keys") == "KEY":
        settings = {**settings, "dkim_keys": json.dumps({"s1": str(folder / "s1.pem")})}
    result = run("--zone", folder / "zone", **{"sender": SENDER, **settings})
    assert 2 == result.exit_code
    assert words in result.output
    assert "hidden" not in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--zone", "no-such-file"], "No such file"),
        (["--ip", "300.1.1.1"], "'300.1.1.1' is no IP address"),
        (["--format", "yaml"], "--format"),
    ],
)
def test_wrong_usage(arguments: list[str], words: str) -> None:
    result = run(*arguments, sender=SENDER)
    assert 2 == result.exit_code
    assert words in result.output


def test_a_new_key_is_made_and_works(tmp_path: Path) -> None:
    path = tmp_path / "s7.pem"
    result = run("--new-key", path, "--selector", "s7", sender=SENDER)
    assert 0 == result.exit_code, result.output
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert "PRIVATE" not in result.output
    assert f'PUBLISHER_DKIM_KEYS=\'{{"s7": "{path}"}}\'' in result.stdout
    (line,) = [line for line in result.stdout.splitlines() if "IN TXT" in line]
    assert line.startswith("s7._domainkey.guides.example. IN TXT ( ")
    record = "".join(line.split('"')[1::2]).encode()
    wire = build(a_letter(), an_identity(Signer.of("guides.example", "s7", path.read_bytes()))).wire
    assert dkim.verify(wire, dnsfunc=lambda name, timeout=5: record)  # noqa: ARG005  # dkimpy's


def test_a_new_key_never_replaces_one(tmp_path: Path) -> None:
    path = tmp_path / "s1.pem"
    path.write_text("precious", "utf-8")
    result = run("--new-key", path, sender=SENDER)
    assert 1 == result.exit_code
    assert "File exists; nothing was written" in result.output
    assert "precious" == path.read_text("utf-8")


@pytest.mark.parametrize("selector", ["S 1", "a..b", "", "ü", "-"])
def test_a_selector_that_is_no_name_makes_no_key(selector: str, tmp_path: Path) -> None:
    result = run("--new-key", tmp_path / "key.pem", "--selector", selector, sender=SENDER)
    assert 2 == result.exit_code
    assert [] == list(tmp_path.iterdir())


def test_a_new_key_needs_a_domain(tmp_path: Path) -> None:
    result = run("--new-key", tmp_path / "key.pem")
    assert 2 == result.exit_code
    assert "PUBLISHER_SENDER" in result.output
