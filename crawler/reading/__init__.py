"""A page -> facts. Every module reads one kind of fact from the one parsed tree, changes nothing
in it, and says where the fact stood.

charset        bytes -> response: `build_response`
page_kind      list, notice, challenge, log-in, error …: `page_kind`, `challenge_reason`
page           what several readers need of a response, each part read once: `page_of`
rows           a list page -> Rows: `read_rows`, `rows_from`, `rows_from_html`; the lists of a
               channel page: `blocks`
  row_groups     which links of a page are its list
  row_paths      the links with a title, by the tags they stand in
  row_places     what stands around a list: heading, further pages, navigation
  row_parts      which links of a row are its notice
  row_facts      link, title and date of one row
  row_days       which of the days beside a title is that of publication
  row_years      the year of rows that print month and day
  row_json       rows in JSON, by shape
  row_feed       rows in XML: feeds
  row_scripts    arrays that scripts fill, addresses that a page's functions make
  js_values      what scripts write and JSON does not allow
  embedded       markup in CDATA, scripts and comments
  json_texts     JSON, JSONP, values in scripts
notice         a notice page -> Notice: `read_notice`, `Selectors`
  walk           starts and ends of a tree's elements
  lines          the page as lines of text; what all readers of a notice share
  meta           what the page declares
  header_table   the 信息公开 table
  parts          headings, tables, addressee, signature …: `read_parts`, with paragraph, numbering,
                 part_head, part_tail and part_images
  tables         tables as grids: `tables_in`
  title, published, body, doc_number, issuers, signature, attachments, period
  agencies       what looks like the name of an agency
file_facts     the text of a notice that is a file -> its facts: `read_file_facts`
dates          one date, all dates of a text, the date in an address: `parse_date`
addresses      joining links

READER_VERSION is part of a notice's content hash: raise it when a change of these modules changes
what is read from an unchanged page.
"""

READER_VERSION = "2"
