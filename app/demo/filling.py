"""The whole play, in order: accounts, the catalogue, half a year of letters, replies, troubles."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from app import sealing
from app.demo import casting, lists, replies, writing
from app.demo.posting import post_rounds
from app.demo.stage import Progress, Stage
from app.finding.counting import count_others
from app.lifecycle import Role
from app.moving import SYSTEM
from app.service import Service
from app.staff import accounts, passwords
from app.staff.accounts import Keys

HASHING_THREADS = 2


@dataclass(frozen=True)
class DemoAccounts:
    """Shown once: the keys of one account a role (named like the role), and some receipt codes.

    receipts: what became of the letter, and the code that opens it.
    """

    keys: dict[Role, Keys]
    receipts: list[tuple[str, str]]


def fill(service: Service, *, progress: Progress = lambda _what, _done, _of: None) -> DemoAccounts:
    """Fill an empty, migrated database. The same database comes out, but for keys and ids.

    Everything goes through the journeys that people take, with a clock set back half a year.
    """
    keys = {role: accounts.new_keys() for role in Role}
    # A little back, so that nothing of the play lies in the future.
    ending = service.now() - timedelta(hours=1)
    stage = Stage(service, _staff(service, keys), ending, progress)
    cast = casting.cast(stage)
    casting.a_mistake(stage, cast)
    play = writing.Play(stage, cast)
    post_rounds(play)
    play.last_days()
    casting.troubles(stage, cast)
    play.render_again()
    replies.answers(play)
    casting.newcomers(stage, cast)
    casting.asked_in_vain(stage, cast)
    lists.readings(stage)
    count_others(service.database)
    receipts = [(words, sealing.grouped_code(code)) for words, code in play.receipts]
    return DemoAccounts(keys, receipts)


def _staff(service: Service, keys: dict[Role, Keys]) -> dict[Role, str]:
    with ThreadPoolExecutor(HASHING_THREADS) as pool:
        hashes = dict(
            zip(
                keys,
                pool.map(lambda each: passwords.hashed(each.password), keys.values()),
                strict=True,
            )
        )
    staff = {}
    with service.database.write() as session:
        for role, each in keys.items():
            made = accounts.create(
                session,
                role,
                frozenset({role}),
                hashes[role],
                each.totp_secret,
                SYSTEM,
                service.now(),
                town="Berlin",
                languages="de,en,ru",
            )
            staff[role] = made.id
    return staff
