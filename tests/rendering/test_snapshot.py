"""A page in one text: what it needs is found, what is there stands in it, what acts or asks is gone."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from kaoping.rendering import snapshot
from kaoping.rendering.snapshot import IMAGE, STYLE

URL = "https://www.example.cn/zwgk/index.html"
HTML = "text/html; charset=utf-8"
CSS = ("text/css", b"h1{background:url(img/bg.png);color:blue} @import 'more.css'; a{}")
PNG = ("image/png", b"\x89PNG")
PAGE = """<!doctype html><html lang="zh" class="wide"><head><base href="/zwgk/"><title>指南</title>
<link rel="stylesheet" href="main.css"><link rel="alternate stylesheet" href="night.css"><link rel="stylesheet" media="print" href="paper.css">
<link rel="icon" href="/favicon.ico"><style>p{background:url("p.png")}</style></head>
<body background="wall.gif"><h1 style="background:url('h.png')">公开指南</h1><img src="seal.png" srcset="seal2.png 2x">
<noscript><img src="/count.gif"></noscript><svg><image href="map.svg"/></svg><input type="image" src="go.png"></body></html>"""


def test_what_a_page_needs_is_found_in_its_own_words() -> None:
    assert snapshot.wanted(PAGE.encode(), HTML, URL) == [
        (STYLE, "https://www.example.cn/zwgk/main.css"),
        (IMAGE, "https://www.example.cn/zwgk/p.png"),
        (IMAGE, "https://www.example.cn/zwgk/wall.gif"),
        (IMAGE, "https://www.example.cn/zwgk/h.png"),
        (IMAGE, "https://www.example.cn/zwgk/seal.png"),
        (IMAGE, "https://www.example.cn/count.gif"),
        (IMAGE, "https://www.example.cn/zwgk/map.svg"),
        (IMAGE, "https://www.example.cn/zwgk/go.png"),
    ]


def test_a_stylesheet_names_pictures_beside_itself() -> None:
    found = snapshot.wanted_by_style(CSS[1], CSS[0], "https://static.example.cn/css/main.css")
    assert found == [(IMAGE, "https://static.example.cn/css/img/bg.png")]


def test_what_was_got_stands_in_the_page_and_the_rest_is_empty() -> None:
    base = "https://www.example.cn/zwgk/"
    parts = {
        f"{base}main.css": CSS,
        f"{base}img/bg.png": PNG,
        f"{base}seal.png": PNG,
        f"{base}wall.gif": ("text/html", b"<b>"),
    }
    made = snapshot.assembled(PAGE.encode(), HTML, URL, parts)
    assert made.startswith('<!doctype html><html lang="zh" class="wide"><head><meta charset="utf-8"><style>')
    assert 'h1{background:url("data:image/png;base64,iVBORw==");color:blue}' in made
    assert '<img src="data:image/png;base64,iVBORw==">' in made
    assert 'p{background:url("data:,")}' in made and "@import" not in made
    assert "example.cn" not in made and "srcset" not in made and "background=" not in made
    assert "公开指南" in made


HOSTILE = """<html onload="f()"><head><meta http-equiv="refresh" content="0;url=http://127.0.0.1/"><base href="http://10.0.0.1/">
<script>fetch('http://127.0.0.1/')</script><link rel="dns-prefetch" href="//a.test"><link rel="preload" as="image" href="http://127.0.0.1/a">
<style>@import url(http://127.0.0.1/i.css);b{}</style></head><body><iframe src="file:///etc/passwd"></iframe><object data="http://127.0.0.1/o"></object>
<embed src="http://127.0.0.1/e"><video src="http://127.0.0.1/v" poster="http://127.0.0.1/p"></video><a href="javascript:f()" ping="http://127.0.0.1/ping">x</a>
<form action="http://127.0.0.1/f"><button formaction="http://127.0.0.1/g">y</button></form><p style="background:url(http://127.0.0.1/s)" onclick="f()">z</p>
<svg><use href="http://127.0.0.1/u#a"/><animate attributeName="href" to="http://127.0.0.1/n"/></svg><img src="http://127.0.0.1/x" onerror="f()">
<template><img src="http://127.0.0.1/t"></template></body></html>"""


def test_nothing_is_left_that_acts_or_asks() -> None:
    made = snapshot.assembled(HOSTILE.encode(), HTML, URL, {})
    assert "127.0.0.1" not in made and "10.0.0.1" not in made and "passwd" not in made
    tree = LexborHTMLParser(made)
    assert tree.css_first("script, iframe, object, embed, video, base, link, template, animate") is None
    assert not [
        name
        for node in tree.css("*")
        for name in node.attributes
        if name.startswith("on") or name in ("href", "ping", "action")
    ]
    assert [node.text() for node in tree.css("p")] == ["z"]


def test_a_stylesheet_cannot_leave_its_element() -> None:
    parts = {"https://www.example.cn/a.css": ("text/css", b"a{}</style><script>f()</script>")}
    made = snapshot.assembled(b'<link rel="stylesheet" href="/a.css"><p>x</p>', HTML, URL, parts)
    assert LexborHTMLParser(made).css_first("script") is None


@pytest.mark.parametrize("kind", ["text/html", "application/javascript", "", 'image/png"><script>'])
def test_only_a_picture_is_put_in_as_one(kind: str) -> None:
    made = snapshot.assembled(b'<img src="/a">', HTML, URL, {"https://www.example.cn/a": (kind, b"x")})
    assert "data:" not in made and "script" not in made


def test_the_frame_gives_its_page_no_right_and_no_way_out() -> None:
    whole = snapshot.framed('<p class="x">"引号"</p></iframe><script>f()</script>')
    tree = LexborHTMLParser(whole)
    [frame] = tree.css("iframe")
    assert frame.attributes["sandbox"] == "" and "</iframe><script>" in (frame.attributes["srcdoc"] or "")
    assert tree.css_first("script") is None
    policy = tree.css_first("meta[http-equiv]")
    assert policy is not None and (policy.attributes["content"] or "").startswith("default-src 'none'")
