"""Scrapy's settings: what differs from the default, with the reason beside it."""

import os

import store
from store.settings import DATA

store.setup()

BOT_NAME = "kuaixun"
SPIDER_MODULES = ["spiders"]

# Who asks, and whom to write to. A live night refuses to start without a contact.
CONTACT = os.environ.get("KUAIXUN_CONTACT", "")
USER_AGENT = f"Kuaixun/0.1 (nightly reader of public notices; {CONTACT or 'no contact set'})"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",  # what the archive can read back
}

# Polite: one gate a host for the whole process keeps the delay, so Scrapy's own slots do not wait.
ROBOTSTXT_OBEY = True
GATE_DELAY = 1.0  # seconds between the end of one request to a host and the next
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0
COOKIES_ENABLED = False  # no site needs one, and a challenge's cookie is never taken
HTTPPROXY_ENABLED = False  # a proxy from the environment would resolve names behind the guard
RETRY_TIMES = 2
RETRY_HTTP_CODES = [
    500,
    502,
    503,
    504,
    522,
    524,
    408,
    429,
]  # the default without nothing; 412/521 are blocks

DOWNLOAD_HANDLERS = {
    "http": "crawler.middlewares.gate.GatedHandler",
    "https": "crawler.middlewares.gate.GatedHandler",
    "ftp": None,
    "s3": None,
    "file": None,  # an address from a page must never read this machine
    "data": None,
}
TWISTED_DNS_RESOLVER = "crawler.middlewares.guard.GuardedResolver"
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 60 * 1024 * 1024  # bytes; the largest annexes of the sources are near 40 MB
DOWNLOAD_WARNSIZE = 0

DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.hosts.HostsMiddleware": 50,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # only logs what it drops
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # no site has our password
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.blocks.BlocksMiddleware": 560,
    "crawler.middlewares.charset.CharsetMiddleware": 580,
    "crawler.middlewares.conditional.ConditionalMiddleware": 800,
    "crawler.middlewares.archive.ArchiveMiddleware": 900,
    "crawler.middlewares.tally.TallyMiddleware": 940,
    "crawler.middlewares.replay.ReplayMiddleware": 950,
}
DOWNLOADER_STATS = False  # bytes and methods by kind: nobody asks; requests are tallied by column
SPIDER_MIDDLEWARES = {
    # marks the requests of start(): nobody asks
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    # depth serves link-following crawls; ours asks for named pages only
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    # warns of requests made with an answer's meta; none of ours is
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
ITEM_PIPELINES = {
    "pipelines.clean.Clean": 100,
    "pipelines.validate.Validate": 200,
    "pipelines.classify.Classify": 300,
    "pipelines.dedupe.Dedupe": 400,
    "pipelines.attach.Attach": 500,
    "pipelines.save.Save": 600,
}
# 100 would start 100 tasks for every response (scrapy issue 5182): half of a night's CPU.
CONCURRENT_ITEMS = 2

NIGHTLY_BACKUPS = 7  # a live night ends with a backup, and so many are kept; 0: none

MEMORY = "store.memory.Memory"
WARC_DIR = str(DATA / "warc")

TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # an HTTP server that executes Python is not wanted
# Scrapy's own list without these two and AutoThrottle (the gate keeps the pace): what is only
# switched off is imported all the same, and aiohttp takes 0.15 s of every start.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.memdebug.MemoryDebugger": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.logstats.LogStats": 0,
    "scrapy.extensions.spiderstate.SpiderState": 0,
}
LOG_LEVEL = "INFO"
LOG_FORMATTER = "crawler.log.QuietFormatter"
FEED_EXPORT_ENCODING = "utf-8"
