"""A Celery application with nothing in it: the floor for everything that is dispatched with Celery."""

import redis
from celery import Celery

from backend.config import settings as product

QUEUE = "bench.floor"
REPLY = "bench.floor.reply"

app = Celery("bench", broker=product.CELERY_BROKER_URL)
app.conf.update(
    task_ignore_result=True,
    task_default_queue=QUEUE,
    worker_prefetch_multiplier=1,
    broker_transport_options=product.CELERY_TRANSPORT_OPTIONS,
    broker_connection_retry_on_startup=True,
)
client = redis.Redis.from_url(product.REDIS_URL)


@app.task(name="bench.reply")
def reply(number: int) -> None:
    client.rpush(REPLY, number)
