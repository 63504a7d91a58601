"""Verbs of publication: freeze a signed sheet into an immutable release, publish it, withdraw it."""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from kaoping.accounts import queries as accounts
from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.verbs import Act, verb
from kaoping.balloting import public_result, questionnaire_from_dict
from kaoping.beijing import day_of
from kaoping.campaigns.models import Campaign, Correction, Sheet
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.ledger import acts_of
from kaoping.campaigns.queries.period import spans
from kaoping.campaigns.services.correction import end_published
from kaoping.campaigns.services.stages import advance
from kaoping.evaluation import queries as evaluation
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import keep_bytes
from kaoping.foreign.container import zip_bytes
from kaoping.publication import log_heads, logic, policy, queries, shelf
from kaoping.publication.bundle.build import Files, build_bundle, bundle_digest
from kaoping.publication.bundle.canonical import sha256
from kaoping.publication.bundle.formats import third
from kaoping.publication.models import Release, ReleaseAct
from kaoping.registry.queries.organisers import main_code, office_of
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.provenance import Adoption
from kaoping.scoring.succession import in_time
from kaoping.standards.queries import rulebook_of

# Public files name offices, never staff: who signed in person stays in the office's records.
_ROLES = {"handler": "经办", "head": "办公室负责人", "leader": "领导小组领导"}
_MEANWHILE: Final = "刚刚已有人办理，请刷新后看现在的情况。"


@verb(
    "freeze",
    "冻结结果",
    kind="release",
    thing="campaign",
    signs=True,
    door=policy.can_freeze,
    denied="冻结由政务公开办经办办理。",
    refusal=queries.check_freeze,
    lock="campaign",
    said="冻结 {year} 年度结果，第 {number} 次发布{what}，完整数据包校验值 {digest}…。",
    news="冻结结果 {n} 次",
    room="publication",
    final="冻结后不能改分，只能发更正。",
)
def freeze(act: Act, *, actor: Actor, campaign: Campaign, typed_year: str, now: datetime) -> Release:
    """Make the release of the newest signed sheet: rulebook, units, every observation that moves a point, results.

    The bundle recomputes the results from what it carries; when they are not those that were signed, nothing is kept.
    The year is typed because the act cannot be undone.
    """
    if words := logic.refusal_of_year(campaign.year, typed_year):
        raise Refused(words)
    signed = sheets.signed(campaign)
    assert signed is not None  # what the refusal has just asked
    number = queries.releases(campaign.key).count() + 1
    correction = corrections.of_sheet(signed)
    signatures = _signatures(campaign, signed, correction)
    files = _bundle(campaign, signed, signatures, number, _corrects(correction))
    if words := logic.refusal_of_difference(sha256(files["results.json"]), signed.digest):
        raise Refused(words)
    public = queries.cut(files, campaign.publication_level)
    name = f"{campaign.key}-{number}"
    full_sha = _keep(files, f"{name}-完整数据包.zip", actor, now)
    public_sha = _keep(public, f"{name}-公开数据包.zip", actor, now)
    with act.writing():
        if sheets.signed(campaign) != signed:
            raise Refused(_MEANWHILE)
        release = Release.objects.create(
            organiser=campaign.organiser,
            year=campaign.year,
            number=number,
            level=campaign.publication_level,
            sheet_digest=signed.digest,
            full_digest=bundle_digest(files),
            full_sha256=full_sha,
            public_digest=bundle_digest(public),
            public_sha256=public_sha,
            signatures=signatures,
            example=campaign.example,
            frozen_at=now,
            frozen_by=actor.name,
            frozen_by_id=actor.id,
        )
        act.done(
            thing=release,
            year=campaign.year,
            number=number,
            what=_what(correction),
            digest=release.full_digest[:8],
        )
    return release


def _unpublishable(release: Release, now: datetime) -> str | None:
    campaign = campaigns.of(release.key)
    assert campaign is not None
    return queries.check_publish(campaign, release, now)


