"""What a machine without the right Python is told, and what the set-up remembers."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from marketplace.cli import bootstrap

ROOT = Path(__file__).parents[3]


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A folder with the Makefile and a PATH with no Python on it."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("make", "sh"):
        tools.joinpath(name).symlink_to(shutil.which(name))
    shutil.copy(ROOT / "Makefile", tmp_path)
    return tmp_path


def make_run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "run"],  # noqa: S607 - found on the PATH that is given
        cwd=folder,
        env={"PATH": str(folder / "bin")},
        executable=shutil.which("make"),
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_missing_python_is_one_sentence(bare_machine):
    done = make_run(bare_machine)

    assert done.returncode != 0
    assert "Python 3.11 or newer is needed and was not found" in done.stderr


def test_an_old_python_is_one_sentence(bare_machine):
    old = bare_machine / "bin" / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # what the check says of 3.10
    old.chmod(0o755)

    done = make_run(bare_machine)

    assert done.returncode != 0
    assert "Python 3.11 or newer is needed and was not found" in done.stderr


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """An environment that is there already, and the list of what pip was asked to install."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "PYTHON", venv / "bin" / "python")
    installed = []

    def pip(command, **_options):
        installed.append(Path(command[-1]).name)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(bootstrap.subprocess, "run", pip)
    (tmp_path / "requirements.lock").write_text("one==1")
    (tmp_path / "requirements-dev.lock").write_text("one==1\ntwo==2")
    return tmp_path, installed


def test_what_is_installed_is_not_installed_again(environment):
    root, installed = environment
    bootstrap.ensure_installed(root / "requirements.lock")
    bootstrap.ensure_installed(root / "requirements.lock")

    assert installed == ["requirements.lock"]


def test_a_changed_lock_file_is_installed(environment):
    root, installed = environment
    bootstrap.ensure_installed(root / "requirements.lock")
    (root / "requirements.lock").write_text("one==2")
    bootstrap.ensure_installed(root / "requirements.lock")

    assert installed == ["requirements.lock", "requirements.lock"]


def test_the_tools_bring_what_the_marketplace_needs(environment):
    root, installed = environment
    bootstrap.ensure_installed(root / "requirements-dev.lock")
    bootstrap.ensure_installed(root / "requirements.lock")

    assert installed == ["requirements-dev.lock"]


def test_a_failed_installation_is_one_sentence(environment, monkeypatch):
    root, _ = environment
    failed = subprocess.CompletedProcess([], 1, "", "OSError: [Errno 28] No space left on device")
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *_args, **_options: failed)

    with pytest.raises(bootstrap.SetupError, match="the disk is full"):
        bootstrap.ensure_installed(root / "requirements.lock")
    assert not list(root.glob(".venv/.installed-*"))


def test_the_project_gets_its_command(environment):
    root, _ = environment
    bootstrap.ensure_project()

    script = root / ".venv" / "bin" / "marketplace"
    assert os.access(script, os.X_OK)
    assert script.read_text().startswith(f"#!{bootstrap.PYTHON}\n")
    [path] = root.glob(".venv/lib/python3*/site-packages/marketplace.pth")
    assert path.read_text() == f"{root}\n"


def test_every_package_is_locked_by_its_hash():
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text().splitlines()
        packages = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert packages
        assert all("==" in line and line.endswith("\\") for line in packages)


def test_the_two_lock_files_agree():
    def versions(name: str) -> dict[str, str]:
        lines = (ROOT / name).read_text().splitlines()
        return dict(line.split(" ")[0].split("==") for line in lines if "==" in line[:60])

    base, tools = versions("requirements.lock"), versions("requirements-dev.lock")
    assert {name: tools.get(name) for name in base} == base
