"""A Chromium for the tests, with a font that knows Chinese: found, or fetched from the machine's own package archive.

Looked for in this order: PIPELOOM_CHROMIUM; the usual names on PATH; what was fetched before into .cache/. Then root
installs Debian's packages, and everybody else downloads them, with whatever of their dependencies the machine lacks,
and unpacks them into .cache/ without installing anything. `python -m tests.harness.chromium` says what it finds.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PLACE = REPOSITORY / ".cache" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS = 600


class NoChromiumError(Exception):
    """Why there is none, and what to do."""


@dataclass(frozen=True, slots=True)
class Chromium:
    program: str
    environment: dict[str, str] = field(default_factory=dict)
    """Beyond the process's own: where an unpacked one finds its libraries and fonts."""


def chromium_ensure(place: Path = PLACE, *, root: bool | None = None) -> Chromium:
    """Raises NoChromiumError with a sentence for a person."""
    place.mkdir(parents=True, exist_ok=True)
    with open(place / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _found(place)
        if found is None or not _knows_chinese(found):
            _fetch(place, root=os.geteuid() == 0 if root is None else root, only_font=found is not None)
            found = _found(place)
    if found is None:
        raise NoChromiumError(_sentence("it was fetched, but does not start on this machine"))
    return found


def _found(place: Path) -> Chromium | None:
    named = os.environ.get("PIPELOOM_CHROMIUM")
    if named:
        if not _starts(Chromium(named)):
            raise NoChromiumError(f"PIPELOOM_CHROMIUM={named} does not start; name another, or unset it.")
        return Chromium(named, _unpacked_environment(place))
    on_path = (Chromium(path, _unpacked_environment(place)) for name in NAMES if (path := shutil.which(name)))
    unpacked = place / "root" / "usr" / "lib" / "chromium" / "chromium"
    kept = [Chromium(str(unpacked), _unpacked_environment(place))] if unpacked.exists() else []
    # Ubuntu's `chromium-browser` is a script that asks for a snap: only what starts is one.
    return next((each for each in (*on_path, *kept) if _starts(each)), None)


def _starts(chromium: Chromium) -> bool:
    try:
        done = _run([chromium.program, "--version"], {**os.environ, **chromium.environment}, seconds=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "hrom" in done.stdout


def _knows_chinese(chromium: Chromium) -> bool:
    program = shutil.which("fc-list")
    if program is None:
        # Without fontconfig's tools: look where its fonts lie.
        folders = (Path("/usr/share/fonts"), PLACE / "root" / "usr" / "share" / "fonts")
        return any(path for folder in folders if folder.is_dir() for path in folder.rglob("*CJK*"))
    return bool(_run([program, ":lang=zh-cn"], {**os.environ, **chromium.environment}).stdout.strip())


def _fetch(place: Path, *, root: bool, only_font: bool) -> None:
    packages = PACKAGES[1:] if only_font else PACKAGES
    if shutil.which("apt-get") is None:
        raise NoChromiumError(_sentence("there is none on PATH, and this machine has no apt-get to fetch one with"))
    if root:
        _install(packages)
    else:
        _unpack(place, packages)


def _install(packages: Sequence[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if _run(command, environment, seconds=SECONDS).returncode == 0:
        return
    _run(["apt-get", "update", "-qq"], environment, seconds=SECONDS)
    done = _run(command, environment, seconds=SECONDS)
    if done.returncode != 0:
        raise NoChromiumError(_sentence(f"`{' '.join(command)}` failed: {_last_line(done)}"))


def _unpack(place: Path, packages: Sequence[str]) -> None:
    """Into .cache/: what is missing of the packages and all that they depend on."""
    archives = place / "archives"
    archives.mkdir(exist_ok=True)
    options = _own_lists(place)
    updated = _run(["apt-get", *options, "update", "-qq"], dict(os.environ), seconds=SECONDS)
    missing = list(_missing(options, packages))
    done = _run(["apt-get", *options, "download", *missing], dict(os.environ), seconds=SECONDS, folder=archives)
    if not missing or done.returncode != 0:
        raise NoChromiumError(_sentence(f"its packages cannot be fetched: {_last_line(done) or _last_line(updated)}"))
    for archive in sorted(archives.glob("*.deb")):
        if _run(["dpkg", "-x", str(archive), str(place / "root")], dict(os.environ)).returncode != 0:
            raise NoChromiumError(_sentence(f"{archive.name} cannot be unpacked"))
        archive.unlink()
    shutil.rmtree(place / "apt", ignore_errors=True)
    _fonts_told(place)


def _own_lists(place: Path) -> list[str]:
    """Only root may write apt's own state; the sources and their keys are the machine's."""
    lists, cache = place / "apt" / "lists", place / "apt" / "cache"
    for folder in (lists / "partial", cache / "archives" / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    return ["-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={cache}", "-o", "Debug::NoLocking=1"]


def _missing(options: Sequence[str], packages: Sequence[str]) -> Iterator[str]:
    """The packages and their dependencies that the machine lacks, as apt would install them."""
    command = ["apt-get", *options, "install", "--simulate", "--no-install-recommends", "-qq", *packages]
    for line in _run(command, dict(os.environ), seconds=SECONDS).stdout.splitlines():
        if line.startswith("Inst "):
            yield line.split()[1]


def _fonts_told(place: Path) -> None:
    fonts = place / "root" / "usr" / "share" / "fonts"
    (place / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{fonts}</dir><cachedir>{place / 'fontcache'}</cachedir></fontconfig>\n"
    )


def _unpacked_environment(place: Path) -> dict[str, str]:
    usr = place / "root" / "usr"
    if not usr.is_dir():
        return {}
    libraries = sorted({str(path.parent) for path in usr.glob("lib/**/*.so*")})
    told = {"LD_LIBRARY_PATH": os.pathsep.join(libraries)} if libraries else {}
    return {**told, "FONTCONFIG_FILE": str(place / "fonts.conf")}


def _run(
    argv: Sequence[str], environment: dict[str, str], *, seconds: float = 60, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv, env=environment, cwd=folder, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL
    )


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    return (done.stderr.strip().splitlines() or [""])[-1]


def _sentence(why: str) -> str:
    return (
        f"The tests of the browser's part need Chromium: {why}. Install it (on Debian `apt-get install chromium "
        "fonts-noto-cjk`), or name one with PIPELOOM_CHROMIUM=/path/to/chromium. To test without a browser, and "
        "thereby leave the whole interface untested, set PIPELOOM_NO_BROWSER=1."
    )


if __name__ == "__main__":
    print(chromium_ensure())
