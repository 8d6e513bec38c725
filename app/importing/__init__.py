"""Bringing in what others know: read, clean, compare, ask, and only then change.

`sources` reads into plain rows; `gathering` makes records of them; `planning` compares these with
the catalogue, answers to earlier doubts in hand; `runs` keeps the report and does what is planned.
Whoever is brought in is seen by nobody until a coordinator confirms.
"""
