"""A page -> facts. Every module reads one kind of fact from the one parsed tree, changes nothing
in it, and says where the fact stood.

charset        bytes -> response: `build_response`
page_kind      list, notice, challenge, log-in, error …: `page_kind`, `challenge_reason`
rows           a list page -> Rows: `read_rows`, `rows_from`, `rows_from_html`
  row_groups     which links of a page are its list
  row_facts      link, title and date of one row
  row_json       rows in JSON, by shape
notice         a notice page -> Notice: `read_notice`, `Selectors`
  lines          the page as lines of text; what all readers of a notice share
  meta           what the page declares
  header_table   the 信息公开 table
  title, published, body, doc_number, issuers, signature, attachments, period
  agencies       what looks like the name of an agency
file_facts     the text of a notice that is a file -> its facts: `read_file_facts`
dates          one date, all dates of a text, the date in an address: `parse_date`
addresses      joining links

READER_VERSION is part of a notice's content hash: raise it when a change of these modules changes
what is read from an unchanged page.
"""

READER_VERSION = "1"
