"""When two spellings, two values, two cases or two people are the same one. Rules alone.

The catalogue and the imports ask here, so that a desk and a list never differ in what is alike.
"""
