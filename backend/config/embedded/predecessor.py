"""What a killed `up` left: processes to end, sockets and folders to remove.

Only called while we hold the home's lock: the predecessor itself is certainly gone.
"""

import signal
from pathlib import Path

from backend.config.embedded.home import Home
from backend.config.embedded.instance import ProcessRecord, instance_read
from backend.config.embedded.processes import await_end, boot_id, is_alive, process_record, send, session_members
from backend.config.embedded.runtime import runtime_remove

# The kernel has already told PostgreSQL to shut down; give it the time to write everything.
POSTGRES_SECONDS, OTHERS_SECONDS = 30.0, 5.0


def predecessor_clean(home: Home) -> bool:
    """True when there was one."""
    instance = instance_read(home)
    if instance is not None and instance.boot_id == boot_id():
        for child in instance.children:
            _end(child)
    postmaster = _postmaster(home)
    if postmaster is not None:
        _end(postmaster)
    if instance is not None:
        runtime_remove(Path(instance.runtime))
    existed = home.instance.exists()
    home.instance.unlink(missing_ok=True)
    return existed


def _end(child: ProcessRecord) -> None:
    if not is_alive(child):
        return
    family = session_members(child.pid)
    is_postgres = child.name == "postgres"
    send(child, signal.SIGINT if is_postgres else signal.SIGTERM)
    if await_end([child], POSTGRES_SECONDS if is_postgres else OTHERS_SECONDS):
        send(child, signal.SIGQUIT if is_postgres else signal.SIGKILL)
        await_end([child], OTHERS_SECONDS)
    for member in [*family, *session_members(child.pid)]:
        send(member, signal.SIGKILL)
    await_end(family, OTHERS_SECONDS)


def _postmaster(home: Home) -> ProcessRecord | None:
    """Known even when instance.json was lost: PostgreSQL keeps its own pid file in the cluster."""
    try:
        pid = int((home.postgres / "postmaster.pid").read_text().split("\n", 1)[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    if str(home.postgres).encode() not in command:
        return None
    record = process_record("postgres", pid)
    return record if record.started else None
