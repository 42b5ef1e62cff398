"""The Linux calls that Python has no names for. Each raises OSError with the call's name in it.

Only modules that load in a few milliseconds are imported anywhere in this package: it is loaded anew for every step.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import struct
import sys

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS = 0x0002_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18

IN_MODIFY, IN_CLOSE_WRITE, IN_MOVED_TO, IN_CREATE = 0x2, 0x8, 0x80, 0x100
IN_ONLYDIR, IN_DONT_FOLLOW = 0x0100_0000, 0x0200_0000
_IN_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_SECUREBITS = 1, 4, 24, 28
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 36, 38, 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
# Uid 0 means nothing to exec any more, and none of that can be taken back (each bit with its lock).
_SECUREBITS_NO_PRIVILEGED_ROOT = 0x01 | 0x02 | 0x04 | 0x08 | 0x20 | 0x40 | 0x80
_CAPABILITY_VERSION_3 = 0x2008_0522

_AF_INET, _SOCK_DGRAM_CLOEXEC = 2, 2 | os.O_CLOEXEC
_SIOCSIFFLAGS, _IFF_UP_RUNNING = 0x8914, 0x41

_SYS_MOUNT_SETATTR = 442  # the same number on every architecture, like all calls newer than 5.1
_AT_FDCWD = -100
_MOUNT_ATTR_RDONLY = 1


def _failed(call: str, path: str | None = None) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{call}: {os.strerror(number)}", path)


def _prctl(option: int, argument: int, *more: int) -> None:
    values = [ctypes.c_ulong(value) for value in (argument, *more, 0, 0, 0)[:4]]
    if _libc.prctl(option, *values) != 0:
        raise _failed(f"prctl({option})")


def die_with_parent(signal_number: int) -> None:
    """The signal comes when the *thread* that made this process ends; the caller checks that it is still there."""
    _prctl(_PR_SET_PDEATHSIG, signal_number)


def adopt_orphans() -> None:
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def forbid_inspection() -> None:
    """Other processes of this uid may then neither trace this one nor read its memory or environment."""
    _prctl(_PR_SET_DUMPABLE, 0)


def no_new_privileges() -> None:
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up every capability for good, also those that uid 0 would get back by exec. Needs none itself."""
    try:
        _prctl(_PR_SET_SECUREBITS, _SECUREBITS_NO_PRIVILEGED_ROOT)
        for capability in range(64):
            _prctl(_PR_CAPBSET_DROP, capability)
    except OSError:
        pass  # no more exist; or we may not lower these bounds, and then have nothing to gain below them
    try:
        _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    except OSError:
        pass  # kernels without ambient capabilities have none to clear
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if _libc.capset(ctypes.byref(header), ctypes.byref(nothing)) != 0:
        raise _failed("capset")


def unshare(flags: int) -> None:
    if _libc.unshare(flags) != 0:
        raise _failed("unshare")


def loopback_up() -> None:
    """Of an own network: programs that speak to themselves go on working, and nobody else is there."""
    descriptor: int = _libc.socket(_AF_INET, _SOCK_DGRAM_CLOEXEC, 0)
    if descriptor < 0:
        raise _failed("socket")
    try:
        fcntl.ioctl(descriptor, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP_RUNNING))
    finally:
        os.close(descriptor)


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    arguments = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    extra = None if data is None else os.fsencode(data)
    if _libc.mount(*arguments, ctypes.c_ulong(flags), extra) != 0:
        raise _failed("mount", target)


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns", ctypes.c_uint64),
    )


def mount_read_only(path: str) -> None:
    """Only the mount at `path`; what is mounted below it keeps its mode."""
    wish = _MountAttributes(_MOUNT_ATTR_RDONLY, 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(wish))
    if _libc.syscall(_SYS_MOUNT_SETATTR, _AT_FDCWD, os.fsencode(path), 0, ctypes.byref(wish), size) != 0:
        raise _failed("mount_setattr", path)


def inotify_open() -> int:
    descriptor: int = _libc.inotify_init1(_IN_FLAGS)
    if descriptor < 0:
        raise _failed("inotify_init1")
    return descriptor


def inotify_add(descriptor: int, path: str, mask: int) -> int:
    watch: int = _libc.inotify_add_watch(descriptor, os.fsencode(path), ctypes.c_uint32(mask))
    if watch < 0:
        raise _failed("inotify_add_watch", path)
    return watch


def inotify_names(events: bytes) -> list[bytes]:
    """Of the files that events are about, as read from the descriptor; empty where an event is about no file."""
    names = []
    at = 0
    while at < len(events):
        size = int.from_bytes(events[at + 12 : at + 16], sys.byteorder)
        names.append(events[at + 16 : at + 16 + size].rstrip(b"\0"))
        at += 16 + size
    return names


def rewrite_environment(name: str, value: str) -> None:
    """Of this process as /proc shows it to others, which is as it was at its start. There is as much room as there was
    for the value then."""
    _libc.getenv.restype = ctypes.c_void_p
    place = _libc.getenv(name.encode())
    room = len(ctypes.string_at(place)) if place else 0
    if len(value) > room:
        raise OSError(0, f"no room for {name} in the environment")
    ctypes.memmove(place, value.encode().ljust(room, b"\0"), room)


def syscall(name: str, number: int, *arguments: object) -> int:
    result: int = _libc.syscall(number, *arguments)
    if result < 0:
        raise _failed(name)
    return result
