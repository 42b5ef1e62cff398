"""Make or refresh .venv from the hash-locked requirements: bootstrap.py server|dev.

Runs on whatever `python3` the machine has, so it must stay readable for old Pythons (no syntax
newer than 3.6) in order to be able to say, in a sentence, that the Python is too old.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.environ.get("PIPELOOM_VENV") or os.path.join(ROOT, ".venv")
MINIMUM = (3, 11)
PROBE = "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 11) else 3)"


def fail(sentence):
    sys.stderr.write("make: %s\n" % sentence)
    sys.exit(1)


def candidates():
    chosen = os.environ.get("PYTHON")
    if chosen:
        return [chosen]
    return ["python3", "python3.13", "python3.12", "python3.14", "python3.11", "/usr/bin/python3"]


def usable_interpreter():
    """The first Python that is new enough and can make environments; says what to install if none."""
    no_venv = None
    found = None
    for name in candidates():
        path = shutil.which(name)
        if path is None:
            continue
        found = path
        answer = subprocess.run([path, "-c", PROBE], stderr=subprocess.DEVNULL)
        if answer.returncode == 0:
            return path
        if answer.returncode != 3:
            newer = "import sys; sys.exit(sys.version_info < (3, 11))"
            if subprocess.run([path, "-c", newer], stderr=subprocess.DEVNULL).returncode == 0:
                no_venv = no_venv or path
    if no_venv:
        fail(
            "%s cannot make virtual environments (its venv or ensurepip module is missing). "
            "Install it, for example `apt-get install python3-venv`, and run make again." % no_venv
        )
    if found:
        fail(
            "Pipeloom needs Python 3.11 or newer and found only %s, which is older. "
            "Install a newer one, or name it: make PYTHON=/path/to/python3.12 up" % found
        )
    return fail("no python3 on PATH. Install Python 3.11 or newer and run make again.")


def fingerprint(lock):
    with open(lock, "rb") as handle:
        return hashlib.sha256(handle.read()).hexdigest()


def stamped(stamp, wanted):
    try:
        with open(stamp) as handle:
            return handle.read().strip() == wanted
    except OSError:
        return False


def works(python):
    """A venv dies when the Python under it is removed or upgraded in place."""
    if not os.path.exists(python):
        return False
    check = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(check, stderr=subprocess.DEVNULL).returncode == 0


def create(python):
    base = usable_interpreter()
    print("  creating the Python environment from %s" % base)
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([base, "-m", "venv", VENV])
    if made.returncode != 0 or not works(python):
        shutil.rmtree(VENV, ignore_errors=True)
        fail("`%s -m venv %s` failed; the lines above say why." % (base, VENV))


def install(python, lock):
    started = time.time()
    print("  installing %s (hash-locked)" % os.path.relpath(lock, ROOT))
    sys.stdout.flush()
    command = [python, "-m", "pip", "install", "--require-hashes", "--no-deps", "-qq"]
    command += ["--disable-pip-version-check", "--no-input", "-r", lock]
    # pip's temporary files die with the environment when make is interrupted.
    temporary = os.path.join(VENV, ".tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    os.mkdir(temporary)
    done = subprocess.run(command, env=dict(os.environ, TMPDIR=temporary))
    shutil.rmtree(temporary, ignore_errors=True)
    if done.returncode != 0:
        fail(
            "installing %s failed; the lines above say why. Usually the package registry cannot "
            "be reached: check the network or pip's configuration, and run make again." % os.path.relpath(lock, ROOT)
        )
    print("  installed in %.0f s" % (time.time() - started))


def ensure(kind):
    """Install `kind` when its stamp does not match; `dev` contains `server`."""
    python = os.path.join(VENV, "bin", "python")
    lock = os.path.join(ROOT, "requirements", kind + ".txt")
    wanted = fingerprint(lock)
    stamp = os.path.join(VENV, ".pipeloom-" + kind)
    if stamped(stamp, wanted) and works(python):
        return
    if not works(python):
        create(python)
    install(python, lock)
    done = [kind] if kind == "server" else ["server", kind]
    for name in done:
        path = os.path.join(ROOT, "requirements", name + ".txt")
        with open(os.path.join(VENV, ".pipeloom-" + name), "w") as handle:
            handle.write(fingerprint(path))


def main():
    if sys.version_info < MINIMUM and not shutil.which("python3.11"):
        usable_interpreter()
    kind = sys.argv[1] if len(sys.argv) > 1 else "server"
    # Two makes at once (two terminals, an editor) must not install over each other.
    with open(os.path.join(ROOT, ".ci", ".bootstrap.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure(kind)


main()
