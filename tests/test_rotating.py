"""New keys for everything, while people work, and after an interruption."""

import pytest
import sqlalchemy as sa

from app import rotating, sealing
from app.errors import LifelineError
from app.lifecycle import State
from app.models import Staff
from app.sealing import Broken, Keyring
from app.service import Service
from tests.stored import every_row
from tests.world import make_letter, make_prisoner, make_return_address, make_staff


def fill(service: Service) -> str:
    """Something in every kind of sealed place; returns the id of a file."""
    with service.database.write() as session:
        file_id = service.vault.put(b"%PDF a page")
        staff = make_staff(session, town="Berlin")
        staff.contact = "signal maria"
        make_return_address(session)
        make_letter(
            session,
            make_prisoner(session),
            State.POSTED,
            staff=staff,
            email="greta@example.org",
            file_id=file_id,
        )
    return file_id


def rotate(service: Service) -> Keyring:
    """What `lifeline keys rotate` does; returns the ring as it is then."""
    path = service.settings.key_path
    ring = rotating.begin(sealing.read_keyring(path))
    sealing.write_keyring(path, ring)
    while sum(anew for _, anew in rotating.reseal(service, ring)):
        pass
    sealing.write_keyring(path, ring.without_old_keys())
    return sealing.read_keyring(path)


def opened(service: Service) -> dict[str, object]:
    """Everything that is sealed in the database, in clear, by its place."""
    found: dict[str, object] = {}
    with service.database.read() as session:
        for column in rotating.sealed_columns():
            rows = session.execute(sa.select(column.table.c.id, column.table.c[column.name]))
            for row_id, value in rows:
                where = sealing.place(column.table.name, column.name, row_id)
                found[where] = value and sealing.keyring().open(value, where)
    return found


@pytest.mark.trust(22)
def test_everything_is_readable_without_the_old_key(service: Service) -> None:
    file_id = fill(service)
    old = sealing.read_keyring(service.settings.key_path)
    before, stored = opened(service), every_row(service.database)
    ring = rotate(service)
    assert list(ring.data) == [ring.active]
    assert ring.active not in old.data
    sealing.use(ring)
    assert opened(service) == before
    assert len([value for value in before.values() if value]) > 8
    assert service.vault.get(file_id) == b"%PDF a page"
    after = every_row(service.database)
    assert all(len(after[name]) == len(rows) for name, rows in stored.items())


@pytest.mark.trust(22)
def test_the_old_key_opens_nothing_afterwards(service: Service) -> None:
    file_id = fill(service)
    old = sealing.read_keyring(service.settings.key_path)
    rotate(service)
    sealing.use(old)
    with pytest.raises(Broken):
        opened(service)
    with pytest.raises(Broken):
        service.vault.get(file_id)


@pytest.mark.trust(22)
def test_a_running_process_goes_on_with_the_new_key(service: Service) -> None:
    """`service` was opened before; it reads the changed file by itself."""
    fill(service)
    ring = rotate(service)
    with service.database.write() as session:
        staff = session.execute(sa.select(Staff)).scalars().first()
        assert staff is not None
        assert staff.contact == "signal maria"
        staff.contact = "signal lena"
        assert ring.is_current(staff.contact_sealed or b"")


@pytest.mark.trust(22)
def test_an_interrupted_rotation_goes_on_with_the_same_key(service: Service) -> None:
    fill(service)
    path = service.settings.key_path
    ring = rotating.begin(sealing.read_keyring(path))
    sealing.write_keyring(path, ring)
    next(rotating.reseal(service, ring))  # and here somebody pulled the plug
    assert rotate(service).active == ring.active
    assert all(value is not None for value in opened(service).values() if value)


def test_keyed_hashes_stay(service: Service) -> None:
    before = sealing.keyring()
    rotate(service)
    after = sealing.keyring()
    assert after.hashed("session", "x") == before.hashed("session", "x")
    assert after.receipt_code("key") == before.receipt_code("key")


def test_a_damaged_key_file_does_not_disturb_a_running_process(service: Service) -> None:
    fill(service)
    service.settings.key_path.write_text("{}")
    assert opened(service)
    service.settings.key_path.unlink()
    assert opened(service)


def test_progress_ends_at_what_was_announced(service: Service) -> None:
    fill(service)
    ring = rotating.begin(sealing.keyring())
    announced = rotating.work_to_do(service)
    sealing.write_keyring(service.settings.key_path, ring)
    assert sum(looked_at for looked_at, _ in rotating.reseal(service, ring)) == announced


@pytest.mark.trust(21)
def test_a_ring_without_the_right_key_opens_nothing(service: Service) -> None:
    fill(service)
    sealing.use(sealing.new_keyring())
    with pytest.raises(LifelineError):
        opened(service)
