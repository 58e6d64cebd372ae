"""The words by which a text says what a day or a period is for, and whose it is."""

import re

CHANGES = re.compile(r"更正|变更|延期|延长|顺延|推迟|澄清")  # a title: the old day, then the new
SYSTEM = re.compile(r"系统|平台|通道|入口")
WHAT_FOR = re.compile(
    r"公示|公开征求|征求意见|征集|反馈|申报|报名|填报|受理|提交|报送|上报|推荐|申请|上传|登记"
    r"|系统开放|开放.{0,6}系统|报我|报至|送达|寄|投标|递交|竞买|[征截投]稿"
)
# what readers are to do in a time that is labelled so, though a text may speak of it otherwise
LABELLED_FOR = re.compile(
    r"续[签期办聘]|办理|申领|领取|换[证领发]|发售|(?:获取|购买)[一-鿿]{0,4}文件|[年审]检|年审|参评|投票|问卷|调查|缴[费纳存]|交[费纳款]|确认"
    r"|认[领购]|挂牌|竞[价拍买]|预约|补[报交]|评议"
)
ANSWER = re.compile(r"异议|意见|监督|反映|举报|期限|期为")
# a title by which readers may answer
ASKED_FOR = re.compile(r"公示|征求|征集|意见|问卷|投票|(?:网[上络]|在线|民意)调查")
HANDING_IN = re.compile(
    r"报送|上报|报我|报至|报[省市国部]|书面报|报.{0,20}[处科司厅局部委办]|报.{0,20}邮箱|反馈|提交"
    r"|递交|投递|寄|发送|发[至到给往]|发.{0,4}邮件|发(?:\s*[A-Za-z0-9]|.{0,8}邮箱)|传真|回执"
    r"|送[至达交到]|来[函电信]|致[函电]|告诉|反映|举报|申报|申请|报名|填报|上传|推荐|提出|登记"
    r"|填写|告知|回复|函复|录入|将[^，,。；;]{1,30}送(?!进)[^，,。；;各]{0,16}[处科司厅局部委办室]"
    r"|[交缴][纳付清]?[^，,。；;]{0,6}(?:保证金|报名费|考[试务]费)|[交缴][纳付]?[至到].{0,8}账户"
)
DONE = re.compile(
    r"^\s*(?:仍|注册|成立|取得|出生|已|获得|建成|投产|颁布|发布|印发|实现|达到|基本|全面|入库|竣工"
    r"|完成(?!.{0,12}(?:申报|填报|提交|报送|推荐|上报|报名))"
    r"|完成.{0,12}(?:系统|平台|机制|制度).{0,6}(?:建设|升级|开发|上线|改造))"
)
# what befalls those who have not: 未提交材料的视为放弃
FORFEIT = re.compile(
    r"^\s*[，,]?\s*(?:逾期|过期|(?:仍|尚|还)?(?:未|没有?))[^。；;\d]{0,24}"
    r"(?:视[为同作]|不予|不再|作废|取消|放弃|自负)"
)
EVERY_MONTH = re.compile(r"每[月季旬]|[按逐]月|[月季]报(?!送)")
# whose day it is: what others promised, and what the agency itself will do
OTHERS = re.compile(
    r"承诺|责令|限其|(?:我|本)[局厅部委办会院省市](?:[^，,]{0,6}[将拟][于在]?|于)\s*$"
)
# whom the day is about, not what is asked for: 3月31日前完成申报的企业
HAD_DONE = re.compile(
    r"^\s*(?:已|未|尚未|没有|按[时期]|及时)?(?:完成|成功)?"
    r"(?:申报|申请|提交|报送|报名|填报|登记|上传|汇算|注册|备案)(?:手续|工作|材料)?的"
)
TOLD_OF = re.compile(r"^(?:对于?|凡是?|给予)")
DONE_BY = re.compile(r"^[^，,。；;将把]{1,24}的")
# the day of an agency above the one that writes: its readers hand in before
ABOVE = re.compile(
    r"(?:国家|省级?|自治区|全省|全国|中央|[一-鿿]{2}部)[一-鿿]{0,10}"
    r"(?:(?:受理|申报|评审|填报|接收)[一-鿿]{0,6}[:：为]?|(?:要求|规定)[一-鿿]{0,6})$"
)
CLOSED_DOORS = re.compile(
    r"^\s*[，,]?\s*(?:[闭停][窗馆厅办业机水电气]|(?:进行|开展)?(?:系统)?(?:升级|维护|检修)|暂停"
    r"|停止(?:办公|服务|受理|办理|营业)|放假|休[息假市]|调休)"
)
# what falls into those days is spoken of, not handing in: 7月1日至8月31日期间购车的
BEFALLS = re.compile(
    r"^\s*(?:期间|之间|内)?\s*[，,]?\s*(?:对|凡|给予|在.{0,12}(?:购|消费)"
    r"|新?(?:购[买置车房]|注册|成立|发生|产生|实现|取得|获得|投产|竣工|出生|毕业|参保)|已|举[行办]|开[幕展])"
)
LATER = re.compile(r"[^，,。；;]{0,40}(?:另行|另文|再行|择期)(?:通知|公告|公布|发布|确定|安排)")
REQUEST = re.compile(r"请|须|需|务必|应|可")
# handed on to who writes: 报送我厅
TO_US = re.compile(r"(?:报|送|交|寄|发|给|至)[^，,。；;]{0,12}(?:我|本|[省市县区州]局)")
RULE = re.compile(  # what lasts, recurs or was counted: never a time for handing in
    r"施行|有效期|执行期|实施期|任期|试用期|建设期|生效|废止|每年|首年|次年|翌年|当年"
    r"|^\s*第[一二三四五六七八九十百]+条|据.{0,4}统计|统计(?:数据?|显示|表明|时点|截)|累计|同比"
    r"|数据.{0,4}截[止至]|税收优惠|工期|放假|值班(?!表|安排|人员)|出生"
)
EVENT = re.compile(r"会期|举[办行]|开幕|定于|召开|会议时间|培训时间|考试|活动时间|营业")
OCCASION = re.compile(
    r"会议|大会|召开|举办|大赛|培训|论坛|(?<!征集)(?<!征稿)(?<!投票)(?<!问卷)(?<!调查)活动|展览|放假|安排"
)
