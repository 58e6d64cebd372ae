"""A page -> facts. Every module reads one kind of fact and says where it stood.

READER_VERSION is part of a notice's content hash: raise it when a change of these modules changes
what is read from an unchanged page.
"""

READER_VERSION = "1"
