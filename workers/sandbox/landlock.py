"""The second best fence: a list of folders that a process and its children may use (kernel 5.13 and newer).

Landlock only allows; to hide a folder, everything beside it is allowed. What is made later next to a hidden folder
is therefore out of reach as well, which errs on the safe side. Pathname sockets can still be connected to: the
servers behind them ask for passwords, and those are hidden.
"""

from __future__ import annotations

import ctypes
import os
import stat

from workers.sandbox.kernel import no_new_privileges, syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workers.sandbox.spec import Isolation

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_QUERY = 1
_RULE_PATH_BENEATH = 1

_LIST = 0b1000
_READ = _LIST | 0b101  # and execute or read a file
_FILE_RIGHTS = 0b111 | 1 << 14
_ALL_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1}
_ALL_RIGHTS_SINCE_3 = (1 << 15) - 1  # device ioctls stay open on purpose: graphics cards are used through them
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def landlock_version() -> int:
    """0 where the kernel has no Landlock or it is switched off."""
    try:
        return syscall("landlock_create_ruleset", _CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_QUERY)
    except OSError:
        return 0


def restrict(wish: Isolation) -> None:
    """From now on, and for ever, this process cannot open what is below `hide`, nor write below `read_only`.

    `readable` and `keep` name folders inside those that stay readable, or usable in full; a folder that holds a file
    of `fixed` takes no new files either.
    """
    version = landlock_version()
    rights = _ALL_RIGHTS.get(version, _ALL_RIGHTS_SINCE_3)
    scoped = _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0
    attributes = _RulesetAttributes(rights, 0, scoped)
    size = ctypes.c_size_t((8, 16, 24)[0 if version < 4 else 1 if version < 6 else 2])
    ruleset = syscall("landlock_create_ruleset", _CREATE_RULESET, ctypes.byref(attributes), size, 0)
    try:
        _allow(ruleset, "/", _LIST)  # names only: programs stumble over folders that they cannot list
        for path, writable in grants(wish.hide, wish.read_only, wish.readable, wish.keep, wish.fixed):
            _allow(ruleset, path, rights if writable else rights & _READ)
        no_new_privileges()
        syscall("landlock_restrict_self", _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def grants(
    hide: Sequence[str],
    read_only: Sequence[str],
    readable: Sequence[str],
    keep: Sequence[str],
    fixed: Sequence[str] = (),
) -> Iterator[tuple[str, bool]]:
    """The largest folders that hold nothing hidden or protected, each with whether it may be written."""
    special = {*hide, *read_only, *readable, *keep, *fixed}
    open_branches = [("/", True)]
    while open_branches:
        folder, writable = open_branches.pop()
        if folder in hide:
            writable_below = None
        elif folder in read_only or folder in readable or folder in fixed:
            writable_below = False
        elif folder in keep:
            writable_below = True
        else:
            writable_below = writable
        if not any(_is_below(path, folder) for path in special):
            if writable_below is not None:
                yield folder, writable_below
        elif writable_below is None:
            open_branches.extend((path, True) for path in (*readable, *keep) if _is_below(path, folder))
        else:
            open_branches.extend((path, writable_below) for path in _entries(folder))


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip("/") + "/") and path != folder


def _entries(folder: str) -> Iterable[str]:
    try:
        return [os.path.join(folder, name) for name in os.listdir(folder)]
    except OSError:
        return []


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return  # went away, or is not for us anyway
    try:
        kind = os.fstat(descriptor).st_mode
        if stat.S_ISLNK(kind):
            return  # where it points to is allowed, or hidden, under its own name
        if not stat.S_ISDIR(kind):
            rights &= _FILE_RIGHTS
        rule = _PathBeneath(rights, descriptor)
        syscall("landlock_add_rule", _ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)
