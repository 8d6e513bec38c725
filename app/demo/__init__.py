"""The demonstration: an installation in full swing, with fictional people, letters and replies."""

from app.demo.filling import DemoAccounts, fill

__all__ = ["DemoAccounts", "fill"]
