"""A few hundred changed files, always the same ones; ``python -m tests.cli.mutations`` tries as many as there is time for."""

import pytest

from tests.cli.mutations import READ, run


@pytest.mark.slow
def test_no_changed_file_makes_a_tool_fail(tmp_path):
    tried, ends, wrong = run(tmp_path, range(300))
    assert wrong == []
    assert tried == 300
    # The changes reach every command, are refused and are taken.
    assert {command for command, _code in ends} == set(READ)
    assert {code for _command, code in ends} == {0, 1, 2}
