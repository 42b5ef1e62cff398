"""The tests' own servers."""

import pytest
import redis
from django.db import connection


@pytest.mark.django_db
def test_it_gives_every_worker_a_database_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_database(), current_setting('server_version_num')::int")
        name, version = cursor.fetchone()

    assert name.startswith("test_pipeloom")
    assert version >= 150000


def test_it_gives_an_empty_redis(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
