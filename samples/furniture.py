"""What stands around a list or a text on every page: menus, search, hot lists, links, scripts."""

from hashlib import sha256
from html import escape

from samples.sites import Site

_PROVINCES = (
    "北京 beijing|天津 tj|河北 hebei|山西 shanxi|内蒙古 nmg|辽宁 ln|吉林 jl|黑龙江 hlj|"
    "上海 sh|江苏 jiangsu|浙江 zj|安徽 ah|福建 fujian|江西 jiangxi|山东 shandong|"
    "河南 henan|湖北 hubei|湖南 hunan|广东 gd|广西 gxzf|海南 hainan|重庆 cq|四川 sc|"
    "贵州 guizhou|云南 yn|西藏 xizang|陕西 shaanxi|甘肃 gansu|青海 qinghai|宁夏 nx|"
    "新疆 xinjiang"
)
_MINISTRIES = (
    "外交部 fmprc|发展改革委 ndrc|教育部 moe|科技部 most|工业和信息化部 miit|民政部 mca|"
    "司法部 moj|财政部 mof|人力资源社会保障部 mohrss|自然资源部 mnr|生态环境部 mee|"
    "住房城乡建设部 mohurd|交通运输部 mot|水利部 mwr|农业农村部 moa|商务部 mofcom|"
    "文化和旅游部 mct|卫生健康委 nhc|应急管理部 mem|审计署 audit"
)
PROVINCES = [tuple(entry.split()) for entry in _PROVINCES.split("|")]
MINISTRIES = [tuple(entry.split()) for entry in _MINISTRIES.split("|")]
HOT_WORDS = ("绿色制造", "技术中心", "专精特新", "营商环境", "减税降费", "5G", "节能监察", "首台套")


def number(text: str, below: int) -> int:
    """A number under `below` that stays the same for `text`."""
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") % below


def menu(site: Site, indent: str = "  ", mega: bool = False) -> str:
    """The navigation: each entry with its children, as nested lists or (mega) dl blocks."""
    out = []
    for at, (name, path, children) in enumerate(site.menu):
        links = "".join(
            f'{indent}    <{"dd" if mega else "li"}><a href="{path}#{at}{n}" target="_blank">'
            f"{child}</a></{'dd' if mega else 'li'}>\n"
            for n, child in enumerate(children)
        )
        if mega:
            out.append(
                f'{indent}<dl class="nav-item nav-{at}">\n{indent}  <dt><a href="{path}">{name}</a>'
                f"</dt>\n{links}{indent}</dl>\n"
            )
        else:
            below = f'\n{indent}  <ul class="sub">\n{links}{indent}  </ul>\n{indent}'
            out.append(
                f'{indent}<li class="m{at}"><a href="{path}" title="{name}">{name}</a>'
                f"{below if children else ''}</li>\n"
            )
    return "".join(out)


def select(title: str, entries: list[tuple[str, ...]]) -> str:
    """A drop-down of links to other sites."""
    options = "".join(
        f'      <option value="http://www.{name}.gov.cn/">{label}</option>\n'
        for label, name in entries
    )
    return (
        f'    <select onchange="if(this.value)window.open(this.value)" aria-label="{title}">\n'
        f'      <option value="">{title}</option>\n{options}    </select>\n'
    )


def link_lists(entries: list[tuple[str, ...]], tag: str = "li") -> str:
    """Links to other sites as list items."""
    return "".join(
        f'    <{tag}><a href="http://www.{name}.gov.cn/" target="_blank">{label}</a></{tag}>\n'
        for label, name in entries
    )


def friend_links(site: Site) -> str:
    """友情链接: drop-downs on some sites, lists on the others."""
    if number(site.key, 2):
        return (
            '  <div class="links">\n    <span class="links-tt">友情链接</span>\n'
            f"{select('国务院部门网站', MINISTRIES)}{select('省区市政府网站', PROVINCES)}  </div>\n"
        )
    return (
        '  <div class="friend clearfix">\n    <h4>友情链接</h4>\n    <ul class="bm">\n'
        f'{link_lists(MINISTRIES)}    </ul>\n    <ul class="sf">\n{link_lists(PROVINCES)}'
        "    </ul>\n  </div>\n"
    )


def hot_words(path: str) -> str:
    """The words under the search box."""
    return "".join(f'<a href="{path}{escape(word)}">{word}</a>' for word in HOT_WORDS)


