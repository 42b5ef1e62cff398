"""Where each case of the acceptance list is proved: every name in here must be a test that exists."""

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
API, RUNS, DESIGN = "tests/integration/api", "tests/integration/runs", "tests/unit/domain/design"
SECURITY, SANDBOX = "tests/integration/security", "tests/unit/workers/sandbox"
CASES: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "G01": (
        "the pure machine under any order of inputs",
        {"tests/unit/domain/run/test_any_order.py": ("test_it_keeps_its_promises_in_any_order",)},
    ),
    "G02": (
        "the same inputs to the machine and to the database",
        {f"{RUNS}/test_random_walk.py": ("test_it_agrees_with_the_pure_machine_on_any_history",)},
    ),
    "G03": (
        "recorded runs folded by new code",
        {"tests/unit/domain/run/test_golden_runs.py": (), "tests/unit/domain/run/test_fold.py": ()},
    ),
    "G04": (
        "graphs of every shape and size",
        {
            f"{DESIGN}/test_limits.py": (
                "test_it_takes_ten_thousand_steps",
                "test_it_tells_a_cycle_of_ten_thousand_steps_once_and_shortly",
                "test_it_takes_edges_up_to_the_limit",
            ),
            f"{RUNS}/test_cost.py": (),
        },
    ),
    "G05": (
        "ten thousand steps in the editor",
        {"tests/e2e/test_ten_thousand.py": ("test_g05_it_opens_and_edits_ten_thousand_steps",)},
    ),
    "G06": (
        "generated requests for every operation",
        {f"{API}/test_schemathesis.py": ("test_it_answers_any_request_as_described",)},
    ),
    "G07": (
        "mutants of valid documents",
        {
            f"{API}/test_fuzz.py": ("test_it_survives_mutants_of_a_valid_document", "test_it_survives_bytes"),
            f"{DESIGN}/test_fuzz.py": (
                "test_it_tells_whatever_is_done_to_a_part",
                "test_it_takes_any_json_for_a_document",
            ),
        },
    ),
    "G08": (
        "bodies without end",
        {
            f"{API}/test_body_limit.py": (
                "test_it_cuts_an_endless_body_off",
                "test_it_believes_a_declared_length",
                "test_it_takes_little_from_strangers",
                "test_g08_it_lets_nobody_hold_connections_by_talking_slowly",
                "test_g08_it_gives_a_connection_that_was_served_no_more_patience",
                "test_g08_it_waits_for_no_body_that_trickles",
            ),
            f"{API}/test_errors.py": ("test_it_stops_reading_at_the_cap", "test_it_reads_json_only"),
        },
    ),
    "G09": (
        "who may do what, for every address and socket",
        {
            f"{API}/test_permissions.py": (
                "test_it_has_a_row_for_every_route_and_a_route_for_every_row",
                "test_it_has_a_row_for_every_socket",
                "test_it_lets_in_exactly_those_who_may",
                "test_it_says_the_same_of_a_strangers_thing_and_of_none",
                "test_it_wants_a_csrf_token_with_a_session",
            ),
            "tests/live/test_sockets.py": ("test_it_lets_no_foreign_page_use_a_session",),
        },
    ),
    "G10": (
        "hostile words, paths, files, archives, pickles and patterns",
        {
            f"{SECURITY}/test_corpus.py": (
                "test_g10_it_keeps_hostile_words_as_they_are_or_refuses_them",
                "test_g10_it_lets_no_path_out_of_a_storage",
                "test_g10_it_serves_files_of_any_name_as_files_only",
                "test_g10_it_unpacks_no_archive_and_opens_no_pickle",
                "test_g10_it_has_no_code_that_could_unpack_or_unpickle",
                "test_g10_it_searches_for_patterns_as_words",
            ),
            "tests/e2e/test_hostile.py": ("test_it_runs_nothing_of_what_was_written_and_shows_it_as_it_is",),
            "tests/unit/config/test_log_lines.py": ("test_it_obeys_no_terminal_sequence",),
        },
    ),
    "G11": (
        "what a step can reach",
        {
            f"{SANDBOX}/test_isolation.py": (
                "test_it_hides_secrets_databases_and_other_attempts",
                "test_it_keeps_other_processes_of_the_same_user_out_of_reach",
                "test_it_gives_a_step_no_way_back_to_more_rights",
            ),
            f"{SANDBOX}/test_limits.py": (
                "test_it_ends_a_step_that_starts_processes_without_end",
                "test_it_lets_the_kernel_count_where_root_is_not_the_user",
                "test_it_ends_a_step_that_fills_the_disk",
                "test_it_keeps_a_step_from_changing_whose_it_is_and_what_it_said",
                "test_it_closes_the_network_where_that_was_asked_for",
            ),
        },
    ),
    "G12": (
        "looking starts nothing",
        {
            f"{SECURITY}/test_corpus.py": (
                "test_g12_it_starts_no_process_and_imports_nothing_by_looking_at_a_document",
                "test_g12_it_starts_no_process_when_a_workflow_is_saved_checked_planned_exported_and_copied",
            ),
        },
    ),
    "G13": (
        "a backup made while everything runs",
        {
            "tests/faults/test_backup.py": (),
            "tests/integration/ship/test_operations.py": ("test_it_backs_up_and_restores_as_pasted",),
        },
    ),
    "W03": (
        "a thousand sockets",
        {
            "tests/live/test_thousand.py": ("test_w03_a_thousand_sockets_on_one_process",),
            "tests/live/test_many.py": ("test_w03_a_crowd_misses_nothing_also_when_all_of_it_comes_back_at_once",),
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_has_the_tests_of_every_case(case: str) -> None:
    _, files = CASES[case]
    for file, names in files.items():
        tree = ast.parse((REPOSITORY / file).read_text())
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert set(names) <= functions, f"{case}: {file}"
        assert any(name.startswith("test_") for name in functions), f"{case}: {file}"


NAMED = ("f08", "f11", "f12", "f13", "f16", "f17", "f22", "f24", "f28", *(f"w{number:02}" for number in range(1, 8)))
"""Faults and streams: their tests carry the name."""


def test_it_has_a_test_for_every_named_fault() -> None:
    found = set()
    for file in (REPOSITORY / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef):
                found.add(node.name.removeprefix("test_").split("_")[0])
    assert set(NAMED) <= found
