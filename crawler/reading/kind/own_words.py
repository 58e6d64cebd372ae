"""What a page says beside the frame that all pages of its site have, and whether that is only that
there is nothing to read: an error, a log-in, an empty list.
"""

import re
from dataclasses import dataclass
from enum import Enum

from crawler.reading.lines import Line, fold
from crawler.reading.meta import Meta
from crawler.reading.text.furniture import is_footer, is_furniture

MOST = 600  # characters; a page that says more has a text of its own
_MESSAGE = 300  # what a page says that only tells of an error
_LINE = 90  # characters of a line that tells it
_FEET = re.compile(
    r"(?:主办|承办|协办|维护|运维|技术支持|管理|版权)(?:单位)?\s*[:：]|技术支持"
    r"|^(?:地址|邮编|电话|联系电话|传真|邮箱)\s*[:：]"
)
_FRAME = re.compile(
    r"您?(?:现在|当前|目前)?(?:所在)?的?(?:位置|栏目)\s*[:：]|^今天是|^欢迎|星期[一二三四五六日天]"
    r"|^(?:热搜|热门搜索|热点搜索|搜索热词|热词|友情链接|相关链接|网站搜索|站内搜索)|设为首页"
    r"|加入收藏"
)
_FIRM_FOOT = 12  # lines above the foot's sure line that may belong to it

