"""Format 2: format 1, and a manifest that names what the bundle corrects."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from kaoping.publication.bundle.formats import first
from kaoping.publication.bundle.manifest import is_digest

VERSION: Final = 2
CORRECTS: Final = "corrects"
FACTS: Final = (*first.FACTS, CORRECTS)
_KEYS: Final = {"release", "full_digest", "public_digest", "reason"}


def corrects_faults(data: Mapping[str, Any]) -> list[str]:
    """What is wrong with ``corrects``: null, or the corrected release by name and digests, with the reason."""
    found = data.get(CORRECTS)
    good = found is None or (
        isinstance(found, dict)
        and set(found) == _KEYS
        and all(is_digest(found[name]) for name in ("full_digest", "public_digest"))
        and all(isinstance(found[name], str) and found[name] for name in ("release", "reason"))
    )
    return [] if good else [CORRECTS]


check: Final = partial(first.check, layout=first.Layout(facts=FACTS, manifest_faults=corrects_faults))
