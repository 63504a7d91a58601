"""Refusals and failures in words: what happened, what was kept, what to do next, and a number to quote."""

from __future__ import annotations

import secrets
import sys
from logging import getLogger
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from kaoping.support.storage import cannot_store
from kaoping.web.ui.parts.refusal import Refusal, WordsBack
from kaoping.web.ui.typed import came_from, is_own, typed_in, wants_json

LOG = getLogger(__name__)
_BROKEN: Final = "内容里有读不出的字符（�），多半是粘贴时坏掉的，请删去或重新输入。"
NOT_YOURS: Final = "您的岗位不能看这一页，或不能做这一步。"


def _page(
    request: HttpRequest, status: int, title: str, reason: str, steps: list[str], number: str = ""
) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"refused": f"{title.replace('|', '')}。{reason}"}, status=status)
    return refusal_page(request, Refusal(title, reason, tuple(steps), number), status=status)


def refusal_page(request: HttpRequest, refusal: Refusal, *, status: int) -> HttpResponse:
    """What was not done, as a page in the shell of the face that was asked."""
    shell = "ui/public.html" if getattr(settings, "FACE", "inside") == "outside" else "ui/office.html"
    context = {"shell": shell, "title": refusal.title, "refusal": refusal}
    return render(request, "ui/error.html", context, status=status)


def words_back_page(request: HttpRequest, back: WordsBack, *, status: int) -> HttpResponse:
    """What was typed in vain, as a page from which it is sent again."""
    return render(request, "ui/words_back.html", {"title": back.title, "back": back}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return _page(
        request, 400, "没有看懂这次请求", "地址或表单里有本平台读不出的内容。", ["请回到上一页重新打开。"]
    )


def asked_too_much(request: HttpRequest, length: int, most: int) -> HttpResponse:
    """400: a word of the address is longer than any search."""
    return _page(
        request,
        400,
        "要查的词太长",
        f"一次最多查 {most:,} 字，这次有 {length:,} 字。",
        ["请只写关键的几个字，再查一次。"],
    )


def only_by_button(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: the address of an act, opened like a page; or a page, to which a form was sent."""
    by_form = "POST" in allowed
    response = _page(
        request,
        405,
        "这个地址不能直接打开" if by_form else "这一页不收表单",
        "它只在点按钮办理时使用，打开它什么也没有办。" if by_form else "没有办理什么。",
        ["请回到原来的页面，看是否已经办好；没有办好的，再点一次按钮。"],
    )
    response["Allow"] = allowed
    return response


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the words of the policy that refused, when it gave any."""
    reason = str(exception) if exception and str(exception) else NOT_YOURS
    return _page(
        request, 403, "这一步不归您办", reason, ["请由有权限的同事办理，或请系统管理员核对您的岗位。"]
    )


def not_yet(request: HttpRequest, reason: str) -> HttpResponse:
    """409: something has to be done first."""
    return _page(request, 409, "现在还不能办", reason, ["办好以后再来。"])


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(
        request, 404, "没有这一页", "地址可能输错了，或者内容还没有公开。", ["请核对地址，或从首页重新进入。"]
    )


def failed(request: HttpRequest) -> HttpResponse:
    """500: our fault, with a number that stands in the log; 503 when nothing can be stored for now."""
    error = sys.exc_info()[1]
    if error is not None and cannot_store(error):
        return not_now(request)
    number = secrets.token_hex(4)
    LOG.error("number %s at %s", number, request.path)
    return _page(
        request,
        500,
        "本平台出错了，|不是您的原因",
        "已经提交成功的内容都还在，没有提交成功的请再提交一次。",
        ["请过几分钟再试。", "仍不行，请把编号告诉系统管理员。"],
        number,
    )


def not_now(request: HttpRequest) -> HttpResponse:
    """503: the disk is full, the folder is read-only, or the database is away. Nothing was stored of this one act."""
    reading = request.method in ("GET", "HEAD")
    response = _page(
        request,
        503,
        "现在打不开这一页" if reading else "现在存不下，|没有办成",
        "本平台的磁盘或数据库暂时不能写，不是您的原因。已经提交成功的内容都还在。",
        ["请过几分钟再试。"]
        if reading
        else ["您填的内容还在上一页，请返回后保留页面，过几分钟再提交。", "请告诉系统管理员。"],
    )
    response["Retry-After"] = "60"
    if request.COOKIES.get(settings.CSRF_COOKIE_NAME):
        # A sign-in that failed half way gave out a new check mark; the form that is to be sent again carries the old one.
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 on a form that lost its check mark: usually a page from before a new sign-in.

    A form of our own pages comes back with its words, to be sent again; what another site sends is not shown.
    """
    if wants_json(request):
        return JsonResponse({"expired": True, "refused": "登录换过，这一页要重新核对。"}, status=403)
    title = "这张表单已经过期，|没有提交，内容还在"
    text = "打开这一页以后重新登录过，原来的表单不能再用。请看过下面的内容，再提交一次。"
    if (back := _words_back(request, 403, title, text)) is not None:
        return back
    return _page(
        request,
        403,
        "这张表单已经过期，|没有提交",
        "页面开得太久，或者浏览器没有接受本站的 Cookie。您填的内容还在上一页。",
        ["请返回上一页，先把写好的内容复制下来，再刷新提交。"],
    )


def spoilt(request: HttpRequest) -> HttpResponse:
    """400: bytes of the form are no characters, or words were broken before they were pasted; they come back to be mended."""
    if wants_json(request):
        return JsonResponse({"refused": f"{_BROKEN}写的内容还在本页。"}, status=400)
    title = "有读不出的字符，|没有提交"
    back = _words_back(request, 400, f"{title}，内容还在", f"{_BROKEN}改好以后再提交一次。")
    if back is not None:
        return back
    return _page(request, 400, title, _BROKEN, ["您填的内容还在上一页，请返回改好，再提交一次。"])


def _words_back(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse | None:
    """The form of one of our own pages with what was typed, to be sent again; null for what another site sends."""
    inside = getattr(settings, "FACE", "inside") == "inside" and getattr(request, "actor", None)
    if not inside or not is_own(request):
        return None
    typed = typed_in(request, came_from(request) or request.get_full_path())
    return words_back_page(request, WordsBack(title, text, typed), status=status)
