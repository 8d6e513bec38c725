"""Bringing in what others know: read, clean, compare, ask, and only then change.

`ovdinfo` and `tables` read a source into plain rows; `gathering` makes records of them; `planning`
compares these with the catalogue, answers to earlier doubts in hand; `applying` does what is
planned. Whoever is brought in is seen by nobody until a coordinator confirms.
"""
