"""The command line, as somebody at a terminal meets it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
import structlog
from typer.testing import CliRunner, Result

from app import migrations, sealing
from app.cli import app
from app.database import Database
from app.lifecycle import Role
from app.service import open_service
from app.settings import Settings
from app.staff import accounts, partners, passwords
from tests.serving import Lifeline
from tests.standins.smtp import SmtpServer
from tests.standins.translators import GoogleStandIn
from tests.stored import every_row

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Iterator[Run]:
    """`run("staff", "list")`: the command on the installation of this test, to its end."""

    def run(*command: str, **changed: str) -> Result:
        given = {
            "data_dir": str(settings.data_dir),
            "key_file": str(settings.key_path),
            "database_url": settings.database_url,
        }
        variables = {f"LIFELINE_{name.upper()}": value for name, value in (given | changed).items()}
        return CliRunner().invoke(app, list(command), env=variables)

    yield run
    structlog.reset_defaults()  # `serve` and `worker` set up the log of their process


def shown(printed: str) -> dict[str, str]:
    """The keys that a command has shown, by their names."""
    return dict(line.split(maxsplit=1) for line in printed.splitlines())


@pytest.mark.trust(7)
def test_the_first_account_comes_from_here(run: Run, settings: Settings) -> None:
    answer = run("staff", "add", "Maria", "--role", "admin", "--role", "printer")
    assert answer.exit_code == 0
    keys = shown(answer.stdout)
    service = open_service(settings)
    with service.database.read() as session:
        maria = accounts.find(session, "Maria")
        assert maria is not None
        assert accounts.roles_of(session, maria.id) == {Role.ADMIN, Role.PRINTER}
    service.close()
    assert passwords.matches(keys["password"], maria.password_hash)
    assert keys["secret"] == maria.totp_secret
    assert keys["link"].endswith(keys["secret"])
    code = run("staff", "code", keys["secret"]).stdout.strip()
    assert pyotp.TOTP(keys["secret"]).verify(code, valid_window=1)
    assert run("staff", "list").stdout == "Maria\tactive\tadmin printer\n"


def test_accounts_are_reset_and_disabled(run: Run) -> None:
    first = shown(run("staff", "add", "Maria", "--role", "printer").stdout)
    second = shown(run("staff", "reset", "maria").stdout)
    assert second["name"] == "Maria"
    assert first["password"] != second["password"]
    assert first["secret"] != second["secret"]
    assert run("staff", "disable", "Maria").exit_code == 0
    assert run("staff", "list").stdout == "Maria\tdisabled\tprinter\n"
    assert run("staff", "enable", "Maria").exit_code == 0
    assert run("staff", "list").stdout == "Maria\tactive\tprinter\n"


def test_a_partners_token_stands_alone_on_the_last_line(run: Run, settings: Settings) -> None:
    answer = run("partner", "add", "Free Letters")
    token = answer.stdout.splitlines()[-1]
    service = open_service(settings)
    with service.database.read() as session:
        found = partners.find(session, token)
        assert found is not None
        assert found.name == "Free Letters"
    service.close()
    assert run("partner", "disable", "Free Letters").exit_code == 0
    assert run("partner", "list").stdout == "Free Letters\tdisabled\n"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["staff", "disable", "Nobody"], "There is no account Nobody."),
        (["staff", "add", "M", "--role", "printer"], "A name here has 2 to 40 signs."),
        (["staff", "code", "?"], "This is not a secret"),
        (["partner", "disable", "Nobody"], "There is no partner of this name."),
        (["keys", "new"], "There is a key file already"),
        (["demo"], "LIFELINE_DEMONSTRATION=1"),
    ],
)
def test_what_went_wrong_is_one_plain_sentence(run: Run, command: list[str], said: str) -> None:
    answer = run(*command)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_wrong_settings_are_named_and_their_values_are_not(run: Run) -> None:
    answer = run("serve", port="seven-4711", public_url="http://letters.example")
    assert answer.exit_code == 1
    assert "LIFELINE_PORT" in answer.stderr
    assert "seven-4711" not in answer.stderr
    assert "Traceback" not in answer.stderr
    unsafe = run("serve", public_url="http://letters.example")
    assert "LIFELINE_PUBLIC_URL must begin with https://" in unsafe.stderr


@pytest.mark.trust(21)
@pytest.mark.parametrize("command", [["serve"], ["worker"], ["staff", "list"], ["keys", "rotate"]])
@pytest.mark.parametrize("fault", ["missing", "other", "readable", "damaged"])
def test_with_a_wrong_key_nothing_starts_and_nothing_is_written(
    run: Run, settings: Settings, command: list[str], fault: str
) -> None:
    open_service(settings).close()  # the database knows its keys from now on
    key = settings.key_path
    if fault == "missing":
        key.unlink()
    elif fault == "other":
        sealing.write_keyring(key, sealing.new_keyring())
    elif fault == "readable":
        key.chmod(0o644)
    else:
        key.write_text(json.dumps(json.loads(key.read_text()) | {"active": "00000000"}))
    before = content(settings)
    answer = run(*command)
    assert answer.exit_code == 1
    assert "key file" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert content(settings) == before


def content(settings: Settings) -> object:
    """Every row, and every file but the database's own."""
    database = Database(settings.database_url)
    try:
        files = {
            path: path.read_bytes()
            for path in settings.data_dir.rglob("*")
            if path.is_file() and not path.name.startswith("lifeline.db")
        }
        return every_row(database), files
    finally:
        database.dispose()


