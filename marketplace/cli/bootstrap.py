"""Making the environment: what a fresh clone needs before anything of ours can be imported.

Runs on the machine's own Python, 3.11 or newer, with the standard library only:

    python3 -I marketplace/cli/bootstrap.py requirements.lock [command ...]

It makes `.venv`, installs the lock file (each package checked against its hash), puts the
project on the path, compiles the catalogues, and becomes the command. What is done is
remembered by the hash of its input, so that the next time costs a few milliseconds.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LEAST_FREE_TO_INSTALL = 700 * 1024 * 1024

SCRIPT = """#!{python}
import sys
from marketplace.cli.main import main
sys.exit(main())
"""


class SetupError(Exception):
    """What a person must mend, in one sentence."""


def main(arguments: list[str]) -> None:
    """Make the environment for a lock file, then become the command that follows."""
    lock, command = ROOT / arguments[0], arguments[1:]
    try:
        ensure_environment()
        ensure_installed(lock)
        ensure_project()
        ensure_catalogues()
    except SetupError as error:
        sys.stderr.write(f"marketplace: {error}\n")
        sys.exit(2)
    except OSError as error:
        sys.stderr.write(f"marketplace: cannot set up {ROOT}: {error.strerror or error}.\n")
        sys.exit(2)
    if command:
        program = VENV / "bin" / command[0]
        sys.stdout.flush()
        os.execv(program, [str(program), *command[1:]])  # noqa: S606 - a program of the environment


def ensure_environment() -> None:
    """Make `.venv`, unless there is one that works."""
    if _works(PYTHON):
        return
    if shutil.disk_usage(ROOT).free < LEAST_FREE_TO_INSTALL:
        raise SetupError(
            f"the disk of {ROOT} is full: setting up needs {LEAST_FREE_TO_INSTALL // 1024**2} MB."
        )
    _say(f"Making an environment with Python {sys.version.split()[0]} in {VENV} …")
    if VENV.exists():
        shutil.rmtree(VENV)
    try:
        venv.create(VENV, with_pip=True)
    except (subprocess.CalledProcessError, ImportError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(
            "this Python cannot make environments: install its venv module "
            "(on Debian and Ubuntu: apt install python3-venv)."
        ) from error


def ensure_installed(lock: Path) -> None:
    """Install what the lock file names, unless just that is installed."""
    stamp = VENV / f".installed-{lock.stem}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _say(f"Installing {lock.name} …")
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--require-hashes", "--requirement", str(lock)]
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run(command, check=False, env=environment, stderr=subprocess.PIPE, text=True)  # noqa: S603 - fixed
    if done.returncode:
        sys.stderr.write(done.stderr)
        why = "the disk is full" if "No space left" in done.stderr else "pip says why above"
        raise SetupError(f"the packages of {lock.name} could not be installed: {why}.")
    # The other lock file may have asked for other versions.
    for other in VENV.glob(".installed-*"):
        other.unlink()
    stamp.write_text(wanted)
    if lock.stem == "requirements-dev":
        base = lock.with_name("requirements.lock")
        digest = hashlib.sha256(base.read_bytes()).hexdigest()
        (VENV / f".installed-{base.stem}").write_text(digest)


def ensure_project() -> None:
    """Let the environment import the project, and give it the command `marketplace`."""
    [packages] = VENV.glob("lib/python3*/site-packages")
    path = packages / "marketplace.pth"
    if not path.exists() or path.read_text() != f"{ROOT}\n":
        path.write_text(f"{ROOT}\n")
    script = VENV / "bin" / "marketplace"
    text = SCRIPT.format(python=PYTHON)
    if not script.exists() or script.read_text() != text:
        script.write_text(text)
        script.chmod(0o755)


def ensure_catalogues() -> None:
    """Compile the catalogues that are newer than what was compiled."""
    for source in ROOT.glob("marketplace/translations/*/LC_MESSAGES/messages.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            command = [str(VENV / "bin" / "marketplace"), "translations", "compile"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - fixed
            return


def _works(python: Path) -> bool:
    """Whether an interpreter is there and is new enough; a moved one is neither."""
    if not python.exists():
        return False
    if Path(sys.prefix) == VENV:
        return True  # it runs this very line
    check = [str(python), "-I", "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(check, check=False, stderr=subprocess.DEVNULL).returncode == 0  # noqa: S603 - fixed
    except OSError:
        return False


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
