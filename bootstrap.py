"""What `make` calls, and what Windows calls by itself: set up `.venv`, then run one task.

    python bootstrap.py demo     the two sample nights, to a bulletin in data/demo/
    python bootstrap.py test     the tests, on SQLite and, where it is installed, on PostgreSQL
    python bootstrap.py check    ruff, mypy --strict, import-linter
    python bootstrap.py setup    only the environment

Needs Python 3.11 or later with pip, and the package index once. No root. Standard library only.
"""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed"
NEEDED = 1500 * 1024 * 1024  # bytes: the environment takes 600 MB, and pip unpacks beside it

PYTEST = ["-m", "pytest", "-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
TASKS = {
    "setup": [],
    "demo": [["-m", "kuaixun", "demo"]],
    "test": [PYTEST, [*PYTEST, "-p", "tests.postgresql"]],
    "check": [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy", "."],
        ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    ],
}


def say(text: str) -> None:
    print(f"[setup] {text}", flush=True)


def fail(what: str, remedy: str) -> None:
    sys.exit(f"[setup] {what}\n[setup] Remedy: {remedy}")


def wanted() -> str:
    """What the environment must have been made from."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def pip(what: str, *arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    done = subprocess.run(
        [*command, "--quiet", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode == 0:
        return
    output = (done.stdout + done.stderr).strip()
    print(output[-3000:], file=sys.stderr)
    if "No space left" in output or "Errno 28" in output or "Disk quota" in output:
        fail(f"The disk is full while {what}.", "free about 1.5 GB, then run the same command.")
    if "HASH" in output.upper() and "DO NOT MATCH" in output.upper():
        fail(
            f"A package does not match its hash while {what}.",
            "the index or a proxy altered it: use another index, never skip the check.",
        )
    network = ("Temporary failure", "ConnectionError", "Max retries", "timed out", "NewConnection")
    if any(sign in output for sign in network):
        fail(
            f"The package index cannot be reached while {what}.",
            "check the network, or name a mirror with `pip config set global.index-url …`.",
        )
    fail(f"pip failed while {what}.", "read its words above; then run the same command again.")


def setup() -> None:
    """Make `.venv` as the lock file says; nothing to do when it is."""
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted():
        return
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED and not PYTHON.exists():
        fail(
            f"Only {free // 2**20} MB are free here; the environment needs {NEEDED // 2**20} MB.",
            "free some space or clone to another disk.",
        )
    if not PYTHON.exists():
        say(f"creating .venv with Python {sys.version.split()[0]}")
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
        )
        if made.returncode:
            print((made.stdout + made.stderr).strip()[-2000:], file=sys.stderr)
            fail(
                "Python could not make a virtual environment.",
                "install its venv module (Debian: apt-get install python3-venv) or free space.",
            )
    say("installing the packages of requirements.lock (about a minute the first time)")
    pip("installing packages", "--require-hashes", "-r", "requirements.lock")
    say("installing Kuaixun itself, editable")
    pip("installing Kuaixun", "--no-deps", "--no-build-isolation", "-e", ".")
    STAMP.write_text(wanted())
    say("done")


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have an older one
        fail(
            f"Python {sys.version.split()[0]} is too old.",
            "install Python 3.11 or later and name it: make demo PYTHON=python3.12",
        )
    if len(sys.argv) < 2 or sys.argv[1] not in TASKS:
        sys.exit(__doc__)
    try:
        setup()
    except OSError as fault:
        if fault.errno == errno.ENOSPC:
            fail("The disk is full.", "free about 1.5 GB, then run the same command.")
        fail(f"{fault.strerror}: {fault.filename}", "check the rights and the disk of this folder.")
    failed = 0
    for command in TASKS[sys.argv[1]]:
        extra = sys.argv[2:] if sys.argv[1] != "check" else []
        if sys.argv[1] == "test":  # there are two such runs
            say(f"python {' '.join([*command, *extra])}")
        failed = subprocess.run([str(PYTHON), *command, *extra], cwd=ROOT).returncode or failed
    return failed


if __name__ == "__main__":
    sys.exit(main())
