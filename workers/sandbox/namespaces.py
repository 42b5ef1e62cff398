"""The best fence: own user, process and mount namespaces. Nothing runs with more rights than the server has.

The launcher enters the user namespace and prepares the process namespace; its first child becomes number 1 there.
That child makes its own view of the file system before it starts the step.
"""

from __future__ import annotations

import os

from workers.sandbox.kernel import (
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    mount,
    mount_read_only,
    unshare,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from workers.sandbox.spec import Isolation

_LOCKED_DOWN = MS_NOSUID | MS_NODEV | MS_NOEXEC


def enter(*, network: bool = True) -> None:
    """The same user and group as outside: files keep their owners, and no other user's rights come along. Without a
    network there is no loopback of this machine either, on which its servers listen."""
    user, group = os.getuid(), os.getgid()
    wanted = CLONE_NEWPID if network else CLONE_NEWPID | CLONE_NEWNET
    try:
        unshare(CLONE_NEWUSER | wanted)
    except OSError:
        if user != 0:
            raise
        unshare(wanted)  # where user namespaces are switched off, root may still make the others
        return
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")


def build_view(wish: Isolation, memory_mb: float | None = None) -> None:
    """Called by process number 1, before the step exists."""
    unshare(CLONE_NEWNS)
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    # Opened before anything covers them.
    kept = _opened(wish.keep)
    readable = _opened(wish.readable)
    for path in wish.read_only:
        _protect(path)
    for path in wish.hide:
        _hide(path, [inner for inner in (*wish.keep, *wish.readable) if inner.startswith(path + "/")])
    _show(readable)
    for path in wish.readable:
        mount_read_only(path)
    _show(kept)
    for path in wish.fixed:
        _protect(path)
    for index, path in enumerate(wish.private):
        _make_private(path, wish.keep[0], index)
    if os.path.isdir("/dev/shm"):  # noqa: S108 - shared memory of this step alone, gone when it ends
        size = f",size={int(memory_mb)}m" if memory_mb else ""
        mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, f"mode=1777{size}")  # noqa: S108
    mount("proc", "/proc", "proc", _LOCKED_DOWN)


def _opened(paths: Sequence[str]) -> list[tuple[str, int]]:
    return [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in paths]


def _show(opened: Sequence[tuple[str, int]]) -> None:
    for path, descriptor in opened:
        mount(f"/proc/self/fd/{descriptor}", path, None, MS_BIND)
        os.close(descriptor)


def _protect(path: str) -> None:
    mount(path, path, None, MS_BIND | MS_REC)
    mount_read_only(path)


def _hide(path: str, keep: Sequence[str]) -> None:
    """An empty folder, or an empty file, in its place; with room for what is mounted inside again."""
    if not os.path.isdir(path):
        if os.path.exists(path):
            mount("/dev/null", path, None, MS_BIND)
        return
    mount("hidden", path, "tmpfs", _LOCKED_DOWN, "mode=0555,size=64k")
    for inner in keep:
        os.makedirs(inner, mode=0o755, exist_ok=True)
    mount(None, path, None, MS_REMOUNT | MS_BIND | MS_RDONLY | _LOCKED_DOWN)


def _make_private(path: str, root: str, index: int) -> None:
    own = os.path.join(root, "tmp" if index == 0 else f"tmp-{index}")
    os.makedirs(own, mode=0o700, exist_ok=True)
    mount(own, path, None, MS_BIND)


def _write(path: str, text: str) -> None:
    with open(path, "w") as handle:
        handle.write(text)
