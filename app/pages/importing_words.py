"""Words for imports: topics, questions and answers, as the catalogue's desk reads them."""

from app.locale import N_
from app.pages.catalogue_words import BARS, FIELDS, STATUSES

STATES = {
    "planned": N_("report, nothing changed yet"),
    "applying": N_("being applied"),
    "applied": N_("applied"),
    "superseded": N_("a later one took its place"),
}
KINDS = {
    "doubtful": N_("To decide"),
    "changed": N_("Changed"),
    "new": N_("New"),
    "gone": N_("No longer in the source"),
    "unreadable": N_("Cannot be read"),
}
TOPICS = {
    "person": N_("people"),
    "case": N_("cases"),
    "place": N_("places"),
    "row": N_("rows"),
}
QUESTIONS = {
    "same_person": N_("One person or two?"),
    "same_place": N_("One place or two?"),
    "two_spellings": N_("Which spelling?"),
    "other_value": N_("Ours or theirs?"),
    "gender": N_("She or he?"),
    "term": N_("A term that cannot be"),
    "kind": N_("What kind of place?"),
    "state": N_("What does this mean?"),
    "name": N_("A name in an unusual order"),
    "birth": N_("A birth that cannot be"),
    "address": N_("An address that does not parse"),
    "place": N_("A place we do not know"),
}
"""What is asked about a doubt, also the name of its filter."""
ANSWERS = {
    "same": N_("The same"),
    "other": N_("Somebody or something else"),
    "theirs": N_("Take theirs"),
    "ours": N_("Keep ours"),
    "she": N_("she"),
    "he": N_("he"),
    "life": N_("For life"),
    "not_known": N_("Not known"),
    "seen": N_("Seen, leave it so"),
    "none": N_("Not a place of detention"),
    "first": N_("The first"),
    "second": N_("The second"),
    **STATUSES,
    **{bar: words for bar, words in BARS.items() if bar},
}
CASE_FIELDS = {
    "articles": N_("articles"),
    "category": N_("category"),
    "case_name": N_("name of the case"),
    "case_group": N_("group of cases"),
    "region_iso": N_("code of the region"),
    "city": N_("town"),
    "started_on": N_("begun on"),
    "started_year": N_("year of the beginning"),
    "ended_year": N_("year of the end"),
    "stage": N_("stage"),
    "restraint": N_("measure of restraint"),
    "verdict": N_("verdict"),
    "sentence_months": N_("sentence in months"),
    "sentence_life": N_("for life"),
    "first_verdict_on": N_("first verdict on"),
    "ratings": N_("on the lists of"),
    "occupation": N_("occupation"),
    "person": N_("person"),
    "gone_on": N_("missing in the source since"),
}
ALL_FIELDS = {**CASE_FIELDS, **FIELDS}


def called(field: str) -> str:
    """The name of a field; the field itself where it has none."""
    return ALL_FIELDS.get(field, field)
