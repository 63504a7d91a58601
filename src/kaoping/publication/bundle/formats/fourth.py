"""Format 4: the manifest says how the addresses of targets are spelt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from kaoping.foreign.addresses import SPELLING
from kaoping.publication.bundle.formats import first, third

VERSION: Final = 4
ADDRESSES: Final = "addresses"
FACTS: Final = (*third.FACTS, ADDRESSES)


def _manifest_faults(data: Mapping[str, Any]) -> list[str]:
    wrong = [] if data.get(ADDRESSES) == SPELLING else [ADDRESSES]
    return [*third.LAYOUT.manifest_faults(data), *wrong]


LAYOUT: Final = replace(third.LAYOUT, facts=FACTS, manifest_faults=_manifest_faults)
check: Final = partial(first.check, layout=LAYOUT)
