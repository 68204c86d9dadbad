"""Every act that places a visit is stopped by the database: without its rule the same assertion fails."""

from __future__ import annotations

import ast
from contextlib import suppress
from pathlib import Path

import pytest

from clinic.errors import Conflict
from tests.factories.scheduling import drop_the_guard
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.mutations import MUTATIONS, Mutation, target_of
from tests.integration.scheduling.test_contention import overlaps

CASES = [
    pytest.param(one, rule, id=f"{one.name} - {rule.removeprefix('ex_')}")
    for one in MUTATIONS
    for rule in one.rules
]


def assert_nobody_is_in_two_visits(clinic: Clinic, mutation: Mutation, rule: str) -> None:
    """Let the act break `rule`, and see that it has not."""
    target = target_of(clinic, rule)
    with suppress(Conflict):
        mutation.act(clinic, target)
    assert overlaps(clinic.database) == 0


@pytest.mark.parametrize(("mutation", "rule"), CASES)
def test_no_act_puts_anybody_in_two_visits(clinic: Clinic, mutation: Mutation, rule: str) -> None:
    assert_nobody_is_in_two_visits(clinic, mutation, rule)


@pytest.mark.parametrize(("mutation", "rule"), CASES)
def test_without_the_guard_the_same_assertion_fails(clinic: Clinic, mutation: Mutation, rule: str) -> None:
    drop_the_guard(clinic.database)
    with pytest.raises(AssertionError):
        assert_nobody_is_in_two_visits(clinic, mutation, rule)


def test_nothing_but_the_guarded_service_writes_appointments() -> None:
    """Services place visits through `guarded`; a demo clinic fills its empty diary itself."""
    root = Path(__file__).resolve().parents[3] / "clinic"
    allowed = {root / "demo/diary.py", root / "demo/groups.py"}
    allowed.update((root / "scheduling/services/guarded").glob("*.py"))
    found = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in sorted(root.rglob("*.py"))
        if path not in allowed
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _writes_appointments(node)
    ]
    assert found == []


def _writes_appointments(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    of_table = bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id == "Appointment"
    return name == "Appointment" or (name in {"insert", "update", "delete"} and of_table)
