"""What a line is that is none of a text: a button, a counter, an info line, the foot of the page;
and how much of one is prose."""

import re

from crawler.reading.dates import find_dates
from crawler.reading.limits import sample_of
from crawler.reading.lines import Line

# Words that stand for the page around a text; a line that is nothing but these is furniture.
_WORD = (
    r"打印(?:本页|此页|页面|文章|本文|正文|内容)?|关闭(?:本页|窗口|页面|此页|当前窗口)?|返回(?:顶部|列表|首页|上页|上一页)?|收藏(?:本页|此页|文章)?"
    r"|分享(?:到|至)?(?:微信|微博|新浪微博|新浪|QQ空间|QQ|腾讯微博|朋友圈|好友)*|微信|微博|新浪微博|QQ空间|QQ好友|一键分享|更多"
    r"|扫一扫.{0,24}|扫码.{0,16}|二维码|手机(?:版|扫一扫|浏览).{0,10}|责任编辑.{0,16}|【责任编辑.{0,16}|编辑[:：].{0,10}"
    r"|(?:上|下)一?(?:篇|条|页|则).{0,120}|(?:字体|字号|文字|字体大小)[:：]?|[大中小]|A[a+-]?|放大|缩小|正常|默认|标准|超大|特大"
    r"|(?:浏览|阅读|点击|访问)(?:次数|量|数|率)?[:：]?\d*次?|复制链接|语音播报|朗读|纠错|我要纠错|网站纠错|无障碍.{0,6}|长辈版|关怀版"
    r"|加入收藏|设为首页|保存|下载本文|推荐给朋友|转发|评论|点赞|公众号"
    r"|[顶踩](?:一下)?\s*[(（]?\d{0,6}%?[)）]?"
)
# possessive: a line of repeated words must not be tried in all its divisions
_FURNITURE = re.compile(rf"^(?>[\s\[\]【】()（）|｜丨/·•>＞:：,，、-]|{_WORD})++$", re.I)
_COUNTER = re.compile(r"[^。]{0,40}(?:浏览|阅读|点击|访问)(?:次数|量|数)[:：]?\s*\d*\s*次?$")
# what browsers show that cannot play a film
_NO_PLAYER = re.compile(
    r"[^。]{0,12}浏览器[^。]{0,6}(?:不支持|版本过低)"
    r"|.{0,30}(?:please enable|not support|supports) .{0,40}(?:JavaScript|video|audio|HTML5)",
    re.I,
)
# one of them is in every line that is of the foot, counts or plays, and in few others
_TELLING = re.compile("[版网使党PpGg览读击问器EeSs]")
_MAY_COUNT = re.compile("[览读击问]")
_MAY_PLAY = re.compile("[器EeSs]")
# Where the text is over.
TEXT_ENDS = re.compile(
    r"^[\[【(（▶►◆■●>]*\s*(?:相关(?:阅读|文章|新闻|信息|报道|内容|推荐|稿件|文档|文件|链接|附件下载|政策|解读|专题)|延伸阅读|推荐阅读|热点(?:新闻|推荐)|猜你喜欢"
    r"|您可能对|友情链接|上一?(?:篇|条)|下一?(?:篇|条)|前一篇|后一篇|责任编辑|网络编辑|责编|扫一扫|扫码|分享到|版权所有|版权声明|主办单位|承办单位|主办[:：]"
    r"|网站地图|网站声明|网站标识码|关于我们|联系我们|打印本页|关闭窗口|【?打印】?$|返回顶部|我要评论|网友评论|发表评论|我要评价|满意度(?:评价|调查)|您(?:对|觉得|认为).{2,16}(?:满意|有帮助|有用)|【?免责声明|【返回)"
)
_FOOTER = re.compile(
    r"版权所有|ICP\s?备|公网安备|网站标识码|copyright|all rights reserved|政府网站找错"
    r"|建议使用.{0,12}(?:浏览|分辨率)|^党政机关$",
    re.I,
)
_MAY_FOOT = re.compile("[版网使党PpGg]")
# what a foot says, and many a text too: of a foot only beside a line that is surely one
AT_FOOT = re.compile(r"(?:主办|承办|协办|维护|运维|技术支持|管理)(?:单位)?\s*[:：]|.{0,6}技术支持")
# how the foot of a page begins, in one box with the line that surely is of it
FOOT_HEAD = re.compile(
    rf"{AT_FOOT.pattern}|(?:办公|单位|联系|通讯)?地\s*址\s*[:：]|邮\s*编\s*[:：]"
    r"|(?:联系|值班|监督|咨询)?(?:电\s*话|热\s*线)\s*[:：]"
)
INFO_LABEL = re.compile(
    r"^[\[【(（]?\s*(?:文章|信息|稿件|内容|新闻|消息)?(?:来\s*源|作\s*者|供\s*稿|编\s*辑|审\s*核|撰\s*稿|发布(?:时间|日期|机构|单位|人|者)|"
    r"(?:更新|发稿|发表|公布|公开|信息)?(?:时间|日期)|字\s*体|字\s*号|浏览|阅读|点击|访问|分享|打印|视力保护色|收藏|责任编辑|保护视力|"
    r"索\s*引\s*号|主题分类|发文机关|发文字号|文\s*号\s*[:：]|(?:发文|成文|生成)日期|有效性|(?:写信|来信|留言|咨询|答复|回复)(?:时间|人|单位|部门)|信息类别"
    r"|您?(?:现在|当前|所在)?(?:所在)?的?位置\s*[:：])"
)
_LONGEST_SOURCE = 16  # characters of who published, beside a bare date
PUNCTUATED = re.compile(r"[，。；：！？、,;]")
_FEET = ("footer", "nav")
ENDED = re.compile(
    r"^[\[【(（▶►◆■●>]*+\s*(?:相关(?:阅读|文章|新闻|信息|报道|推荐|稿件)|延伸阅读|推荐阅读|热点|友情链接|猜你喜欢"
    r"|上一?(?:篇|条)|下一?(?:篇|条)|版权|网站地图|关于我们)"
)
_LONGEST_BUTTON = 160  # characters
_FOOT = 1000  # characters of a line among which a footer says what it is


