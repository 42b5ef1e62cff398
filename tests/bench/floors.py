"""What the parts cost by themselves: `python -m tests.bench.floors N`, with PIPELOOM_HOME of a running product.

In a process of its own, because the product's settings are read when they are imported.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import psycopg
import redis
from websockets.sync.client import connect

from backend.config import settings as product
from tests.bench.bare_worker import QUEUE, REPLY, client, reply
from tests.bench.figures import Figure, spread, timed

CHANNEL = "bench.floor.channel"


def spawn(times: int) -> Iterator[Figure]:
    python = [sys.executable, "-S", "-E", "-c", "pass"]
    yield spread("spawn true", timed(lambda: subprocess.run(["true"], check=True), times))
    yield spread("spawn python -S -E", timed(lambda: subprocess.run(python, check=True), max(10, times // 5)))


def celery_round_trip(times: int) -> Figure:
    with worker():
        client.delete(REPLY)
        return spread("Celery round trip", timed(_round_trip, times))


def _round_trip() -> None:
    reply.delay(1)
    if client.blpop([REPLY], timeout=30) is None:
        raise RuntimeError("the bare Celery worker does not answer")


@contextmanager
def worker() -> Iterator[None]:
    argv = [sys.executable, "-m", "celery", "-A", "tests.bench.bare_worker", "worker", "-c", "2", "-Q", QUEUE]
    quiet = ["--without-gossip", "--without-mingle", "-l", "CRITICAL"]
    process = subprocess.Popen([*argv, *quiet], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def database_update(times: int) -> Figure:
    database = product.DATABASES["default"]
    with psycopg.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        dbname=database["NAME"],
        user=database["USER"],
        password=database["PASSWORD"],
        autocommit=True,
    ) as connection:
        # A table of its own that really writes to the disk: a temporary one would not.
        connection.execute("CREATE TABLE IF NOT EXISTS bench_floor (id int PRIMARY KEY, number int)")
        connection.execute("INSERT INTO bench_floor VALUES (1, 0) ON CONFLICT DO NOTHING")
        try:
            update = "UPDATE bench_floor SET number = number + 1 WHERE id = 1"
            return spread("PostgreSQL update", timed(lambda: connection.execute(update), times))
        finally:
            connection.execute("DROP TABLE bench_floor")


def publish_subscribe(times: int) -> Figure:
    subscriber = redis.Redis.from_url(product.REDIS_URL).pubsub(ignore_subscribe_messages=True)
    subscriber.subscribe(CHANNEL)
    subscriber.get_message(timeout=5)
    arrived = threading.Semaphore(0)
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            if subscriber.get_message(timeout=0.1):
                arrived.release()

    thread = threading.Thread(target=listen)
    thread.start()

    def once() -> None:
        client.publish(CHANNEL, "x" * 200)
        if not arrived.acquire(timeout=10):
            raise RuntimeError("a published message did not arrive")

    try:
        return spread("Redis publish → subscribe", timed(once, times))
    finally:
        stop.set()
        thread.join()
        subscriber.close()


def websocket_echo(times: int) -> Figure:
    server = subprocess.Popen([sys.executable, "-m", "tests.bench.echo"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        with connect(f"ws://127.0.0.1:{server.stdout.readline().strip()}", proxy=None) as socket:

            def once() -> None:
                socket.send("x" * 200)
                socket.recv(10)

            return spread("websocket echo", timed(once, times))
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    times = int(sys.argv[1])
    figures = [
        *spawn(times),
        celery_round_trip(times),
        database_update(times),
        publish_subscribe(times),
        websocket_echo(times),
    ]
    sys.stdout.write(json.dumps([asdict(figure) for figure in figures]) + "\n")


if __name__ == "__main__":
    main()