@verb(
    "publish",
    "公开结果",
    kind="release",
    thing="release",
    signs=True,
    door=policy.can_publish,
    whose="release",
    denied="公开由政务公开办经办办理。",
    refusal=_unpublishable,
    lock="release",
    said="公开 {year} 年度结果（{name}）{what}。",
    news="公开结果 {n} 次",
    room="publication",
    back="withdraw",
)
def publish(act: Act, *, actor: Actor, release: Release, note: str = "", now: datetime) -> ReleaseAct:
    """Put the public part on the shelf that the outside face reads, and close the year; a correction ends with it.

    The result must be approved by three signatures with their scan, and so must a correction that changes a unit's grade.
    Harmless to repeat after a crash.
    """
    campaign = campaigns.of(release.key)
    assert campaign is not None
    files = queries.public_files(release)
    if files is None:
        raise Refused("发布包的文件不在了，请从备份恢复后再公开。")
    corrected = queries.corrected_by(release)
    facts = _facts(campaign, release, note, now, corrected)
    with act.writing():
        held = Campaign.objects.select_for_update().filter(pk=campaign.pk).first()
        if held is None:
            raise Refused(_MEANWHILE)
        if words := queries.check_publish(held, release, now):
            raise Refused(words)
        made = _note_act(release, logic.PUBLISHED_ACT, note, act)
        done = _what(corrected[0]) if corrected else ""
        act.done(year=release.year, name=release.log_id, what=done)
        if corrected:
            end_published(actor=actor, correction=corrected[0], now=now)
        if held.stage != "published":
            advance(actor=actor, campaign=held, now=now, release=True, publishing=True)
        shelf.write_release(Path(settings.KAOPING_PUBLISHED), facts, files)
    return made


@verb(
    "withdraw",
    "撤回",
    kind="release",
    thing="release",
    signs=True,
    door=policy.can_withdraw,
    whose="release",
    denied="撤回由办公室负责人办理。",
    refusal=queries.check_withdraw,
    lock="release",
    said="撤回 {name}：{reason}",
    news="撤回 {n} 次",
    room="publication",
    final="撤回的不能再公开；要改的，在“更正”立更正。",
)
def withdraw(
    act: Act, *, actor: Actor, release: Release, reason: str, typed_year: str, now: datetime
) -> ReleaseAct:
    """Withdraw a published release: the public reads when and why, its digests stay, its numbers and files are no longer shown."""
    if words := logic.refusal_of_withdrawal(reason, year=release.year, typed_year=typed_year):
        raise Refused(words)
    with act.writing():
        made = _note_act(release, logic.WITHDRAWN_ACT, reason, act)
        act.done(name=release.log_id, reason=reason.strip())
        shelf.mark_withdrawn(
            Path(settings.KAOPING_PUBLISHED),
            release.key,
            release.number,
            reason=reason.strip(),
            at=now.isoformat(),
        )
    return made


def _note_act(release: Release, kind: str, reason: str, act: Act) -> ReleaseAct:
    return ReleaseAct.objects.create(
        release=release,
        kind=kind,
        reason=reason.strip(),
        by=act.actor.name,
        by_id=act.actor.id,
        at=act.now,
    )


def publish_log_heads(*, now: datetime) -> int:
    """Put the audit log's head of each day that is over where the outside face reads; returns how many days are new."""
    place = Path(settings.KAOPING_PUBLISHED)
    known = log_heads.read(place)
    heads = accounts.heads_of_days(after=known[-1].number if known else 0, before=day_of(now))
    return log_heads.add(place, [(one.day, one.number, one.digest) for one in heads if one.day])


def _what(correction: Correction | None) -> str:
    return f"，是第 {correction.number} 次更正" if correction else ""


def _corrects(correction: Correction | None) -> dict[str, str] | None:
    """What the manifest says of the corrected release: its name, both digests, the reason."""
    corrected = queries.of_sheet(correction.sheet) if correction else None
    if correction is None or corrected is None:
        return None
    return {
        "release": f"{corrected.year}-{corrected.number}",
        "full_digest": corrected.full_digest,
        "public_digest": corrected.public_digest,
        "reason": correction.reason,
    }


