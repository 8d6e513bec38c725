"""Finding people who are shown: by name as it sounds, by words, by facts, with counts of each.

`keeping` writes the index when somebody changes, `remaking` when its rules do; `names` compares
names, `facets` says what people are sorted by, `articles` by which numbers of the law, `memory`
keeps the sets of people at hand; `answering` finds by words, `asking` by filters.
"""
