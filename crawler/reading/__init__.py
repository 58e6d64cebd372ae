"""A page -> facts. Every module reads one kind of fact from the one parsed tree, changes nothing
in it, and says where the fact stood.

What a crawl calls:
  charset        bytes -> response: `build_response`
  page_kind      list, notice, challenge, log-in, error …: `page_kind`
  rows           a list page -> Rows: `read_rows`, `rows_from`, `rows_from_html`, `blocks`
  notice         a notice page -> Notice: `read_notice`, `Selectors`
  file_notice    a file that a row leads to -> Notice; file_facts: what its text says

What they stand on:
  page           what several readers need of a response, each part read once: `page_of`
  lines          the page as lines of text; walk: its elements; pieces: what a line is made of
  meta, dates, addresses

kind/            challenges, error pages, redirects, channels: what a page is
row/             which links are rows; link, title and day of each; rows in JSON, XML, scripts
script/          markup, JSON and values that stand in scripts and comments
fact/            one module a fact: title, published, doc_number, issuers, period, attachments …
text/            where the text stands, without the page around it; its HTML and pictures
part/            head, headings, items, tables and signature of a text; parts puts them together

READER_VERSION is part of a notice's content hash: raise it when a change of these modules changes
what is read from an unchanged page.
"""

READER_VERSION = "2"
