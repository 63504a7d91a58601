"""Error pages in words: what happened, whose failure it was, what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "ui/error.html", {"title": title, "text": text, "status": status}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(request, 404, "没有这个页面", "网址可能写错了，或者内容已经移走。请从首页重新进入。")


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says what is missing when the refusal carries words."""
    text = str(exception) if exception and str(exception) else "您现在的岗位不能看这一页。请向安全管理员核对岗位。"
    return _page(request, 403, "不能办理", text)


def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    return _page(request, 500, "本平台出错了", "是本平台的原因，您已保存的内容没有丢。请稍后再试；仍不行时请告诉系统管理员。")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old."""
    return _page(request, 403, "这张表打开太久了", "为防他人冒用，表单需要重新打开。请返回上一页刷新后再提交，您填的内容还在。")
