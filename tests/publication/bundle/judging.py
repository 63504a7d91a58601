"""What a verdict has to say of a planted value: named, or provably without effect, or a documented exception."""

from contextlib import contextmanager
from datetime import datetime
from functools import cache
from unittest import mock

from kaoping.foreign.container import read
from kaoping.publication.bundle.canonical import loads
from kaoping.publication.bundle.formats import first
from kaoping.publication.bundle.manifest import MANIFEST
from kaoping.publication.bundle.scorers import SCORERS
from kaoping.publication.bundle.verify import verify_files
from kaoping.scoring.observations import observation_from_json
from kaoping.scoring.units import read_units_csv
from kaoping.standards.loading import rulebook_from_files
from tests.publication.bundle.test_golden import GOLDEN

# What a forger can change in manifests of formats 1 and 2 without anything else in the bundle to contradict it.
BY_DIGEST_ONLY = {"signatures", "corrects", "not_provable"}


@contextmanager
def same_rulebook_once():
    """Reading the rulebook is nine tenths of a verification, and mostly it is the same one."""
    reading = cache(lambda texts: rulebook_from_files(dict(texts)))
    with mock.patch.object(first, "rulebook_from_files", lambda texts: reading(tuple(sorted(texts.items())))):
        yield


def said(verdict):
    return "\n".join([*verdict.problems, *verdict.differences])


def is_named(plant, words):
    """By the file, or by the unit, item, line or key that it concerns, or by what then computes otherwise."""
    places = [str(key) for key in plant.place if isinstance(key, str)]
    if plant.file.startswith(("rulebook/", "units.csv", "observations.")):
        return bool(words)
    if plant.file == MANIFEST:
        return MANIFEST in words or "清单" in words
    return plant.file in words or any(
        place in words or place == "units" and "单位" in words for place in places
    )


@cache
def parts(folder):
    """What the whole bundle beside a golden one computes from: its files and its stored results."""
    files = read(GOLDEN / folder.name.removesuffix("-first-level"))
    return files, loads(files[MANIFEST]), loads(files["results.json"])


def computes_the_same(folder, plant):
    """Whether rulebook, units and observations with the plant in them give the results that were stored."""
    whole, manifest, stored = parts(folder)
    forged = plant.files
    files = {
        **whole,
        **{
            name: forged[name]
            for name in forged
            if name in ("units.csv", "observations.jsonl") or name.startswith("rulebook/")
        },
    }
    book = {
        name.removeprefix("rulebook/"): text.decode()
        for name, text in files.items()
        if name.startswith("rulebook/")
    }
    lines = [
        observation_from_json(loads(line), manifest.get("observation_format", 2))
        for line in files["observations.jsonl"].split(b"\n")[:-1]
    ]
    units = read_units_csv(files["units.csv"].decode("utf-8-sig"))[0]
    results = SCORERS[manifest["scorer_version"]](
        rulebook_from_files(book),
        units,
        lines,
        manifest["year"],
        datetime.fromisoformat(manifest["as_of"]),
        manifest["variant"],
    )
    return worded_alike(results) == worded_alike(stored)


def worded_alike(results):
    """Results without the words of reasons, which another wording spells otherwise."""
    return {
        **results,
        "units": [
            {
                **{name: value for name, value in unit.items() if name != "grade_reason"},
                "indicators": {
                    code: {name: value for name, value in line.items() if name != "reason"}
                    for code, line in unit["indicators"].items()
                },
            }
            for unit in results["units"]
        ],
    }


def is_documented(folder, plant):
    """The exceptions: changes of words, and of what a lower level of an earlier format says that it cannot prove."""
    format_version = loads(read(folder)[MANIFEST])["format_version"]
    if plant.file == MANIFEST:
        return format_version < 3 and plant.place[0] in BY_DIGEST_ONLY
    if plant.file.startswith("rulebook/") and folder.name.endswith("-first-level") and format_version < 3:
        return True
    if plant.file.startswith(("rulebook/", "units.csv", "observations.jsonl")):
        return computes_the_same(folder, plant)
    return False


def examine(folder, chosen):
    """How many plants were tried, and those of which the verdict does not say what it has to."""
    digest = folder.with_suffix(".digest").read_text(encoding="utf-8")
    wrong, seen = [], 0
    for plant in chosen:
        seen += 1
        files = plant.files
        verdict = verify_files(files)
        if verdict.ok:
            good = is_documented(folder, plant) and not verify_files(files, digest).ok
        else:
            good = is_named(plant, said(verdict))
        if not good:
            wrong.append(f"{plant} → {said(verdict) or '核对一致'}")
    return seen, wrong
