"""A process that destroys one stored file after another by two persons, to be killed: ``python -m bench.kills.destroying``.

Before each act it writes down what it means to do; started again, it does that once more, as people would.
"""

from __future__ import annotations

import json
import os
import secrets
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench.installation import late
from bench.small_disk import when_there_is_room

from kaoping.support import clock

MEANT, DONE, STOP = "destroying-meant.jsonl", "destroying-done.jsonl", "destroying-stop"
KEPT: Final = "已经销毁"
REASON: Final = "含身份证号"


def main() -> None:
    """Destroy until the file ``STOP`` is there."""
    late("django").setup()
    folder = Path(os.environ["KAOPING_DATA"])
    people, acting = late("kaoping.accounts.queries"), late("kaoping.registry.queries.acting")
    handler, head = (
        acting.actor_for(people.person_by_username(name), on=clock.today()) for name in ("handler", "head")
    )
    services, refused = late("kaoping.evidence.services"), late("kaoping.accounts.actor").Refused
    left = sorted(_read(folder / MEANT) - _read(folder / DONE))
    while not (folder / STOP).exists():
        if left:
            digest = left.pop()
        else:
            content = f"%PDF-1.4 {secrets.token_hex(16)}".encode()
            digest = when_there_is_room(partial(_store, services, content, handler))
            when_there_is_room(partial(_write, folder / MEANT, digest))
        try:
            when_there_is_room(partial(_destroy, services, digest, handler, head))
        except refused as words:
            if KEPT not in str(words):
                raise
        when_there_is_room(partial(_write, folder / DONE, digest))
        clock.wait(1.5)


def _store(services: Any, content: bytes, handler: Any) -> str:
    digest: str = services.store_artefact(
        content, name="泄露.pdf", confirmed=True, actor=handler, now=clock.now()
    )
    return digest


def _destroy(services: Any, digest: str, handler: Any, head: Any) -> None:
    services.destroy_artefact(
        sha256=digest, proposed_by=handler, confirmed_by=head, reason=REASON, now=clock.now()
    )


def _read(path: Path) -> set[str]:
    return {json.loads(line)["sha256"] for line in path.read_text().splitlines()} if path.is_file() else set()


def _write(path: Path, digest: str) -> None:
    """One whole line or none."""
    before = path.stat().st_size if path.is_file() else 0
    try:
        with path.open("a") as handle:
            handle.write(json.dumps({"sha256": digest}) + "\n")
    except OSError:
        os.truncate(path, before)
        raise


if __name__ == "__main__":
    main()
