"""See that this system has what the publisher needs below Python; install it or say how.

It asks for abilities and not for packages, since a library may come from anywhere.
It runs before anything is installed, so it imports the standard library only.
"""

import ctypes
import importlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence

LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
"""Libraries that WeasyPrint loads, and their packages in Debian and Ubuntu."""

FILES = {"Darwin": "lib{}.0.dylib", "Linux": "lib{}.so.0"}


def main() -> int:
    """Exit status: 0 if nothing is missing (any more), 1 if the user has to do something."""
    missing = missing_packages()
    if missing and (command := install_command(missing)):
        print("Installing", " ".join(missing), flush=True)
        subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
        missing = missing_packages()
    if missing:
        print(advice(missing), file=sys.stderr)
    return 1 if missing else 0


def missing_packages() -> list[str]:
    """The packages, by their names in Debian, for each ability that is missing."""
    pattern = FILES.get(platform.system(), "{}")
    missing = [package for name, package in LIBRARIES.items() if not loads(pattern.format(name))]
    importlib.invalidate_caches()
    if not importlib.util.find_spec("ensurepip"):
        missing.append(f"python3.{sys.version_info.minor}-venv")
    return missing


def loads(library: str) -> bool:
    """Whether the dynamic linker finds and loads the library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_command(packages: Sequence[str]) -> list[str]:
    """The command that installs them here without a question; empty if there is none."""
    if shutil.which("apt-get"):
        by_root = ["env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", apt(packages)]
        if os.geteuid() == 0:
            return by_root
        return ["sudo", "-n", *by_root] if sudo_asks_nothing() else []
    return ["brew", "install", "pango"] if shutil.which("brew") else []


def sudo_asks_nothing() -> bool:
    """Whether this user may use sudo without a password."""
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0


def apt(packages: Sequence[str]) -> str:
    """What root types on Debian and Ubuntu."""
    names = " ".join(packages)
    return f"apt-get update && apt-get install -y --no-install-recommends {names}"


def advice(packages: Sequence[str]) -> str:
    """What the user is to do before the next try."""
    if shutil.which("apt-get"):
        become_root = "sudo sh -c" if shutil.which("sudo") else "su -c"
        command = f"{become_root} '{apt(packages)}'"
    elif platform.system() == "Darwin":
        command = "brew install pango    (Homebrew itself: https://brew.sh)"
    else:
        command = f"your package manager, for what Debian calls {' '.join(packages)}"
    return f"This system lacks {', '.join(packages)}. Type\n\n    {command}\n\nand then make again."


if __name__ == "__main__":
    sys.exit(main())