_THING = (
    r"(?:页面|网页|信息|内容|文章|文件|文档|稿件|资源|记录|数据|新闻|公告|通知|栏目|频道|目录"
    r"|网址|链接|地址|网站|站点|页)"
)
_ASKED = (
    r"(?:(?:您|你|当前)?(?:所|要|想要?|正在|试图|现在)?"
    r"(?:访问|查看|浏览|请求|打开|查找|寻找|找|需要|查询|输入|指定)的?"
    r"|[该此本这]条?|当前|相关)"
)
_GONE = (
    r"(?:不存在|不见了|不在了|不可用|丢失|走丢|(?:没有?|未能?)找到|找不(?:到|着|回来)"
    r"|(?:无法|不能)(?:找到|访问|显示|打开|正常)"
    r"|(?:尚|还|暂)?未(?:发布|公开|审核|通过审核)|正在审核|已?出错"
    r"|已?(?:经)?被?(?:删除|移除|撤销|撤回|撤稿|下线|下架|关闭|停用|停止运行|移走|清除|屏蔽|隐藏)"
    r"|(?:已|已经)(?:失效|过期|过有效期|转移|迁移|不在))"
)
_SORRY = (
    r"(?:(?:[啊哦哎呀唉噢喔]{1,3}|Oops|(?:非常|很)?(?:抱歉|对不起|遗憾))[~，,！!。：:.\s]{0,3}"
    r"|(?:提示|错误|出错)(?:信息|提示)?[：:]\s?|404[,，:：\s]{0,3})?"
)
_ERRORS = (
    re.compile(
        rf"^{_SORRY}(?:{_ASKED}[^。，,]{{0,10}}?)?{_THING}[^。，,；]{{0,8}}?[，,]?{_GONE}"
        rf"|^{_SORRY}(?:没有找到|未找到|找不到|未能找到|无法(?:找到|打开|显示))"
        rf"(?:指定|{_ASKED})[^。，,]{{0,10}}?{_THING}"
        rf"|^无效的{_THING}|^请指定要?(?:查看|访问|浏览)的",
        re.I,
    ),
    re.compile(
        rf"^(?:.{{0,20}}[\s_|-])?{_SORRY}(?:(?:HTTP)?\s?(?:Error|Status|错误|状态)?\s?"
        r"(?:40\d|410|50[0-5])\b(?:[\s_|:，,–-].{0,40}|错误|页面|！)?"
        r"|(?:40\d|50\d)(?:页面?|错误)|Error|错误|(?:页面|网页)?出错了?|系统(?:错误|异常|繁忙|出错)"
        r"|错误(?:页面?|提示|信息)|.{0,12}页面不存在|.{0,6}找不到页面|禁止访问"
        r"|无法访问|访问出错)[啦了]?[!！。]?(?:[\s_|-].{0,30}|页面|提示)?$",
        re.I,
    ),
    re.compile(
        r"(?:Page )?Not Found$|^Internal Server Error|^Bad Gateway"
        r"|Service (?:Temporarily )?Unavailable|^Gateway Time-?out|^Bad Request|^Forbidden$"
        r"|^You don't have permission|^Directory Listing Denied|^Index of /"
        r"|^Welcome to (?:nginx|OpenResty|tengine)|^(?:Apache )?Tomcat/|^IIS\d?$"
        r"|^Internet Information Services|^Whitelabel Error|^(?:Fatal|Parse) error"
        r"|^Warning: \w+\(|^Microsoft OLE DB|^ADODB\.|^Runtime Error|^Server Error in",
        re.I,
    ),
    re.compile(
        r"(?:系统|网站|服务器?|平台|站点|页面)[^。]{0,8}?"
        r"(?:正在(?:维护|升级|改版)|(?:维护|升级|改版)(?:维护|升级|改造)?中)"
        r"|^正在(?:维护|升级)(?:中|，|。|$)"
        r"|(?:网站|站点|系统|平台|服务)(?:已|已经)?(?:暂停|停止|关闭|暂时关闭|停用|下线)"
        r"(?:访问|服务|使用|运行|更新)?[!！。，]?$"
        r"|暂(?:时|停)(?:无法|不能)?(?:访问|服务)|没有找到站点|站点创建成功"
        r"|(?:域名|网站)(?:未|没有)(?:绑定|备案|开通)"
    ),
    re.compile(
        r"^.{0,16}应用程序中的服务器错误"
        r"|(?:服务器|系统|程序|数据库|运行时|接口)(?:内部|连接)?(?:错误|异常|繁忙|出错|失败|开小差)"
        r"|^.{0,6}(?:参数|请求)(?:错误|异常|有误|失败|无效|超时)|^非法(?:参数|访问|请求|操作)"
        r"|^(?:请求|访问)的(?:参数|地址)(?:错误|有误|无效)"
        r"|(?:没有|无)(?:访问|查看|浏览|操作|阅读)?(?:[该此](?:页面|信息))?的?权限"
        r"|无权(?:访问|查看|浏览|限)|权限不足"
    ),
)
_LOGIN = re.compile(
    r"(?:尚未|还未|没有|未)登[录陆](?:或|，|,|！|!|。|系统|$)"
    r"|登[录陆](?:信息|状态)?(?:已|已经)?(?:超时|失效|过期)|请您?(?:先|重新)登[录陆]"
    r"|(?:会话|Session|身份(?:验证|认证)(?:信息)?)(?:已|已经)?(?:超时|过期|失效)"
    r"|(?:需要|须|必须)登[录陆]后?(?:才能|才可|方可|再)"
    r"|请登[录陆]后再?(?:查看|访问|操作|浏览|阅读|下载|使用)|登[录陆]后(?:才|方)?[能可]"
    r"|^请使?用?.{0,12}扫码登[录陆]",
    re.I,
)
_LOGIN_TITLE = re.compile(
    r"^(?:.{0,20}[\s_|·—-])?(?:欢迎)?(?:用户|系统|会员|账号|账户|后台|管理员?|单点|平台|个人|法人|请"
    r"|统一(?:身份|用户|登[录陆])?(?:认证)?)?登[录陆]"
    r"(?:中心|页面?|界面|系统|平台|入口|认证)?(?:[\s_|·—-].{0,30})?$"
    r"|^(?:统一)?身份认证|^log ?in\b|^sign ?in\b",
    re.I,
)
_MAKING = r"(?:更新|整理|建设|完善|筹备|充实|录入)"
_NONE = re.compile(
    r"^[【\[（(]?(?:很?抱歉|对不起|提示)?[，,：:！!\s]?(?:[本该此]|当前|这个)?"
    r"(?:栏目|频道|目录|列表|分类|条件|类别|页面?)?[下中内里]?(?:目前|现在|还|尚)?"
    r"(?:暂时?(?:无|没有|未|还没有)|没有|未|无|查无)"
    r"(?:查询?到|找到|搜索到|检索到|发布|任何|相关|符合(?:条件)?|满足条件|更多|有|查找到|上传|更新)*"
    r"的?(?:数据|信息|内容|记录|文章|文件|稿件|结果|新闻|资料|列表|公告|通知|公示|政策|发布)"
    r"|^暂(?:无|未发布)[。！!….]{0,3}$|敬请期待|^(?:总?共|总计|合计)有?\s?0\s?[条页篇个]"
    rf"|^[本该此]?(?:栏目|频道|内容|信息|资料|页面|数据)?(?:正在|尚在|在)?{_MAKING}(?:中|之中)"
    r"|^No (?:data|records?|results?|content)\b",
    re.I,
)
_LOADING = re.compile(
    r"^(?:数据|内容|页面|信息|努力|拼命)?(?:正在)?(?:努力|拼命)?(?:加载|载入|读取|获取)(?:中|数据)"
    r"|^正在(?:加载|载入|读取|获取)|^loading\b",
    re.I,
)
_ALERT = re.compile(r"\balert\s{0,3}\(\s{0,3}(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})')")


