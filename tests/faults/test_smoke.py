"""Without faults first: what the faults are measured against."""

from tests.faults.plant import Plant
from tests.harness.runs import document, job, start


def command(name: str, *argv: str, **more: object) -> dict[str, object]:
    return job(name, properties={"algorithm": {"command": list(argv)}}, **more)


def test_it_runs_a_chain_of_real_processes(plant: Plant) -> None:
    run = start(document(command("one", "sh", "-c", "echo first"), command("two", "sh", "-c", "echo second", after=["one"])))
    plant.until_state(run, "completed")
    assert plant.log_of(run, "one") == "first\n"
    assert plant.log_of(run, "two") == "second\n"
