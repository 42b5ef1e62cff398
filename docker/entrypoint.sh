#!/bin/sh
# What a container of this image does: entrypoint.sh ROLE [OPTIONS]. Becomes that process, so signals reach it.
set -eu
cd "$(dirname "$0")/.."
home=${PIPELOOM_HOME:-/data}
if [ -d "$home" ] && [ ! -w "$home" ]; then
    echo "pipeloom: $home cannot be written by user $(id -u). Give the volume to that user: chown $(id -u) $home" >&2
    exit 1
fi
# Large uploads pass through temporary files; /tmp may be memory.
TMPDIR=${TMPDIR:-$home/.tmp}
export TMPDIR
mkdir -p -m 0700 "$TMPDIR"
role=${1:-web}
[ $# -eq 0 ] || shift
case $role in
    web)
        exec python manage.py web --bind "${PIPELOOM_BIND:-0.0.0.0:8470}" "$@" ;;
    reconciler)
        PIPELOOM_ROLE=reconciler
        export PIPELOOM_ROLE
        exec python manage.py reconcile "$@" ;;
    worker | setup)
        exec python manage.py "$role" "$@" ;;
    manage)
        exec python manage.py "$@" ;;
    *)
        echo "pipeloom: there is no role “$role”. Use web, reconciler, worker, setup, or: manage COMMAND" >&2
        exit 64 ;;
esac