_NAMED = re.compile(r"关于|(?:通知|公告|通告|公示|意见|办法)$")  # what is called so is a notice


class Says(Enum):
    """That there is nothing to read, and why."""

    ERROR = "error"
    LOGIN = "login"
    NONE = "none"  # no rows in the column
    LOADING = "loading"


@dataclass(frozen=True, slots=True)
class Said:
    what: Says
    words: str


def own_lines(lines: list[Line], meta: Meta) -> list[Line] | None:
    """The lines that are no links and none of the frame; None when they say so much that the page
    has a text of its own."""
    size = 0
    for line in lines:
        if line.linked * 2 <= len(line.text) and not line.furniture:
            size += len(line.text) - line.linked
            if size > 3 * MOST:
                return None
    names = {fold(meta.site), *(fold(x) for x in re.split(r"[-_|—–>]", meta.document_title)[-1:])}
    kept = [
        x
        for x in lines[: foot_of(lines)]
        if x.linked * 2 <= len(x.text)
        and not (x.furniture or is_furniture(x) or is_footer(x))
        and x.plain not in names
        and not _FRAME.search(x.text, 0, _LINE)
        and len(x.plain) > 1
    ]
    return kept if sum(len(x.plain) for x in kept) <= MOST else None


def foot_of(lines: list[Line]) -> int:
    """Where the foot of the page begins."""
    end = len(lines)
    sentences = (x.index for x in reversed(lines) if "。" in x.text and not is_footer(x))
    start = next(sentences, -1) + 1
    sure = next((x.index for x in lines[start:] if is_footer(x)), None)
    if sure is None:
        return end
    for line in lines[max(start, sure - _FIRM_FOOT) : sure]:
        if _FEET.search(line.text, 0, _LINE):
            return line.index
    return sure


def said(lines: list[Line], title: str) -> Said | None:
    """What the own lines of a page, or its document title, say of there being nothing to read; an
    error or a log-in goes before an empty list."""
    size = sum(len(x.plain) for x in lines)
    short = [x.text for x in lines if len(x.text) <= _LINE] if size <= _MESSAGE else []
    for text in (title[:_LINE], *short):
        if not _NAMED.search(text) and not _LOGIN.search(text) and _is_error(text):
            return Said(Says.ERROR, text)
    for text in short:
        if _LOGIN.search(text):
            return Said(Says.LOGIN, text)
    for pattern, what in ((_NONE, Says.NONE), (_LOADING, Says.LOADING)):
        for text in short:
            if pattern.search(text):
                return Said(what, text)
    return None


def is_login_title(title: str) -> bool:
    """Whether a page calls itself a log-in page."""
    return _LOGIN_TITLE.search(title[:_LINE]) is not None


def alerted(script: str) -> Said | None:
    """What a page says in a box before it goes back or on."""
    found = _ALERT.search(script)
    words = (found[1] or found[2]) if found else ""
    if not words:
        return None
    if _LOGIN.search(words):
        return Said(Says.LOGIN, words)
    return Said(Says.ERROR, words) if _is_error(words) else None


def _is_error(text: str) -> bool:
    return any(x.search(text) for x in _ERRORS)
