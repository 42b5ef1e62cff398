"""Engines and flavors."""

import pytest

from backend.apps.assets.selectors import engine_get, flavors_resources
from backend.apps.assets.services import engine_register, flavor_declare, flavors_forget, flavors_sync, storage_roots
from backend.shared.errors import ProductError
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db
GPU = {"uuid": "GPU-1", "type": "A100"}


def _ids() -> list[str]:
    return sorted(flavors_resources())


def test_it_derives_flavors_from_a_host() -> None:
    flavors_sync(host="a", cpu=6, memory_mb=12_000, gpus=[GPU, GPU])

    assert _ids() == ["cpu.1", "cpu.2", "cpu.4", "gpu.1", "gpu.2"]
    assert flavors_resources()["gpu.1"] == {"cpu": 3, "memory_mb": 6_000, "gpus": 1, "gpu_type": None, "pool": None}
    assert flavors_resources()["cpu.4"]["memory_mb"] == 8_192


def test_it_offers_one_cpu_on_the_smallest_host() -> None:
    flavors_sync(host="a", cpu=0.5, memory_mb=400)

    assert flavors_resources()["cpu.1"]["memory_mb"] == 400


def test_it_offers_what_any_host_can_serve() -> None:
    flavors_sync(host="a", cpu=2, memory_mb=4_000)
    flavors_sync(host="b", cpu=4, memory_mb=8_000, gpus=[GPU])
    assert _ids() == ["cpu.1", "cpu.2", "cpu.4", "gpu.1"]

    flavors_sync(host="b", cpu=1, memory_mb=8_000)
    assert _ids() == ["cpu.1", "cpu.2"]

    flavors_forget(host="a")
    assert _ids() == ["cpu.1"]


def test_it_keeps_declared_flavors(author: Api) -> None:
    flavor_declare(flavor_id="big", title="A big one", cpu=64, memory_mb=512_000, gpus=8, gpu_type="H200")

    listed = author.get("/api/flavors/").json()["items"]

    assert [(each["flavor_id"], each["gpu_type"], each["hosts"]) for each in listed] == [("big", "H200", [])]


def test_it_names_the_engines_there_are(author: Api) -> None:
    engine_register(name="digits", version="1.0", interpreter="/opt/engines/digits/bin/python")
    engine_register(name="digits", version="1.0", interpreter="/moved/python")

    assert engine_get(name="digits").interpreter == "/moved/python"
    with pytest.raises(ProductError, match="no engine “torch”") as refused:
        engine_get(name="torch", version="2")
    assert "digits 1.0" in refused.value.problems[0].hint
    listed = author.get("/api/engines/").json()["items"]
    assert [(each["name"], each["version"]) for each in listed] == [("digits", "1.0")]
    assert "/moved/python" not in str(listed)


def test_it_gives_the_first_project_the_folder_that_people_look_for(people: People) -> None:
    first = people.manager.personal_project

    folders = {str(next(iter(storage_roots(project=each))).path) for each in (first, people.project)}

    assert any(folder.endswith("/storage/default") for folder in folders)
    assert any(folder.endswith(f"/storage/{people.project.pk}") for folder in folders)
    assert str(next(iter(storage_roots(project=first))).path).endswith("/storage/default")
