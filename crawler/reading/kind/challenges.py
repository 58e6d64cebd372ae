"""The challenge or refusal that a page with status 200 may be: named, never solved.

Asked of every response, so it looks no further than the first few hundred characters that a page
shows: whoever shows more has a text of its own.
"""

import re

from scrapy.http import JsonResponse, Response, TextResponse, XmlResponse

# one that is never closed hides the rest, as in a browser
_HIDES = re.compile(r"<(?:(script|style|noscript)\b|(!--))", re.I)
_ENDS = {
    name: re.compile(rf"</{name}\s{{0,9}}>", re.I) for name in ("script", "style", "noscript")
} | {"!--": re.compile("-->")}
# tags of all others, one after the other; one ends where the next opens within it
_TAGS = re.compile(r"(?:<(?!(?:script|style|noscript)\b|!--)[^<>]*+>?+\s*+)++", re.I)

# (what the markup of a product's challenge holds, what it is called)
_PRODUCTS = (
    (re.compile(r"wzws|WZWS|waf_text_verify|CheckJS"), "网站卫士验证页"),
    (
        re.compile(r"jsl_clearance|__jsluid|\"bts\"\s{0,3}:\s{0,3}\[|replace\(/@\*\$/"),
        "加速乐验证页",
    ),
    (re.compile(r"\$_ts\s{0,3}[=\[]|_\$[a-zA-Z0-9]{2}\(|FSSBBIl1UgzbN7N|r2mKa"), "瑞数验证页"),
    (
        re.compile(r"Just a moment|cf-browser-verification|cf_chl_|challenge-platform"),
        "Cloudflare 验证页",
    ),
    (
        re.compile(
            r"acw_sc__v[23]|arg1\s{0,3}=\s{0,3}'[0-9A-F]{30,}|alicdn\.com/sd/nch|wafNCAppKey"
            r"|_waf_\w{6,40}\s{0,3}=|aliyun_?waf"
        ),
        "阿里云验证页",
    ),
    (re.compile(r"/\.safeline/|slg-(?:box|title|caption)|SafeLine", re.I), "雷池验证页"),
    (re.compile(r"_Incapsula_Resource|yunjiasu|yunsuo_session"), "安全验证页"),
)
# a script that notes something in a cookie and asks for the same page again
_COOKIE = re.compile(r"document\.cookie\s{0,3}=")
_AGAIN = re.compile(
    r"location\.reload\s{0,3}\(|location(?:\.href)?\s{0,3}=\s{0,3}(?:window\.|document\.)?location"
    r"|location\.(?:replace|assign)\(\s{0,3}(?:window\.|document\.)?location"
)
_CHECKED = re.compile(
    r"正在(?:进行)?(?:安全)?(?:检测|验证|检查).{0,20}浏览器|(?:安全|人机|滑动|滑块)验证|浏览器安全检查"
    r"|正在进行(?:安全)?(?:检测|验证)|请(?:您)?(?:先)?(?:完成|进行|通过)(?:下方|以下|安全|滑块){0,2}验证"
    r"|拖动.{0,8}滑块|滑块.{0,12}(?:拖动|验证)|Checking your browser",
    re.I,
)
_REFUSED = re.compile(
    r"(?:访问|请求|参数|操作|IP|地址)[^。；]{0,24}?(?:已|被|遭)[^。；]{0,12}?(?:拦截|阻断|拒绝|禁止|屏蔽|封禁|限制)"
    r"|(?:拦截|阻断)提示|访问(?:被|已)?禁止|您的访问(?:存在|可能)|疑似(?:黑客)?(?:攻击|恶意)"
    r"|(?:Web\s?应用|网站)防火墙|云防护|创宇盾|安全狗|安全宝|网站卫士|云锁|玄武盾|护卫神"
    r"|触发了?.{0,12}(?:安全|防护)|IP.{0,12}(?:封禁|受限)|(?:访问|请求|操作)(?:太|过于|过)?频繁"
    r"|(?:仅限|只允许|仅允许|仅对|仅向).{0,10}(?:境内|大陆|国内).{0,8}(?:访问|用户|开放)"
    r"|境外.{0,12}(?:无法|禁止|限制|不能|拒绝|不支持|暂停)|(?:禁止|限制|不支持|拒绝).{0,6}境外"
    r"|所在的?(?:国家|地区|区域|位置).{0,16}(?:无法|不能|受限|不允许|不支持|禁止)"
    r"|Request (?:blocked|denied)|Access Denied|requested URL was rejected|have been blocked"
    r"|not available in your (?:country|region)",
    re.I,
)
# what a notice shows that tells of such things, and no product's page
_NOTICE = re.compile(
    r"发布(?:时间|日期|机构)|来\s{0,4}源\s{0,2}[:：]|索引号"
    r"|关于[^。]{2,80}?的(?:通知|公告|通告|公示|函|意见|提示|提醒|通报|说明)|特此(?:公告|通告|通知|函)"
)
_PASSWORD = re.compile(r"type\s{0,3}=\s{0,3}[\"']?password", re.I)
_SHORT = 40  # characters a page without any content may show
_TOLD = 120  # what a page shows that only tells of a check
_MOST = 400  # what a refusal shows with its reasons and advice
_BARE = 4000  # characters of a page that is no more than a script
_LARGEST = 60_000  # bytes
_MOST_TAGS = 3000


