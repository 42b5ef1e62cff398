"""The container engine of this machine, as the product finds it, and an image made of what this machine has."""

from __future__ import annotations

import fcntl
import io
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
from functools import cache
from pathlib import Path

from workers.sandbox.container_engine import Found, client_environment, find

IMAGE = "localhost/pipeloom-test:2"
COMMAND = "fake_command"
"""A program that is in the image and nowhere else: it runs the boot file of the code folder beside it."""
_COMMAND = b'#!/bin/sh\nexec python3 fake_boot_file "$@"\n'
_LEFT_OUT = {"site-packages", "test", "idlelib", "tkinter", "ensurepip", "lib2to3", "pydoc_data", "__pycache__"}


@cache
def found() -> Found:
    return find(os.environ)


def engine_says(*arguments: str) -> str:
    """What the engine answers; a test that asks has found one."""
    engine = found().engine
    assert engine is not None
    argv = [engine.program, *arguments]
    done = subprocess.run(argv, env=client_environment(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def containers_of_ours() -> set[str]:
    """Every container, running or not, that some attempt of a test was given."""
    listed = engine_says("ps", "--all", "--format", "{{.Names}}").split()
    return {name for name in listed if name.startswith("pipeloom-")}


def image_ready(scratch: Path) -> str:
    """Python and a shell as they are here, nothing downloaded; made once, and kept by the engine."""
    with open(scratch / "pipeloom-test-image.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if IMAGE not in engine_says("images", "--format", "{{.Repository}}:{{.Tag}}").split():
            packed = scratch / "pipeloom-test-image.tar"
            _pack(packed)
            engine_says("import", str(packed), IMAGE)
            packed.unlink()
    return IMAGE


def _pack(target: Path) -> None:
    library = Path(sysconfig.get_path("stdlib"))
    python = Path(sys.executable).resolve()
    programs = {"usr/bin/python3": python, "bin/sh": _real("sh"), "bin/sleep": _real("sleep"), "bin/id": _real("id")}
    modules = (library / "lib-dynload").glob("*.so")
    needed = {each for file in (*programs.values(), *modules) for each in _libraries(file)}
    with tarfile.open(target, "w") as tar:
        tar.add(library, str(library).lstrip("/"), filter=_wanted)
        for file in sorted({*programs.values()}):
            tar.add(file, str(file).lstrip("/"))
        for each in sorted(needed):
            tar.add(Path(each).resolve(), each.lstrip("/"))
        command = tarfile.TarInfo(f"usr/bin/{COMMAND}")
        command.size, command.mode = len(_COMMAND), 0o755
        tar.addfile(command, io.BytesIO(_COMMAND))
        for name, file in {**programs, "usr/bin/python": python}.items():
            if f"/{name}" != str(file):
                link = tarfile.TarInfo(name)
                link.type, link.linkname = tarfile.SYMTYPE, str(file)
                tar.addfile(link)


def _real(name: str) -> Path:
    return Path("/bin", name).resolve()


def _wanted(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    name = Path(member.name).name
    return None if name in _LEFT_OUT or name.startswith("config-") else member


def _libraries(file: Path) -> list[str]:
    told = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False).stdout
    return re.findall(r"(/\S+)\s+\(0x", told)
