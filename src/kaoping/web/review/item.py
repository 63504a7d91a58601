"""One item to score: the unit's evidence left, level descriptions right. One's own score only."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Refused, Stale
from kaoping.accounts.queries import replaced_texts
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries.blind import capture_of, mask_of_unit
from kaoping.campaigns.services import review as review_verbs
from kaoping.evidence.queries import gone_among
from kaoping.reporting.evidence_doors import reviewer_capture, reviewer_file
from kaoping.support import clock
from kaoping.web.review.queue import level_name, locked_words, own, silent_words
from kaoping.web.ui.attachment import attachment, is_digest
from kaoping.web.ui.editing import mark_of, opened_with, panel_of, sent
from kaoping.web.ui.filled import filled
from kaoping.web.ui.observed import worth
from kaoping.web.ui.parts.evidence import Artefact
from kaoping.web.ui.parts.form import Level, LevelPicker, Panel
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.proofs import closed
from kaoping.web.ui.requests import SignedIn, there
from kaoping.web.ui.wording import cn_datetime

LABELS = {"level": "档次", "comment": "评语"}


class ScoreForm(forms.Form):
    """A level and what the reviewer thinks of it."""

    level = forms.CharField(required=False)
    comment = forms.CharField(
        label="评语",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="评审结束后写进得分理由，单位看得到，署您的代号。",
    )

    def clean_level(self) -> str:
        """Nothing is chosen beforehand."""
        level = filled(self).text("level")
        if not level:
            raise forms.ValidationError("请选一档。")
        return level


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: SignedIn, assignment_id: int, code: str) -> HttpResponse:
    """Score one item; saving leads to the next one without a score."""
    row = own(request, assignment_id)
    if row.recused:
        return redirect("review-assignment", assignment_id)
    lines = reviews.items_to_score(row.row)
    place = there(next((number for number, one in enumerate(lines) if one.item.code == code), None))
    line = lines[place]
    form = ScoreForm(
        sent(request, reviews.said(line.score)) or None,
        initial={"comment": line.score.comment if line.score else ""},
    )
    panel: Panel | None = None
    try:
        done = request.method == "POST" and form.is_valid() and _save(request, form, row, code)
    except Stale as stale:
        panel = panel_of(stale, labels=LABELS, choices={"level": _levels(line)}, me=request.actor)
        done = False
        form.add_error(None, str(stale))
    if done:
        messages.success(request, f"{code} 已保存：{level_name(line.item, filled(form).text('level'))}。")
        return _onwards(assignment_id, lines, place)
    context = _context(request, row, lines, place, form) | {
        "edition": mark_of(request, reviews.said(line.score), panel),
        "panel": panel,
    }
    return render(request, "review/item.html", context, status=409 if form.is_bound else 200)


def _onwards(assignment_id: int, lines: list[reviews.ReviewItem], place: int) -> HttpResponse:
    """To what comes after this one first, then to what was passed over before it."""
    waiting = [one for one in [*lines[place + 1 :], *lines[:place]] if one.score is None]
    if waiting:
        return redirect("review-item", assignment_id, waiting[0].item.code)
    return redirect("review-assignment", assignment_id)


def _levels(line: reviews.ReviewItem) -> dict[str, str]:
    return {one.code: one.label for one in line.item.levels}


def _context(
    request: SignedIn, row: reviews.Own, lines: list[reviews.ReviewItem], place: int, form: ScoreForm
) -> dict[str, object]:
    """What the page shows, apart from the edition of its form."""
    line, silent = lines[place], silent_words(row)
    locked = locked_words(request, row)
    head = _head(row, lines, place)
    return {
        "title": head.title,
        "shell_width": "review",
        "has_errors": form.is_bound,
        "head": head,
        "line": line,
        "silent": silent,
        "said": "本单位未交自查，没有说明和材料。" if silent else _said(line),
        "files": _files(row, line),
        "text": mask_of_unit(row.row.organisation).over(line.answer.text).text if line.answer else "",
        "picker": _picker(line, locked, form),
        "form": form,
        "locked": locked,
        "before": _link(row, lines, place - 1),
        "after": _link(row, lines, place + 1),
        "before_texts": replaced_texts("review_score", line.score.pk) if line.score else (),
        "labels": LABELS,
        "choices": {"level": _levels(line)},
    }


def _head(row: reviews.Own, lines: list[reviews.ReviewItem], place: int) -> Head:
    line = lines[place]
    scored = f"已评 {sum(one.score is not None for one in lines)} 项"
    return Head(
        title=f"{row.unit_alias}：|{line.item.code} {line.item.title}",
        crumbs=(
            Crumb(label="我的评审", url=reverse("review-queue")),
            Crumb(label=row.unit_alias, url=reverse("review-assignment", args=[row.id])),
            Crumb(label=line.item.code),
        ),
        basis=Basis(
            n=f"第 {place + 1} 项，共 {len(lines)} 项",
            rubric=row.rulebook,
            extra=(scored, f"评定时间 {cn_datetime(line.score.saved_at)}") if line.score else (scored,),
        ),
    )


def _save(request: SignedIn, form: ScoreForm, row: reviews.Own, code: str) -> bool:
    data = filled(form)
    try:
        review_verbs.save_score(
            actor=request.actor,
            assignment=row.row,
            item=code,
            level=data.text("level"),
            comment=data.text("comment"),
            opened=opened_with(request),
            now=clock.now(),
        )
    except Stale:
        raise
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _said(line: reviews.ReviewItem) -> str:
    if line.answer is None:
        return "单位没有答这一项。"
    if line.answer.not_applicable:
        return "单位申请不涉及，没有被认定，照常评分。"
    level = level_name(line.item, line.answer.level)
    return f"单位自查档次：{level}。自查档次不计分，只供参考。" if level else "单位没有选档次。"


def _picker(line: reviews.ReviewItem, locked: str, form: ScoreForm) -> LevelPicker:
    item = line.item
    chosen = str(form.data.get("level", "")) if form.is_bound else (line.score.level if line.score else "")
    errors = form.errors.get("level") if form.is_bound else None
    return LevelPicker(
        name="level",
        legend="属于哪一档？",
        levels=tuple(
            Level(one.code, f"{number} {one.label}", f"{one.description}（{worth(item, one)}）")
            for number, one in enumerate(item.levels, start=1)
        ),
        value=chosen,
        hint=f"满分 {item.max} 分。"
        + ("" if locked else f"选中任意一档后，按数字键 1–{len(item.levels)} 可改选，按回车键保存。"),
        error=str(errors[0]) if errors else "",
        locked=bool(locked),
        numbered=True,
    )


def _link(row: reviews.Own, lines: list[reviews.ReviewItem], place: int) -> dict[str, str] | None:
    if not 0 <= place < len(lines):
        return None
    code = lines[place].item.code
    return {"code": code, "url": reverse("review-item", args=[row.id, code])}


def _files(row: reviews.Own, line: reviews.ReviewItem) -> list[Artefact]:
    """The evidence by number: neither a file's name nor an address, since either may name the unit."""
    rows = list(line.answer.artefacts.all()) if line.answer else []
    gone = gone_among(one.sha256 or one.capture_sha256 for one in rows)
    found: list[Artefact] = []
    for number, one in enumerate(rows, start=1):
        name = f"材料 {number}"
        standing = gone.get(one.sha256 or one.capture_sha256)
        if standing:
            found.append(closed(Artefact(name), standing))
        elif one.sha256:
            kind = one.name.rpartition(".")[2].upper() if "." in one.name else ""
            found.append(
                Artefact(
                    f"{name}（{kind[:5]} 文件）" if kind else name,
                    reverse("review-file", args=[row.id, one.sha256]),
                    sha256=one.sha256,
                )
            )
        elif one.capture_sha256:
            found.append(
                Artefact(
                    f"{name}（网页存档的文字）",
                    reverse("review-capture", args=[row.id, one.pk]),
                    "link",
                    at=one.capture_at,
                    sha256=one.capture_sha256,
                )
            )
        else:
            found.append(Artefact(f"{name}（网址尚未存档，不显示）", kind="link"))
    return found