def style(site: Site) -> str:
    """The page's own style sheet: the same skeleton in each site's colour and measures."""
    wide = 980 + 20 * number(site.key, 12)
    return f"""<style type="text/css">
*{{margin:0;padding:0}}
body{{font:14px/1.8 "Microsoft YaHei",SimSun,Arial,sans-serif;color:#333;background:#fff}}
a{{color:#333;text-decoration:none}} a:hover{{color:{site.tint}}}
ul,ol{{list-style:none}} img{{border:0}} .clearfix:after{{content:"";display:block;clear:both}}
.wrap,.center,.wrapper{{width:{wide}px;margin:0 auto}}
.nav,.menu{{background:{site.tint};height:46px;line-height:46px}}
.nav li,.menu li{{float:left;position:relative;padding:0 24px}}
.nav a,.menu a{{color:#fff;font-size:16px}}
.nav .sub,.menu .sub{{display:none;position:absolute;top:46px;left:0;z-index:99;width:160px}}
.nav li:hover .sub,.menu li:hover .sub{{display:block;background:{site.tint}}}
.search input[type=text]{{border:1px solid {site.tint};height:32px;width:260px;padding:0 8px}}
.search button,.search .btn{{background:{site.tint};color:#fff;border:0;height:34px;width:70px}}
.crumb,.position,.crumbsNav,.mbx{{height:40px;line-height:40px;border-bottom:1px solid #e5e5e5}}
.footer,.foot{{border-top:3px solid {site.tint};margin-top:30px;padding:20px 0;text-align:center}}
.links select{{width:210px;height:30px;margin:0 10px}}
.share a{{display:inline-block;width:24px;height:24px;background:url(/images/share.png)}}
table.xxgk td,table.head td{{border:1px solid #ddd;padding:6px 10px;font-size:13px}}
@media screen and (max-width:768px){{.wrap,.center,.wrapper{{width:96%}}.nav li{{padding:0 8px}}}}
@media print{{.header,.nav,.footer,.share,.side{{display:none}}}}
</style>"""


def page_scripts(site: Site, seed: str) -> str:
    """Font size, print, reading counter, statistics: the scripts at the foot of a page."""
    stat = sha256((site.key + "hm").encode()).hexdigest()[:32]
    return f"""<script type="text/javascript">
function doZoom(size){{
  var box=document.getElementById('zoom')||document.getElementById('content');
  if(box){{box.style.fontSize=size+'px';}}
}}
function doPrint(){{window.print();}}
function doClose(){{window.opener=null;window.open('','_self');window.close();}}
(function(){{
  var hits=document.getElementById('hits');
  if(hits&&window.jQuery){{
    jQuery.getJSON('/counter/hits?siteId={site.code}&docId={number(seed, 10**7)}&callback=?',
      function(data){{hits.innerHTML=data.hits;}});
  }}
}})();
var _hmt=_hmt||[];
(function(){{
  var hm=document.createElement("script");
  hm.src="https://hm.baidu.com/hm.js?{stat}";
  var s=document.getElementsByTagName("script")[0];
  s.parentNode.insertBefore(hm,s);
}})();
</script>"""


def share(form: int = 0) -> str:
    """Buttons to share a page."""
    if form:
        return (
            '<div class="bdsharebuttonbox share" data-tag="share_1"><span>分享：</span>'
            '<a class="bds_weixin" data-cmd="weixin" title="分享到微信"></a>'
            '<a class="bds_tsina" data-cmd="tsina" title="分享到新浪微博"></a>'
            '<a class="bds_sqq" data-cmd="sqq" title="分享到QQ好友"></a></div>'
        )
    return (
        '<div class="bshare-custom icon-medium share">分享到：<a title="分享到微信" '
        'class="bshare-weixin"></a><a title="分享到新浪微博" class="bshare-sinaminiblog"></a>'
        '<a title="分享到QQ空间" class="bshare-qzone"></a></div>'
    )


def footer(site: Site) -> str:
    """Who runs the site, and its registration numbers."""
    police = (
        f"{site.code[:2] if site.code[:2].isdigit() else '11'}0102020{number(site.key, 10**5):05d}"
    )
    return (
        '  <p class="foot-nav"><a href="/gywm/">关于我们</a>|<a href="/wzdt/">网站地图</a>|'
        '<a href="/wzsm/">网站声明</a>|<a href="/lxwm/">联系我们</a></p>\n'
        f"  <p>主办单位：{site.name}　地址：{site.street}</p>\n"
        f'  <p>网站标识码：{site.code}　<a href="http://beian.miit.gov.cn/">{site.icp}</a>　'
        f'<a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode={police}">'
        f"公网安备 {police}号</a></p>\n"
        '  <p><a href="https://bszs.conac.cn/sitename"><img src="/images/red.png" '
        'alt="党政机关"/></a><a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html">'
        '<img src="/images/jiucuo.png" alt="政府网站找错"/></a></p>\n'
        "  <p>建议使用IE9以上浏览器，1366×768以上分辨率浏览本网站</p>\n"
    )