def challenge_reason(response: Response) -> str | None:
    """The Chinese name of the challenge or refusal that a 200 page is, None for all else. Cheap and
    conservative: a page that shows a text of its own is never one."""
    if not isinstance(response, TextResponse) or isinstance(response, (JsonResponse, XmlResponse)):
        return None
    if len(response.body) > _LARGEST:
        return None
    text = response.text
    shown = shown_text(text, _MOST)
    if shown is None or _NOTICE.search(shown):
        return None
    reason = _product(response, text, shown)
    if reason is None and _tells(_CHECKED, shown):
        reason = "安全验证页"
    if reason is None and _REFUSED.search(shown):
        reason = "访问被拦截"
    # who asks for a password asks for a check beside it
    return None if reason and _PASSWORD.search(text) else reason


def _product(response: Response, text: str, shown: str) -> str | None:
    """The product whose challenge a page is."""
    if len(shown) > _SHORT:
        return next((name for pattern, name in _PRODUCTS if _tells(pattern, shown)), None)
    for pattern, name in _PRODUCTS:
        if pattern.search(text):
            return name
    lower = text[:_BARE].lower()
    if len(text) >= _BARE or "<a" in lower or "<script" not in lower:
        return None
    cookies = b" ".join(response.headers.getlist(b"Set-Cookie")).decode("latin-1")
    for pattern, name in _PRODUCTS:
        if pattern.search(cookies):
            return name
    again = _COOKIE.search(text) and _AGAIN.search(text)
    return "要求浏览器执行脚本的验证页" if again else None


def shown_text(text: str, most: int) -> str | None:
    """The visible text of a page by rough means, without building a tree; None when it shows more
    than `most` characters, or consists of more tags than so few could need."""
    parts: list[str] = []
    size = at = tags = 0
    while tags < _MOST_TAGS:
        tag = text.find("<", at)
        if tag < 0:
            tag = len(text)
        if tag > at and (part := " ".join(text[at:tag].split())):
            parts.append(part)
            size += len(part) + 1
            if size > most + 1:
                return None
        if tag == len(text):
            return " ".join(parts)
        if run := _TAGS.match(text, tag):
            at = run.end()
            tags += text.count("<", tag, at)
        elif hides := _HIDES.match(text, tag):
            tags += 1
            end = _ENDS[(hides[1] or hides[2]).lower()].search(text, hides.end())
            if end is None:
                return " ".join(parts)
            at = end.end()
    return None


def _tells(pattern: re.Pattern[str], shown: str) -> bool:
    """Whether all that a page shows is that it wants something checked."""
    return len(shown) <= _TOLD and pattern.search(shown) is not None
