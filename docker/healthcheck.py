"""Is the process of this container well? Asks at the address that it serves; 0 is yes."""

import os
import sys
import urllib.error
import urllib.request

# Any answer shows that it runs; of the web process it must be the right one.
ASKED = (
    ("PIPELOOM_WORKER_METRICS", "/metrics", (200, 403)),
    ("PIPELOOM_RECONCILER_METRICS", "/metrics", (200, 403)),
    ("PIPELOOM_BIND", "/healthz", (200,)),
)


def main() -> int:
    name, path, good = next((each for each in ASKED if os.environ.get(each[0])), ASKED[-1])
    port = os.environ.get(name, ":8470").rpartition(":")[2]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}{path}", timeout=4) as answer:
            status = answer.status
    except urllib.error.HTTPError as refused:
        status = refused.code
    except OSError as error:
        sys.stderr.write(f"{path} does not answer: {error}\n")
        return 1
    if status not in good:
        sys.stderr.write(f"{path} answers {status}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
