"""What the kernel knows of processes: CPU time and memory, for a process and all below it."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
KIB_IN_MIB = 1024


def tree(root: int) -> list[int]:
    """The process and everything it started that is alive."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting.extend(parents.get(pid, []))
    return found


def cpu_seconds(root: int) -> float:
    """User and system time of the tree, with that of children that have ended."""
    ticks = 0
    for pid in tree(root):
        fields = _stat(pid)
        if fields:
            ticks += sum(int(fields[index]) for index in (11, 12, 13, 14))
    return ticks / TICKS


def pss_mib(root: int) -> float:
    """Memory of the tree, each shared page counted once over those who share it."""
    total = 0
    for pid in tree(root):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        line = next(line for line in text.splitlines() if line.startswith("Pss:"))
        total += int(line.split()[1])
    return total / KIB_IN_MIB


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name; empty if the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
