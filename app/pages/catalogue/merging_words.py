"""Words for merging two records of one person."""

from app.locale import N_
from app.models.importing import COORDINATOR
from app.pages.catalogue.words import FIELDS as _FIELDS

FIELDS = {**_FIELDS, "birth": N_("born"), "whereabouts": N_("where they are")}
ORIGINS = {COORDINATOR: N_("entered by one of us")}
"""Other origins are the names of lists."""
