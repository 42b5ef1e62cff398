"""REDIS_URL and DATABASE_URL as our libraries want them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kombu import Connection
from kombu.utils.url import url_to_parts
from redis.connection import parse_url as redis_parse

from backend.config.database import DatabaseUrlError, database_settings
from backend.config.redis_urls import RedisUrlError, redis_address

PASSWORDS = st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S")), min_size=1, max_size=20)


@given(password=PASSWORDS, database=st.integers(0, 15))
def test_it_points_the_broker_and_the_channels_at_the_same_socket(password: str, database: int) -> None:
    quoted = "".join(f"%{ord(letter):02X}" for letter in password)

    address = redis_address(f"unix://:{quoted}@/run/private/redis.sock?db={database}")

    client = redis_parse(address.client_url)
    assert (client["path"], client["password"], client["db"]) == ("/run/private/redis.sock", password, database)
    # What kombu's Redis transport does with a socket address when it connects.
    broker = url_to_parts(Connection(address.broker_url).hostname)
    assert (f"/{broker.path}", broker.password) == ("/run/private/redis.sock", password)
    assert broker.query == {"virtual_host": str(database)}
    assert redis_address(address.broker_url) == address


@pytest.mark.parametrize("url", ["redis://:secret@host:6379/2", "rediss://host/0"])
def test_it_leaves_an_address_of_the_network_as_it_is(url: str) -> None:
    assert redis_address(url).client_url == redis_address(url).broker_url == url


@pytest.mark.parametrize("url", ["", "redis.sock", "amqp://host"])
def test_it_says_what_an_address_looks_like(url: str) -> None:
    with pytest.raises(RedisUrlError, match="unix://"):
        redis_address(url)


def test_it_reads_the_socket_form_of_a_database_address() -> None:
    found = database_settings("postgresql://me:p%40ss@/pipeloom?host=/run/pg", role="command", pool_size=4)

    assert (found["HOST"], found["NAME"], found["USER"], found["PASSWORD"]) == ("/run/pg", "pipeloom", "me", "p@ss")


def test_it_pools_in_the_web_process_only() -> None:
    url = "postgresql://me@host:5432/db?sslmode=require"

    web, worker = (database_settings(url, role=role, pool_size=4) for role in ("web", "worker"))

    assert web["OPTIONS"]["pool"]["max_size"] == 4
    assert "pool" not in worker["OPTIONS"]
    assert web["OPTIONS"]["sslmode"] == "require"


def test_it_says_what_a_database_address_looks_like() -> None:
    with pytest.raises(DatabaseUrlError, match="postgresql://"):
        database_settings("not an address", role="command", pool_size=1)
