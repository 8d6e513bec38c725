"""Accounts of staff for tests, and browsers that are signed in with them."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import pyotp
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app import main
from app.lifecycle import Role
from app.moving import SYSTEM
from app.pages.shell.access import cookie_name
from app.service import Service
from app.staff import accounts, passwords, sessions
from tests.visiting import Visitor

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "a quiet desk by the window"
_names = itertools.count(1)


@dataclass(frozen=True)
class Account:
    """Somebody's keys, as they know them."""

    id: str
    name: str
    password: str = PASSWORD
    secret: str = SECRET

    def code(self, now: datetime) -> str:
        """What their authenticator shows at `now`."""
        return pyotp.TOTP(self.secret).at(now)


@cache
def _kept_password(_effort: object) -> str:
    return passwords.hashed(PASSWORD)


def make_account(service: Service, *roles: Role, name: str = "") -> Account:
    """An account with a real password and second factor."""
    pseudonym = name or f"somebody-{next(_names)}"
    with service.database.write() as session:
        made = accounts.create(
            session,
            pseudonym,
            frozenset(roles),
            _kept_password(passwords._hasher),
            SECRET,
            SYSTEM,
            service.now(),
        )
        return Account(made.id, pseudonym)


def enter(client: TestClient, account: Account, now: datetime, **changed: str) -> Response:
    """Fill in the sign-in form; `changed` fields differ from what is right."""
    right = {"name": account.name, "password": account.password, "code": account.code(now)}
    return client.post("/sign-in", data=right | changed)


def sign_in(client: TestClient, service: Service, staff_id: str) -> str:
    """Give the browser a session of `staff_id` without the form; returns the cookie's value."""
    with service.database.write() as session:
        token = sessions.begin(session, staff_id, service.now())
    name = cookie_name(service.settings.secure_cookies)
    client.cookies.set(name, token, domain=client.base_url.host)
    return token


@contextmanager
def browser_of(app: FastAPI, service: Service, *roles: Role) -> Iterator[TestClient]:
    """Another browser, signed in as a new volunteer with these roles; without any, a stranger's."""
    own = service.settings.public_url
    with Visitor(
        app,
        base_url=own,
        headers={"Origin": own, "Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    ) as client:
        if roles:
            with service.database.write() as session:
                staff = accounts.create(
                    session,
                    f"somebody-{next(_names)}",
                    frozenset(roles),
                    "!",
                    SECRET,
                    SYSTEM,
                    service.now(),
                )
            sign_in(client, service, staff.id)
        yield client


@contextmanager
def desk_of(service: Service, *roles: Role) -> Iterator[TestClient]:
    """The browser of a new volunteer with these roles, which goes where it is sent."""
    with browser_of(main.assemble(service), service, *roles) as browser:
        browser.follow_redirects = True
        yield browser
