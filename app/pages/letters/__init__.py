"""Desks of letters and replies: translating, reviewing, posting, replying, coordinating."""
