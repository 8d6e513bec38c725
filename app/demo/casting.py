"""The catalogue of the play: places, people, return addresses, and what happens to some."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from app.catalogue import custody, editing, objecting, places
from app.catalogue.details import (
    Confirmation,
    FacilityDetails,
    Move,
    PersonDetails,
    ReturnAddressDetails,
)
from app.catalogue.objecting import Decision, ObjectionDetails, Relation
from app.catalogue.standing import person
from app.demo.stage import Stage, script
from app.models import Prosecution

OPENING = 170  # days before the end
RECHECK = 25
LATE = frozenset({6, 27, 40, 48, 55, 62})
"""People confirmed only at the end: nobody has written to them yet."""
UNCONFIRMED = frozenset({30, 43, 57})
NAMED = frozenset({12, 36, 52})
"""Who leave prison, and wished to be named also then."""
BARRED = {59: "incommunicado"}
_CASES = (
    ("ст. 280.3", "speech"),
    ("ст. 207.3", "speech"),
    ("ст. 205.2", "speech"),
    ("ст. 282.2", "faith"),
    ("ст. 318", "assembly"),
    ("ст. 284.1", "association"),
)
_REGIONS = ("Москва", "Санкт-Петербург", "Москва", "Свердловская область", "Республика Крым")


@dataclass(frozen=True)
class Member:
    """Somebody in the catalogue: what letters need to know of them."""

    id: str
    slug: str
    given_name: str
    latin_given: str
    gender: str
    confirmed: bool


@dataclass(frozen=True)
class Cast:
    """Everybody, in the order of the script, and the places they are in."""

    people: list[Member]
    places: list[str]

    @property
    def writable(self) -> list[Member]:
        return [member for member in self.people if member.confirmed]


def cast(stage: Stage) -> Cast:
    """Enter places, return addresses and people, and confirm most of them."""
    opening = stage.ago(OPENING)
    with stage.service.database.write() as session:
        where = [_place(session, stage, entry) for entry in script("places")]
        for address in RETURN_ADDRESSES:
            places.add_return_address(session, address, stage.occasion(opening))
    entries = [entry for entry in script("people") if "asked" not in entry]
    members = []
    with stage.service.database.write() as session:
        for number, entry in enumerate(entries):
            members.append(_person(session, stage, number, entry, where, opening))
            stage.progress("people", number + 1, len(entries))
    return Cast(members, where)


def recheck(stage: Stage, cast: Cast) -> None:
    """Somebody phones around: most addresses are checked again, one in seven is not."""
    with stage.service.database.write() as session:
        for number, member in enumerate(cast.people):
            if member.confirmed and number % 7 != 3:
                moment = stage.ago(RECHECK - number % 20)
                day = stage.at(moment).today()
                row = person(session, member.id)
                dative, wish = row.dative_name or "", row.wish_date or day
                again = _confirmation(day, dative, wish, named=row.may_be_named)
                editing.confirm(session, member.id, again, stage.occasion(moment))


def newcomers(stage: Stage, cast: Cast) -> None:
    """Confirmed yesterday: they are the next to be picked."""
    for number in sorted(LATE):
        moment = stage.ago(1, number % 7)
        with stage.service.database.write() as session:
            day = stage.at(moment).today()
            row = person(session, cast.people[number].id)
            confirmation = _confirmation(day, row.dative_name or "", day - timedelta(days=9))
            editing.confirm(session, row.id, confirmation, stage.occasion(moment))


def asked_in_vain(stage: Stage, cast: Cast) -> None:
    """Entered lately, and nobody may write: nothing is known of a wish, or they want no letters."""
    entries = [entry for entry in script("people") if "asked" in entry]
    for number, entry in enumerate(entries, len(cast.people)):
        moment = stage.ago(30 - number % 20)
        with stage.service.database.write() as session:
            member = _person(session, stage, number, entry, cast.places, moment)
            day = stage.at(moment).today()
            said = (
                ("a letter to the family", day - timedelta(days=9))
                if entry["asked"] == "refused"
                else ("", None)
            )
            if entry["asked"] in {"aside", "refused"}:
                found = Confirmation(
                    custody_confirmed_on=day,
                    address_checked_on=day,
                    wish_source=said[0],
                    wish_date=said[1],
                )
                editing.confirm(session, member.id, found, stage.occasion(moment))


def troubles(stage: Stage, cast: Cast) -> None:
    """Transfers, releases, a death, moves, objections: with all that follows for letters.

    What happened days ago is known since this morning: whatever befell a letter befell it before.
    """
    for hours, (number, status, days) in enumerate(
        (
            (7, "in_transfer", 6),
            (21, "in_transfer", 9),
            (12, "released", 8),
            (33, "exchanged", 11),
            (52, "dead", 13),
            (36, "house_arrest", 15),
        ),
        start=10,
    ):
        moment, day = stage.ago(0, hours), stage.at(stage.ago(days)).today()
        with stage.service.database.write() as session:
            custody.leave(session, cast.people[number].id, status, day, stage.occasion(moment))
    for number, place in ((4, 9), (9, 15)):
        moment, day = stage.ago(0, number), stage.at(stage.ago(3)).today()
        with stage.service.database.write() as session:
            to = _move(cast.places[place], day, "her or his lawyer")
            custody.move(session, cast.people[number].id, to, stage.occasion(moment))
    with stage.service.database.write() as session:
        editing.hide(
            session,
            cast.people[44].id,
            "the family asked by telephone",
            stage.occasion(stage.ago(0, 7)),
        )
    said = "Mama asks that nobody writes until the appeal. Thank you."
    _object(stage, cast, 26, stage.ago(0, 8), Relation.FAMILY, said)


def a_mistake(stage: Stage, cast: Cast) -> None:
    """An objection that was reversed the next day, before anybody wrote."""
    days = OPENING - 5
    said = "I think this page is wrong."
    made = _object(stage, cast, 18, stage.ago(days), Relation.OTHER, said)
    with stage.service.database.write() as session:
        occasion = stage.occasion(stage.ago(days - 1))
        objecting.decide(session, made, Decision.REVERSED, occasion)


def _object(
    stage: Stage, cast: Cast, number: int, moment: datetime, relation: Relation, said: str
) -> str:
    details = ObjectionDetails(
        about=cast.people[number].slug, relation=relation, message=said, contact=""
    )
    today = stage.at(moment).today().isoformat()
    with stage.service.database.write() as session:
        meant = objecting.whom(session, details)
        [made] = objecting.object_to(session, details, meant, f"sitting {number}", today, moment)
    return made


def _place(session: Session, stage: Stage, entry: dict[str, Any]) -> str:
    kind, name_ru, name_en = entry["of"]
    street, settlement, district, region, postal_code = entry["at"]
    details = FacilityDetails(
        kind=kind,
        name_ru=name_ru,
        name_en=name_en,
        street=street,
        settlement=settlement,
        district=district,
        region=region,
        postal_code=postal_code,
        codes_allowed=entry.get("codes"),
        source="letters from inside",
    )
    return places.add_facility(session, details, stage.occasion(stage.ago(OPENING + 1))).id


def _person(
    session: Session,
    stage: Stage,
    number: int,
    entry: dict[str, Any],
    where: list[str],
    opening: datetime,
) -> Member:
    surname, given, patronymic, gender, year = entry["who"]
    origin_en, profession_en, interests_en, story_en = entry["en"]
    origin_ru, profession_ru, interests_ru, story_ru = entry["ru"]
    details = PersonDetails(
        surname=surname,
        given_name=given,
        patronymic=patronymic or None,
        has_patronymic=bool(patronymic) or "asked" in entry,
        gender=gender,
        birth_year=year or None,
        birthday=date(year, number % 12 + 1, number % 27 + 1) if year and number % 5 else None,
        origin_en=origin_en,
        origin_ru=origin_ru,
        profession_en=profession_en,
        profession_ru=profession_ru,
        interests_en=interests_en,
        interests_ru=interests_ru,
        story_en=story_en,
        story_ru=story_ru,
        bar=BARRED.get(number),
        languages_read=entry.get("reads", ""),
        source="demonstration",
    )
    moment = stage.ago(5, number % 9) if number in UNCONFIRMED else opening
    occasion = stage.occasion(moment)
    row = editing.add(session, details, occasion, stage.chance.random())
    day = stage.at(moment).today()
    place = number % len(where)
    custody.move(session, row.id, _move(where[place], day, "the family"), occasion)
    articles, category = _CASES[number % len(_CASES)]
    session.add(
        Prosecution(
            prisoner_id=row.id,
            articles=[articles],
            category=category,
            region=_REGIONS[number % len(_REGIONS)],
            started_on=day - timedelta(days=300 + 11 * number),
            stage="sentence in force" if number % 3 else "before the court",
            sentence_months=36 + number % 60 if number % 3 else None,
            ratings=["memorial"] if number % 4 == 1 else [],
            source="demonstration",
        )
    )
    if number not in UNCONFIRMED | LATE and number not in BARRED and "asked" not in entry:
        wish = day - timedelta(days=20 + number)
        confirmation = _confirmation(day, row.dative_name or "", wish, named=number in NAMED)
        editing.confirm(session, row.id, confirmation, occasion)
    latin_given = row.latin_name.split()[0]
    return Member(row.id, row.slug, given, latin_given, gender, row.eligible)


def _move(facility_id: str, day: date, source: str) -> Move:
    return Move(facility_id=facility_id, from_day=day, checked_on=day, source=source)


def _confirmation(day: date, dative: str, wish: date, *, named: bool = False) -> Confirmation:
    return Confirmation(
        custody_confirmed_on=day,
        address_checked_on=day,
        wants_letters=True,
        may_be_named=named,
        wish_source="a letter to the family",
        wish_date=wish,
        dative_name=dative,
    )


RETURN_ADDRESSES = (
    ReturnAddressDetails(
        country="DE",
        holder="M. Winterfeld",
        lines="Postfach 98 76 54\n10999 Berlin\nDeutschland",
        consent_on=date(2025, 1, 15),
    ),
    ReturnAddressDetails(
        country="GE",
        holder="N. Talaveri",
        lines="P.O. Box 9876\n0199 Tbilisi\nGeorgia",
        consent_on=date(2025, 3, 2),
    ),
)
"""Fictional people who agreed to receive replies."""
