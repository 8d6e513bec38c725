"""Words for people and places of detention, as the catalogue's desk reads them."""

from collections.abc import Iterable
from datetime import date

from app.catalogue.doubts import Looks
from app.catalogue.rules import Why
from app.locale import N_
from app.queries.doubtful import ASKED
from app.queries.people import Letters, Replies, Show

STATUSES = {
    "in_custody": N_("in custody"),
    "in_transfer": N_("in transfer"),
    "house_arrest": N_("under house arrest"),
    "released": N_("released"),
    "exchanged": N_("exchanged"),
    "dead": N_("has died"),
    "unknown": N_("not confirmed"),
}
DEPARTURES = {
    "in_transfer": (N_("In transfer"), N_("Letters wait until the new place is known.")),
    "released": (N_("Released"), N_("Nobody writes any more; unposted letters wait for you.")),
    "exchanged": (N_("Exchanged"), N_("Nobody writes any more; unposted letters wait for you.")),
    "dead": (N_("Died"), N_("Nobody writes any more; their writers are told with care.")),
    "house_arrest": (
        N_("House arrest"),
        N_("A home address is never stored, so nobody can write."),
    ),
    "unknown": (N_("Nobody knows where"), N_("Letters wait; the person is not shown any more.")),
}
BARS = {
    "": N_("nothing"),
    "under_18": N_("under 18"),
    "prisoner_of_war": N_("prisoner of war"),
    "incommunicado": N_("held incommunicado"),
    "abroad": N_("abroad"),
    "wanted": N_("wanted"),
    "house_arrest": N_("house arrest"),
}
REASONS = {
    Why.HIDDEN: N_("hidden"),
    Why.UNDER_18: N_("is or may be under 18"),
    Why.PRISONER_OF_WAR: N_("a prisoner of war"),
    Why.INCOMMUNICADO: N_("held incommunicado"),
    Why.ABROAD: N_("abroad"),
    Why.WANTED: N_("wanted"),
    Why.HOUSE_ARREST: N_("under house arrest"),
    Why.RELEASED: N_("released"),
    Why.EXCHANGED: N_("exchanged"),
    Why.DEAD: N_("has died"),
    Why.UNKNOWN_STATUS: N_("whereabouts not confirmed"),
    Why.NO_WISH: N_("no wish for letters is known"),
    Why.NO_WISH_SOURCE: N_("the source of the wish for letters is missing"),
    Why.NO_WISH_DATE: N_("the date of the wish for letters is missing"),
    Why.CUSTODY_UNCONFIRMED: N_("nobody confirmed that the person is in custody"),
    Why.NO_BIRTH_YEAR: N_("the birth year is missing: prisons do not deliver without it"),
    Why.NO_PATRONYMIC: N_("the patronymic is missing: prisons do not deliver without it"),
    Why.DATIVE_UNCONFIRMED: N_("the name for the envelope is not confirmed"),
    Why.LATIN_LETTERS: N_("there are Latin letters in the name, or in what the envelope says"),
    Why.NO_PLACE: N_("no place is known"),
    Why.ADDRESS_UNCHECKED: N_("nobody checked the address"),
    Why.ADDRESS_INCOMPLETE: N_("the address of the place is not complete"),
    Why.IN_TRANSFER: N_("in transfer: may be chosen, and the letter waits"),
    Why.ADDRESS_STALE: N_("the address is too old: may be chosen, and the letter waits"),
}
SHOWS = {
    Show.ALL: N_("All"),
    Show.PUBLIC: N_("Public"),
    Show.TO_CONFIRM: N_("To confirm"),
    Show.SET_ASIDE: N_("Asked, nothing known yet"),
    Show.REFUSED: N_("Asked, want no letters"),
    Show.AGEING: N_("Address to check again"),
    Show.NO_ADDRESS: N_("Without an address"),
    Show.IN_TRANSFER: N_("In transfer"),
    Show.HIDDEN: N_("Hidden"),
    Show.GONE: N_("Free or gone"),
}
LETTERS = {
    Letters.NONE: N_("none yet, and can be written to"),
    Letters.UNDER: N_("fewer than %(target)s, and can be written to"),
    Letters.REACHED: N_("%(target)s or more, and can be written to"),
    Letters.PICKED: N_("any number, and may be picked"),
    Letters.NONE_PICKED: N_("none, and may be picked"),
    Letters.UNDER_PICKED: N_("fewer than %(target)s, and may be picked"),
    Letters.REACHED_PICKED: N_("%(target)s or more, and may be picked"),
    Letters.LONGEST: N_("longest without"),
    Letters.WRITING: N_("one is being written now"),
}
REPLIES = {
    Replies.ANSWERED: N_("has answered"),
    Replies.SILENT: N_("never answered what was posted"),
    Replies.NOTHING_POSTED: N_("nothing posted, nothing came"),
}
DOUBTS = {
    ASKED: (
        N_("Asked by imports"),
        N_("Questions about people that the newest reports leave open. Answer them in the report."),
    ),
    Looks.MISSING: (
        N_("Missing in a list"),
        N_(
            "A list named these people and does not name them any more: free, moved abroad, dead, "
            "or a mistake of the list. Ask family or lawyers, and answer for each."
        ),
    ),
    Looks.NO_BIRTH_YEAR: (
        N_("No birth year"),
        N_("Prisons do not deliver without it. Ask family or lawyers, and enter it."),
    ),
    Looks.NO_PATRONYMIC: (
        N_("No patronymic"),
        N_("Enter it, or say on the person's page that there is none in their papers."),
    ),
    Looks.LATIN_LETTERS: (
        N_("Latin letters in the name"),
        N_("They look like Russian ones: search and envelopes go wrong. Type the name anew."),
    ),
    Looks.TWICE: (
        N_("Entered twice?"),
        N_(
            "Their names sound alike or are forms of one name, surname and given name have changed "
            "places, or a birth year is one off. Nothing else tells them apart. Look at "
            "both records: merge them, or say that they are two people."
        ),
    ),
    Looks.CASES_TWICE: (
        N_("One case or two?"),
        N_("Two cases of these people read like one. Join them, or say that they are two."),
    ),
    Looks.STORY: (
        N_("Story missing"),
        N_(
            "These people are public, and their story is not told in both English and Russian. "
            "Write or translate it."
        ),
    ),
    Looks.TAGS: (
        N_("Tags do not match"),
        N_(
            "Interests or professions are not as many in English as in Russian, or stand there in "
            "one language alone. Until they are, each is found in its own language alone."
        ),
    ),
}
"""What a doubt is called, and what to do about it."""
RELATIONS = {
    "self": N_("I am this person"),
    "family": N_("family"),
    "lawyer": N_("lawyer"),
    "other": N_("somebody else"),
}
FIELDS = {
    "surname": N_("surname"),
    "given_name": N_("given name"),
    "patronymic": N_("patronymic"),
    "has_patronymic": N_("has a patronymic"),
    "latin_name": N_("name in Latin letters"),
    "search_name": N_("words for searching"),
    "gender": N_("gender"),
    "birth_year": N_("birth year"),
    "birthday": N_("birthday"),
    "dative_name": N_("name for the envelope"),
    "dative_confirmed": N_("name for the envelope confirmed"),
    "origin_en": N_("where from, in English"),
    "origin_ru": N_("where from, in Russian"),
    "story_en": N_("story in English"),
    "story_ru": N_("story in Russian"),
    "interests_en": N_("interests in English"),
    "interests_ru": N_("interests in Russian"),
    "profession_en": N_("profession in English"),
    "profession_ru": N_("profession in Russian"),
    "status": N_("status"),
    "bar": N_("what forbids letters"),
    "hidden": N_("hidden"),
    "wants_letters": N_("wants letters"),
    "may_be_named": N_("may be named also without letters"),
    "status_since": N_("status since"),
    "identity_hidden": N_("not named in public"),
    "release_on": N_("day of release"),
    "languages_read": N_("languages the person reads"),
    "wish_source": N_("source of the wish"),
    "wish_date": N_("date of the wish"),
    "custody_confirmed_on": N_("custody confirmed on"),
    "confirmed_by": N_("confirmed by"),
    "checked_on": N_("address checked on"),
    "facility": N_("place"),
    "from_day": N_("there since"),
    "to_day": N_("there until"),
    "source": N_("source"),
    "name_ru": N_("name in Russian"),
    "name_en": N_("name in English"),
    "kind": N_("kind"),
    "street": N_("street"),
    "settlement": N_("settlement"),
    "district": N_("district"),
    "region": N_("region"),
    "postal_code": N_("postal code"),
    "country": N_("country"),
    "codes_allowed": N_("codes allowed on the reply sheet"),
    "paper_style": N_("the sheet for the answer"),
    "notes": N_("notes"),
    "slug": N_("address of the page"),
    "letters": N_("letters"),
}
YES_NO = {"yes": N_("yes"), "no": N_("no")}
_DAY = len("2026-11-22")
_NO_WISH = frozenset({Why.NO_WISH_SOURCE, Why.NO_WISH_DATE})
DONE = {
    "added": N_("Entered. Nobody sees it yet: confirm it next."),
    "edited": N_("Changed."),
    "unconfirmed": N_("Taken back: everything is as it was before."),
    "changed_since": N_("Nothing was taken back: somebody has changed this person since."),
    "moved": N_("The new place is noted. Letters follow."),
    "case_added": N_("The case is entered."),
    "case_changed": N_("The case is changed."),
    "case_removed": N_("The case is taken away. The history keeps what it said."),
    "cases_joined": N_("The two are one case now."),
    "two_cases": N_("They stay two cases, and are not asked about again."),
    "two_people": N_("They stay two people, and are not asked about again."),
    "stay_changed": N_("The stay is corrected."),
    "stay_removed": N_("The stay is taken away. The history keeps what it said."),
    "left": N_("Noted. Letters wait."),
    "still_there": N_("Noted: in prison still. You are asked again when the list changes."),
    "merged": N_("Merged. Everything of the other record is here now."),
    "hidden": N_("Hidden at once. Letters that are not posted yet wait."),
    "shown": N_("No longer hidden. The rule decides again."),
    "ended": N_("The return address ends on that day."),
    "decided": N_("Decided."),
}


def against(reasons: Iterable[str]) -> list[str]:
    """What stands against somebody, for telling: of a wish nobody knows it goes without saying
    that its source and day are not known either."""
    known = list(reasons)
    without = _NO_WISH if Why.NO_WISH in known else frozenset()
    return [REASONS[Why(reason)] for reason in known if reason not in without]


def as_day(value: str) -> date | None:
    """The day that stands in a history as «2026-11-22»; None for anything else."""
    try:
        return date.fromisoformat(value) if len(value) == _DAY else None
    except ValueError:
        return None
