"""Others who watch the same run: `python -m tests.bench.viewers SOCKET_URL TOKEN N` says "watching" once all of them
are connected, takes whatever comes, and ends with its standard input."""

import asyncio
import sys

from websockets.asyncio.client import connect


async def watch(url: str, headers: dict[str, str], arrived: asyncio.Semaphore) -> None:
    async with connect(url, additional_headers=headers, proxy=None) as socket:
        arrived.release()
        async for _ in socket:
            pass


async def main() -> None:
    url, token, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    arrived = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(watch(url, {"Authorization": f"Bearer {token}"}, arrived)) for _ in range(count)]
    for _ in tasks:
        await arrived.acquire()
    sys.stdout.write("watching\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main())
