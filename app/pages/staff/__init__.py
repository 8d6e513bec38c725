"""Signing in, one's own account, everybody's accounts, and the way to every desk."""
