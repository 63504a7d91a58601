"""The tampering table over every golden bundle: what is planted is named, or provably changes nothing.

The whole table is tens of thousands of bundles: ``python -m bench.tampering``. Here every file and every first-level key
of it, and a fixed part of all the others.
"""

import pytest

from kaoping.foreign.container import read
from tests.publication.bundle.judging import examine, same_rulebook_once
from tests.publication.bundle.tampering import plants
from tests.publication.bundle.test_golden import FOLDERS

ONE_IN = 41


# The newest format each time, the others where there is patience.
EACH = [pytest.param(one, id=one.name, marks=() if one.name == "v3" else pytest.mark.slow) for one in FOLDERS]


@pytest.mark.parametrize("folder", EACH)
def test_what_is_planted_in_a_file_or_a_key_of_it_is_named(folder):
    number = FOLDERS.index(folder)
    every = enumerate(plants(read(folder)))
    with same_rulebook_once():
        seen, wrong = examine(
            folder,
            (one for n, one in every if len(one.place) == 0 or n % ONE_IN == number % ONE_IN or is_top(one)),
        )
    assert seen and not wrong, "\n".join(wrong[:20])


def is_top(plant):
    return len(plant.place) == 1 and plant.file.endswith(".json")
