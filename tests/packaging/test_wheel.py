"""The wheel, as somebody gets it who has no checkout: complete, installable, and able to do its job."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SECONDS_FOR_A_STEP = 100

pytestmark = pytest.mark.timeout(240)  # building, a fresh environment and an installation, on a busy machine


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without the checkout on its path and without a terminal."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_FOR_A_STEP,
        check=False,
    )


def run_or_fail(*command: str | Path, cwd: Path) -> str:
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout.

    Built by hatchling in the running environment: an isolated build would download hatchling again.
    """
    folder = tmp_path_factory.mktemp("wheel")
    run_or_fail(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment in which only the wheel is installed.

    The dependencies are those of the running environment, reached through a path file, so that the test
    needs no network and takes seconds. The path file comes after the fresh environment's own packages,
    and path files inside the running environment (an editable installation of this checkout is one) are
    not followed from there: the `workbench` that runs can only be the wheel's.
    """
    folder = tmp_path_factory.mktemp("environment")
    run_or_fail(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    variables = {"base": str(folder), "platbase": str(folder)}
    site_packages = Path(sysconfig.get_path("purelib", "venv", variables))
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site_packages / "dependencies-of-the-running-environment.pth").write_text("\n".join(sorted(ours)) + "\n")
    commands = Path(sysconfig.get_path("scripts", "venv", variables))
    python = commands / Path(sys.executable).name
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    run_or_fail(*pip, "install", "--no-deps", "--no-index", "--ignore-installed", wheel, cwd=folder)
    return commands


def test_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    expected = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "workbench").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())

    assert {Path(name).suffix for name in expected} >= {".py", ".tcss", ".toml", ".typed"}
    assert expected - packed == set()


def test_wheel_holds_nothing_but_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        top_folders = {name.partition("/")[0] for name in archive.namelist()}

    assert {name for name in top_folders if not name.endswith(".dist-info")} == {"workbench"}


def test_installed_package_is_the_wheel(scripts: Path, tmp_path: Path) -> None:
    """The premise of the tests below: the checkout is out of reach."""
    where = "import workbench; print(workbench.__file__)"
    printed = run_or_fail(scripts / Path(sys.executable).name, "-c", where, cwd=tmp_path)

    assert Path(printed.strip()).is_relative_to(scripts.parent)


def test_installed_command_prints_its_version(scripts: Path, tmp_path: Path) -> None:
    from workbench import __version__

    printed = run_or_fail(scripts / "workbench", "--version", cwd=tmp_path)

    assert printed.split()[-1] == __version__


def test_installed_command_runs_a_scenario(scripts: Path, tmp_path: Path) -> None:
    """A whole exchange without a terminal: the lab serves, the script runs, the transcript shows both."""
    transcript = run_or_fail(scripts / "workbench", "run", "--lab", "hello", cwd=tmp_path)

    assert "GET /hello HTTP/1.1" in transcript
    assert "HTTP/1.1 200" in transcript


def test_installed_command_runs_a_script_that_raises(scripts: Path, tmp_path: Path) -> None:
    script = tmp_path / "wrong-order.py"
    script.write_text(
        "from http.client import HTTPConnection\n"
        'conn = HTTPConnection("127.0.0.1", 1)\n'
        "r1 = conn.getresponse()\n"
    )

    done = run(scripts / "workbench", "run", script, cwd=tmp_path)

    assert done.returncode == 1, done.stderr
    assert "ResponseNotReady" in done.stdout + done.stderr


def test_installed_fixture_is_found_by_pytest(scripts: Path, tmp_path: Path) -> None:
    """By its entry point, in a run that says nothing about it and cannot see the checkout."""
    test = tmp_path / "test_it.py"
    test.write_text("def test_it(http_recording):\n    assert http_recording.asked == []\n")
    python = scripts / Path(sys.executable).name

    printed = run_or_fail(python, "-W", "error", "-m", "pytest", "-q", "-p", "no:xdist", test, cwd=tmp_path)

    assert "1 passed" in printed
