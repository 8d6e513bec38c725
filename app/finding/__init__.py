"""Finding people who are shown: by name as it sounds, by words, by facts, with counts of each.

`keeping` writes the index when somebody changes, `names` compares names, `facets` says what people
are sorted by, `memory` keeps the sets of people at hand, and `asking` answers.
"""