def _bundle(
    campaign: Campaign,
    signed: Sheet,
    signatures: list[dict[str, str]],
    number: int,
    corrects: dict[str, str] | None,
) -> Files:
    units = campaigns.units(campaign)
    lines = ledger.ledger(
        organiser=signed.campaign.organiser, recorded_until=signed.as_of, units=[unit.code for unit in units]
    )
    lines = logic.concerning(in_time(lines, campaign.round_closed_at), spans(campaign))
    aliases = reviews.aliases(campaign)
    acts = {
        name: third.Act(day_of(done.at), done.signers)
        for name, done in acts_of(campaign, lines, signed).items()
    }
    return build_bundle(
        rulebook=rulebook_of(campaign.rulebook_id),
        units=units,
        observations=lines,
        year=campaign.year,
        as_of=signed.as_of,
        variant=campaign.timetable,
        signatures=signatures,
        aliases={alias: alias for alias in aliases},
        salt=_salt(campaign.key, number),
        example=campaign.example,
        corrects=corrects,
        acts=acts,
        adopted=_adopted(campaigns.adoption_of(campaign)),
    )


def _salt(key: OrganisedYear, number: int) -> bytes:
    """The office can show what a redacted digest stands for; nobody without its key can guess it."""
    return hmac.new(settings.SECRET_KEY.encode(), f"release {key}-{number}".encode(), hashlib.sha256).digest()


def _keep(files: Mapping[str, bytes], name: str, actor: Actor, now: datetime) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        zip_bytes(files, path)
        content = path.read_bytes()
    return keep_bytes(content, name=name, media_type="application/zip", actor=actor, now=now)


def _signatures(campaign: Campaign, signed: Sheet, correction: Correction | None) -> list[dict[str, str]]:
    """Offices and instants: who signed the plan, opened the correction, prepared and signed the sheet."""
    sign_off = sheets.sign_off_of(signed)
    assert sign_off is not None
    sign = partial(_signature, office_of(campaign.organiser))
    plan = campaigns.approval_state(campaign, "plan")
    standing = list(plan.rows)[len(plan.rows) - plan.standing :]
    found = [sign(f"方案{_ROLES[row.step]}", row.at) for row in standing]
    if correction:
        found.append(sign("更正经办", correction.opened_at))
    found.append(sign("计分表经办", signed.computed_at))
    found.append(sign("计分表第二签发人", sign_off.at))
    return found


def _signature(office: str, role: str, at: datetime) -> dict[str, str]:
    return {"role": role, "name": office, "at": at.isoformat()}


def _adopted(adoption: Adoption | None) -> dict[str, str] | None:
    if adoption is None:
        return None
    return {"by": adoption.by, "on": adoption.on.isoformat(), "document_no": adoption.document_no}


def _facts(
    campaign: Campaign,
    release: Release,
    note: str,
    now: datetime,
    corrected: tuple[Correction, Release] | None,
) -> dict[str, Any]:
    poll = evaluation.poll_of(release.key)
    head = accounts.log_head()
    return {
        "organiser": release.organiser,
        "main": release.organiser == main_code(on=day_of(now)),
        "year": release.year,
        "number": release.number,
        "title": campaign.title,
        "city": settings.KAOPING_CITY,
        "office": office_of(release.organiser),
        "level": release.level,
        "example": release.example,
        "published_at": now.isoformat(),
        "frozen_at": release.frozen_at.isoformat(),
        "note": note.strip(),
        "corrects": {
            "number": corrected[1].number,
            "public_digest": corrected[1].public_digest,
            "full_digest": corrected[1].full_digest,
            "reason": corrected[0].reason,
        }
        if corrected
        else None,
        "full_digest": release.full_digest,
        # Where the audit log stood: whoever keeps a copy of this file can check the log against it.
        "log_head": {"number": head.number, "digest": head.digest} if head else None,
        "public_digest": release.public_digest,
        "adopted": _adopted(campaigns.adoption_of(campaign)),
        "grades": sheets.grade_names(campaign),
        "components": sheets.component_names(campaign),
        "priorities": [row.text for row in campaigns.priorities(campaign)],
        "not_participating": [
            {"name": row.organisation.name, "reason": row.reason}
            for row in campaigns.participations(campaign, only=False)
        ],
        "appeals": appeal_reads.outcome_counts(campaign),
        "evaluation": public_result(poll.result, questionnaire_from_dict(poll.questionnaire))
        if poll and poll.result
        else None,
    }