def is_furniture(line: Line) -> bool:
    """Whether a line is nothing but buttons and counters of the page."""
    if line.button is None:
        _judge(line)
    return line.button is True


def is_footer(line: Line) -> bool:
    """Whether a line says who runs the site."""
    if line.footer is None:
        _judge(line)
    return line.footer is True


def _judge(line: Line) -> None:
    """Note on a line whether it is of the foot, and whether it is nothing but buttons."""
    text = line.text
    short = len(text) <= _LONGEST_BUTTON
    line.footer, line.button = False, short and _FURNITURE.match(text) is not None
    if not _TELLING.search(text, 0, _FOOT):
        return
    line.footer = bool(_MAY_FOOT.search(text, 0, _FOOT) and _FOOTER.search(text, 0, _FOOT))
    if short and not line.button:
        counts = _MAY_COUNT.search(text) is not None and _COUNTER.match(text) is not None
        line.button = counts or bool(_MAY_PLAY.search(text) and _NO_PLAYER.match(text))


def weight(line: Line) -> int:
    """How much of a line is prose: its characters that are no links, if it is a sentence or long
    enough; footers and buttons weigh nothing."""
    if line.weight is None:
        line.weight = _weigh(line)
    return line.weight


def _weigh(line: Line) -> int:
    own = len(line.text) - line.linked
    if line.furniture or own < 6 or is_footer(line) or is_furniture(line):
        return 0
    return own if own >= 16 or PUNCTUATED.search(line.text) else own // 2


def prose(lines: list[Line]) -> int:
    """How much prose lines hold together; of very many by a part of them."""
    sample, step = sample_of(lines)
    return step * sum(map(weight, sample))


def is_info(line: Line) -> bool:
    """Whether a line is one of date, source, counters or path, as stand between title and text."""
    if len(line.text) > 100:
        return False
    if INFO_LABEL.match(line.text):
        return True
    dates = find_dates(line.text)
    if not dates or dates[0].start > 2:
        return False
    rest = line.text[dates[0].end :].strip("])】 ")
    short = len(rest) <= _LONGEST_SOURCE and not PUNCTUATED.search(rest)
    return short or INFO_LABEL.match(rest) is not None


def is_beyond(line: Line) -> bool:
    """Whether a line after the head is already none of the notice."""
    if is_footer(line) or ENDED.match(line.text):
        return True
    return line.furniture and any(x.tag in _FEET for x in line.element.iterancestors())
