"""Work on hostile input, in processes of its own that may die without harm.

A `Crew` keeps a few warm child processes. Each works on one thing at a time, within limits of
memory, processor time and files, and is killed at its deadline; the next call gets a new one.
Questions and answers are JSON and bytes, never pickles: a child that a hostile file has taken
over must not take its parent too. Children get none of the parent's environment, hence no keys.
"""

from mailing.isolation.crew import Crew
from mailing.isolation.terms import Failed, Limits, Refused

__all__ = ["Crew", "Failed", "Limits", "Refused"]
