"""Rows made records: names, days, terms, states and addresses, and the doubts they leave."""
