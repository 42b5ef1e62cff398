"""Runs in the child, just before the program that was asked for: ties its life to ours, drops root.

Started by path with `python -I -S`, so it is stdlib only and costs about 30 ms. A separate program
instead of preexec_fn, which may deadlock in a process with threads; and instead of the `unshare`
and `setpriv` tools, which a small machine may lack. The order matters: changing user or namespace
clears the death signal, so that is set last.
"""

import argparse
import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
REFUSED = 78


def become_mapped(libc: ctypes.CDLL, uid: int) -> None:
    """Stay the same user for the kernel and the files, but look like `uid` from inside."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare(CLONE_NEWUSER)")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/gid_map").write_text(f"{uid} {outer_gid} 1")
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1")


def become_user(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def die_with(libc: ctypes.CDLL, parent: int, signal_number: int) -> None:
    if libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    # The parent may have died before the line above: then no signal will ever come.
    if os.getppid() != parent:
        sys.exit(REFUSED)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--death-signal", type=int, required=True)
    parser.add_argument("--map-user", type=int)
    parser.add_argument("--user", type=int)
    parser.add_argument("--group", type=int)
    parser.add_argument("argv", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    argv = options.argv[1:] if options.argv[:1] == ["--"] else options.argv
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if options.map_user is not None:
            become_mapped(libc, options.map_user)
        if options.user is not None:
            become_user(options.user, options.group)
        if sys.platform == "linux":
            die_with(libc, options.parent, options.death_signal)
        os.execvp(argv[0], argv)  # noqa: S606
    except OSError as error:
        sys.stderr.write(f"cannot start {argv[0]}: {error}\n")
        sys.exit(REFUSED)


main()
