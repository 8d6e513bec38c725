"""Records beside the catalogue: what would be new, changed, gone, and what somebody must say."""
