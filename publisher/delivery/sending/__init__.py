"""Sending: each message at most once, unless evidence or a person says that it was not taken.

SMTP leaves one gap that no protocol closes: when the connection is lost between the end of a
message and its reply, nobody can tell whether it was accepted (RFC 1047). So the ledger says
`handoff` durably before a message's text leaves, and what was cut there becomes `unknown`.
"""