@require_safe
def capture(request: SignedIn, assignment_id: int, artefact_id: int) -> HttpResponse:
    """The words of an archived page, without what names the unit; never the page itself."""
    row, number, link = there(reviewer_capture(request.actor, assignment_id, artefact_id))
    code = link.answer.item
    words = capture_of(link, mask_of_unit(row.organisation))
    title = f"{row.unit_alias}：|{code} 材料 {number}"
    context = {
        "title": title,
        "shell_width": "review",
        "head": Head(
            title=title,
            crumbs=(
                Crumb(label="我的评审", url=reverse("review-queue")),
                Crumb(label=row.unit_alias, url=reverse("review-assignment", args=[row.pk])),
                Crumb(label=code, url=reverse("review-item", args=[row.pk, code])),
                Crumb(label=f"材料 {number}"),
            ),
            basis=Basis(n=f"{cn_datetime(link.capture_at)} 存档", extra=(f"遮盖 {words.hits} 处",)),
        ),
        "text": words.text,
    }
    return render(request, "review/capture.html", context)


@require_safe
def file(request: SignedIn, assignment_id: int, sha256: str) -> HttpResponse:
    """A file behind an item that this reviewer scores, to save."""
    name = reviewer_file(request.actor, assignment_id, sha256) if is_digest(sha256) else None
    return attachment(sha256, there(name))
