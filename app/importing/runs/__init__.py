"""A report kept, worked through and applied, in pieces that a broken-off import goes on with."""
