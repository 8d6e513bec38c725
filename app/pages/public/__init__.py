"""Pages for everybody: finding somebody, writing, following a letter, the figures."""
