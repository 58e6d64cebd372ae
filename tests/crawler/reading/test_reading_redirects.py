"""A script leads on only when nobody has to do anything for it: a pager's callback does not."""

import pytest

from crawler.reading.charset import build_response
from crawler.reading.page_kind import Kind, page_kind

# ruff: noqa: E501 - one form of script, one line

URL = "http://sl.example.gov.cn/tzgg/"
ROWS = "".join(
    f"<li><a href=/tzgg/t2026040{n}_{n}.html>关于第{n}批水库除险加固项目的公示</a><span>2026-04-0{n}</span></li>"
    for n in range(1, 9)
)
PAGE = "/tzgg/index_2.html"

PAGERS = [
    'pages("#p", function(i, c){ window.location.href = i == 1 ? "index.html" : "index_" + i + ".html"; });',
    f"pages('#p', function(i){{ location.href = '{PAGE}'; }});",
    "pager((i)=>{ location.href = 'index_' + i + '.html'; });",
    f"pager(i => location.href = '{PAGE}');",
    f"new Pager({{ count: 9, jump: function(i){{ location.href='{PAGE}' }} }});",
    f"new Pager({{ count: 9, jump(i) {{ location.href='{PAGE}' }} }});",
    f"$(function(){{ $('#next').on('x', function(){{ location.href='{PAGE}' }}); }});",
    f"var jump = function(i){{ location.href='{PAGE}' }};",
    "location.href = base + '/index.html';",
    f"location.href = wide ? '{PAGE}' : '/wap/';",
]  # fmt: skip
LEADS = [
    f"$(function(){{ location.href='{PAGE}' }});",
    f"$(document).ready(function(){{ location.href='{PAGE}' }});",
    f"(function(){{ location.replace('{PAGE}') }})();",
    f"(()=>{{ location.replace('{PAGE}') }})();",
    f"!function(){{ location.replace('{PAGE}') }}();",
    f"setTimeout(() => location.href='{PAGE}', 3000);",
    f"setTimeout(() => {{ location.href='{PAGE}' }}, 3000);",
    f"window.addEventListener('load', function(){{ location.href='{PAGE}' }});",
    f"var go = function(){{ location.href='{PAGE}' }}; go();",
    f"window.onload = () => {{ location.href='{PAGE}' }}",
]


@pytest.mark.parametrize("script", PAGERS)
def test_a_pager_leaves_a_list_a_list(script: str) -> None:
    markup = f"<html><body><h2>通知公告</h2><ul>{ROWS}</ul><script>{script}</script></body></html>"
    assert page_kind(build_response(URL, markup.encode())).kind is Kind.LIST


@pytest.mark.parametrize("script", LEADS)
def test_a_script_that_runs_unasked_leads_on(script: str) -> None:
    markup = f"<html><body><p>本站已迁移</p><script>{script}</script></body></html>"
    found = page_kind(build_response(URL, markup.encode()))
    assert (found.kind, found.target) == (Kind.REDIRECT, f"http://sl.example.gov.cn{PAGE}")
