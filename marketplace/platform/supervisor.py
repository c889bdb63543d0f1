"""One process that starts the others, watches them, and stops them all.

Children run in sessions of their own, so that Ctrl-C reaches only us and we stop them in
order. Should we be killed, the kernel tells them (on Linux); what still runs is found by
the file of their ids at the next start.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from marketplace.platform.config import ConfigurationError
from marketplace.platform.embedded import die_with_parent

STOP_SECONDS = 12.0
STEADY_SECONDS = 20.0
LONGEST_PAUSE = 15.0
MOST_DEATHS_AT_START = 2
LOG_KEEPS = 20 * 1024 * 1024


class StartError(Exception):
    """A child does not stay alive. The text is for the operator."""


@dataclass
class Child:
    """A process that must always run.

    Attributes:
        name: for logs, "web".
        command: what to run.
        environment: its variables.
        log: where its output goes.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    early_deaths: int = 0
    not_before: float = 0.0

    def start(self) -> None:
        """Start it, in a session of its own."""
        self.started = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own programs
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - one thread, one system call
            )

    def watch(self) -> None:
        """Start it again if it died, after a pause that grows while it keeps dying."""
        if self.process is None:
            if time.monotonic() >= self.not_before:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        lived = time.monotonic() - self.started
        self.early_deaths = 0 if lived > STEADY_SECONDS else self.early_deaths + 1
        self.not_before = time.monotonic() + min(2.0**self.early_deaths - 1, LONGEST_PAUSE)
        self.process = None

    def last_words(self) -> str:
        """The last line that it wrote, which is where Python says what is wrong."""
        written = self.log.read_text(errors="replace")[-4000:].strip()
        return written.splitlines()[-1].strip() if written else "it said nothing"

    def stop(self) -> None:
        """Ask it to end what it is doing; kill it when it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Supervisor:
    """Keeps children running until a signal says stop.

    Attributes:
        folder: where it keeps the ids of its children.
        children: what to run; stopped in this order.
        before_children: looked at before each of them, such as the database they need.
    """

    folder: Path
    before_children: Callable[[], None] = lambda: None
    children: list[Child] = field(default_factory=list)
    should_stop: bool = False

    def listen(self) -> None:
        """From now on Ctrl-C, SIGTERM and SIGHUP mean: stop."""
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup a hang-up is ignored, and stays so.
            if each is not signal.SIGHUP or signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, self._stop_soon)

    def start(self, child: Child) -> None:
        """Add a child and start it."""
        if child.log.exists() and child.log.stat().st_size > LOG_KEEPS:
            child.log.replace(child.log.with_suffix(".log.1"))
        self.children.append(child)
        child.start()
        self._remember()

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float) -> bool:
        """Watch the children until all is ready; False when asked to stop first.

        Raises:
            StartError: a child keeps dying, or it takes too long.
        """
        end = time.monotonic() + seconds
        while not self.should_stop:
            if is_ready():
                return True
            if time.monotonic() > end:
                logs = ", ".join(str(child.log) for child in self.children)
                raise StartError(f"Not ready after {seconds:.0f} seconds: see {logs}")
            self._watch()
            for child in self.children:
                if child.early_deaths > MOST_DEATHS_AT_START:
                    raise StartError(
                        f"{child.name} does not start: {child.last_words()} (more in {child.log})"
                    )
            time.sleep(0.03)
        return False

    def run(self) -> None:
        """Watch the children until asked to stop; a database that is away comes back one day."""
        while not self.should_stop:
            self._watch()
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop every child, in order."""
        for child in self.children:
            child.stop()
        self._ids.unlink(missing_ok=True)

    def end_leftovers(self) -> None:
        """End what a supervisor that was killed has left running."""
        try:
            lines = self._ids.read_text().splitlines()
        except OSError:
            return
        pids = [int(line) for line in lines if line.isdecimal() and _is_ours(int(line))]
        for how, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 2.0)):
            end = time.monotonic() + seconds
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, how)
            while pids and time.monotonic() < end:
                pids = [pid for pid in pids if _is_ours(pid)]
                time.sleep(0.05)
        self._ids.unlink(missing_ok=True)

    @property
    def _ids(self) -> Path:
        return self.folder / "children"

    def _watch(self) -> None:
        self.before_children()
        before = [child.process for child in self.children]
        for child in self.children:
            child.watch()
        if before != [child.process for child in self.children]:
            self._remember()

    def _remember(self) -> None:
        pids = [str(child.process.pid) for child in self.children if child.process is not None]
        self._ids.write_text("\n".join(pids))

    def _stop_soon(self, _signal: int, _frame: object) -> None:
        self.should_stop = True


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Keep a second supervisor away from `folder` while the block lasts.

    Raises:
        ConfigurationError: one is running.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigurationError(
                f"The marketplace is running on {folder.parent} already; stop it first."
            ) from error
        yield


def _is_ours(pid: int) -> bool:
    """Whether a process is one that a supervisor of this program would have started."""
    ask = ["ps", "-o", "stat=,command=", "-p", str(pid)]
    try:
        answer = subprocess.run(ask, check=False, capture_output=True, text=True)  # noqa: S603 - fixed
    except OSError:
        # No `ps` here. Linux has said it to the children anyway; never signal a stranger.
        return False
    state, _, command = answer.stdout.strip().partition(" ")
    return bool(command) and not state.startswith("Z") and "marketplace" in command
