"""Everything about paper, post and mail: plain values in, plain values out.

This room knows nothing of the application, of translation, or of a database.
"""