def test_a_database_behind_its_migrations_is_not_served(run: Run, settings: Settings) -> None:
    migrations.downgrade(settings.database_url, "0001")
    answer = run("serve")
    assert answer.exit_code == 1
    assert "bin/lifeline migrate" in answer.stderr
    assert run("migrate").stdout == "The database is up to date.\n"
    assert run("staff", "list").exit_code == 0


@pytest.mark.trust(22)
def test_keys_are_rotated(run: Run, settings: Settings) -> None:
    keys = shown(run("staff", "add", "Maria", "--role", "printer").stdout)
    old = sealing.read_keyring(settings.key_path)
    answer = run("keys", "rotate", "--grace-seconds", "0")
    assert answer.exit_code == 0, answer.stderr
    new = sealing.read_keyring(settings.key_path)
    assert set(new.data).isdisjoint(old.data)
    assert settings.key_path.stat().st_mode & 0o777 == 0o600
    service = open_service(settings)
    with service.database.read() as session:
        maria = accounts.find(session, "Maria")
        assert maria is not None
        assert maria.totp_secret == keys["secret"]
    service.close()


def test_as_a_process_it_ends_with_one_and_one_sentence(
    lifeline: Callable[..., Lifeline], process_settings: dict[str, str]
) -> None:
    command = lifeline("staff disable Nobody", process_settings)
    command.start()
    assert command.process is not None
    assert command.process.wait(100) == 1
    assert command.printed() == "There is no account Nobody.\n"


def test_counts_agree_or_are_mended(run: Run) -> None:
    answer = run("reconcile")
    assert answer.exit_code == 0
    assert "people whose count had drifted:  0" in answer.stdout


def test_check_says_of_each_part_whether_it_is_fit(run: Run) -> None:
    with SmtpServer() as server:
        answer = run("check", smtp_url=server.url)
    assert answer.exit_code == 0, answer.stdout
    parts = ["keys", "database", "disk", "clock", "paper", "reading", "mail", "translators"]
    assert [line.split()[:2] for line in answer.stdout.splitlines()] == [
        ["ok", part] for part in parts
    ]


def test_check_asks_the_mail_server_and_the_engines(run: Run) -> None:
    with SmtpServer(username="post", password="secret-4711") as server, GoogleStandIn() as google:
        answer = run("check", smtp_url=server.url, translators=f"google+{google.url}")
        refused = run("check", smtp_url=server.url.replace("4711", "0815"))
    assert answer.exit_code == 0, answer.stdout
    assert "the server takes us" in answer.stdout
    assert server.messages == []
    assert refused.exit_code == 1
    assert "0815" not in refused.stdout + refused.stderr


def test_check_complains_where_no_mail_can_go_out(run: Run) -> None:
    answer = run("check")
    assert answer.exit_code == 1
    assert "notices wait" in answer.stdout
    assert "Set LIFELINE_SMTP_URL" in answer.stdout


def test_check_says_what_to_do_about_trouble(run: Run, settings: Settings, tmp_path: Path) -> None:
    settings.key_path.chmod(0o640)
    answer = run(
        "check",
        smtp_url="smtp://127.0.0.1:1",
        translators="libretranslate+http://127.0.0.1:1",
    )
    assert answer.exit_code == 1
    troubled = {
        line.split()[1] for line in answer.stdout.splitlines() if line.startswith("TROUBLE")
    }
    assert troubled == {"keys", "database", "mail", "translators"}
    for remedy in ("chmod 600", "LIFELINE_SMTP_URL", "people can translate by hand"):
        assert remedy in answer.stdout
    assert "Traceback" not in answer.stdout + answer.stderr
