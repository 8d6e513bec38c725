"""Words for imports: topics, questions and answers, as the catalogue's desk reads them."""

from app.locale import N_
from app.models import ImportRun
from app.pages.catalogue.words import BARS, FIELDS, STATUSES
from app.sameness.matching import Why

STATES = {
    "planned": N_("report, nothing changed yet"),
    "applying": N_("being applied"),
    "applied": N_("applied"),
    "superseded": N_("a later one took its place"),
    "broke_off": N_("broke off half-way"),
}


def state_of(run: ImportRun) -> str:
    """What `STATES` calls the state of a run."""
    return "broke_off" if run.broke_off else run.state


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
    "which_case": N_("Which case?"),
    "two_spellings": N_("Which spelling?"),
    "other_value": N_("Ours or theirs?"),
    "gender": N_("She or he?"),
    "term": N_("A term that cannot be"),
    "kind": N_("What kind of place?"),
    "state": N_("What does this mean?"),
    "name": N_("A name that looks odd"),
    "one_name": N_("One person by name alone"),
    "birth": N_("A birth that cannot be"),
    "unread": N_("Could not be read"),
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
    "own_case": N_("A case of its own"),
    "first": N_("The first"),
    "second": N_("The second"),
    **STATUSES,
    **{bar: words for bar, words in BARS.items() if bar},
}
WHY = {
    Why.FORM: N_("Their given names are two forms of one name."),
    Why.SWAPPED: N_("Surname and given name may have changed places."),
    Why.YEAR: N_("The whole name agrees, and the birth years are one apart."),
    Why.GIVEN: N_("In one of the given names there may be a typing mistake."),
}
"""What makes two people look like one, where the names are not simply alike."""
DOUBTED = {
    "order": N_("Nothing tells for sure which of the words is the surname."),
    "father": N_("The surname looks like a patronymic: if it is one, the surname is missing."),
    "initial": N_("The list has an initial only of another name: write it out."),
}
"""What is doubtful about how a name was taken apart."""
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
    return ALL_FIELDS.get(field) or PEOPLE_COLUMNS.get(field, field)


CONCERNS = {
    "people": N_("A table of people"),
    "places": N_("A table of places of detention"),
    "ovdinfo": N_("Saved from OVD-Info"),
}
CONCERNS_MORE = {
    "people": N_("CSV or XLSX, such as Memorial's lists. You say next what its columns are."),
    "places": N_("CSV or XLSX, with names and addresses."),
    "ovdinfo": N_("JSON or CSV, «data», «locations» or both."),
}
STAGES = (
    N_("Step 1 of 3: reading"),
    N_("Step 2 of 3: comparing with the catalogue"),
    N_("Step 3 of 3: writing the report"),
)
READING_STATES = {
    "chosen": N_("waits to be told what its columns are"),
    "reading": N_("being read"),
    "read": N_("read"),
    "failed": N_("could not be read"),
}
PEOPLE_COLUMNS = {
    "name": N_("the whole name"),
    "surname": N_("surname"),
    "given_name": N_("given name"),
    "patronymic": N_("patronymic"),
    "latin": N_("name in Latin letters"),
    "gender": N_("she or he"),
    "birth": N_("birthday"),
    "birth_year": N_("birth year"),
    "state": N_("where they are: in custody, released …"),
    "place": N_("place of detention"),
    "release_on": N_("day of release, where it is known"),
    "languages": N_("languages the person reads"),
    "origin_ru": N_("where from, Russian"),
    "origin_en": N_("where from, English"),
    "profession_ru": N_("profession, Russian"),
    "profession_en": N_("profession, English"),
    "interests_ru": N_("interests, Russian"),
    "interests_en": N_("interests, English"),
    "story_ru": N_("story, Russian"),
    "story_en": N_("story, English"),
    **{
        name: CASE_FIELDS[name]
        for name in ("articles", "category", "case_name", "case_group", "city", "stage")
    },
    "region": N_("region of the case"),
    "started": CASE_FIELDS["started_on"],
    "started_year": CASE_FIELDS["started_year"],
    "ended_year": CASE_FIELDS["ended_year"],
    "restraint": CASE_FIELDS["restraint"],
    "verdict": CASE_FIELDS["verdict"],
    "verdict_on": CASE_FIELDS["first_verdict_on"],
    "term": N_("length of the sentence"),
    "ratings": CASE_FIELDS["ratings"],
    "occupation": CASE_FIELDS["occupation"],
    "person": N_("the list's own id of the person, which never changes"),
    "case": N_("the list's own id of the case"),
}
PLACE_COLUMNS = {
    "name": N_("name of the place"),
    "name_en": N_("name in English"),
    "kind": N_("kind of place"),
    "address": N_("the whole address"),
    "street": N_("street and number"),
    "settlement": N_("town"),
    "district": N_("district"),
    "region": N_("region"),
    "postal_code": N_("postcode"),
    "country": N_("country, two letters"),
    "notes": N_("notes"),
    "codes_allowed": N_("codes on the reply sheet: yes or no"),
    "paper_style": N_("sheet for the answer: lined or blank"),
    "place": N_("the list's own id of the place"),
}
"""What a column of somebody's table may be, in the order offered."""
OUR_WORDS = {
    "state": N_(
        "in custody, in transfer, house arrest, released, exchanged, died, wanted, abroad, "
        "prisoner of war, incommunicado"
    ),
    "gender": N_("female, male"),
    "languages": N_("Russian, English, German"),
    "release_on": "10.12.2026",
    "kind": N_(
        "remand prison, penal colony, strict regime, prison, colony settlement, hospital, "
        "juvenile colony"
    ),
    "codes_allowed": N_("yes, no"),
    "paper_style": N_("lined, blank"),
}
"""What is understood in columns where not any word will do, with commas between: some of it."""
