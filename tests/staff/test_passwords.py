"""Which passwords are taken, and how they are kept."""

import pytest

from app.staff import passwords

pytestmark = pytest.mark.usefixtures("real_passwords")


@pytest.mark.trust(8)
def test_passwords_are_kept_by_argon2id_with_64_mebibytes() -> None:
    kept = passwords.hashed("a quiet desk by the window")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches("a quiet desk by the window", kept)
    assert not passwords.matches("a quiet desk by the door", kept)


@pytest.mark.trust(11)
def test_nobodys_password_is_checked_with_the_same_effort() -> None:
    kept, nobodys = passwords.hashed("a quiet desk by the window"), passwords.NOBODYS_HASH
    assert nobodys.split("$")[:4] == kept.split("$")[:4]
    assert len(nobodys) == len(kept)
    assert not passwords.matches("a quiet desk by the window", nobodys)


@pytest.mark.trust(8)
@pytest.mark.parametrize(
    "common",
    [
        "password1234",
        "Password123456!",
        "P@ssw0rd12345",
        "passwordpassword",
        "123456789012",
        "qwertyuiop123",
        "qwertyuiopasdfghjkl",
        "111111111111",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "abcabcabcabc",
        "iloveyou2024!",
        "welcome123456",
        "letmein-letmein",
        "пароль123456",
        "йцукенгшщзхъ",
        "ПарольПароль1",
        "correcthorsebatterystaple",
        "adminadmin2026",
    ],
)
def test_what_everybody_tries_first_is_refused(common: str) -> None:
    assert "first that are tried" in passwords.problem_with(common, "maria")


@pytest.mark.trust(8)
@pytest.mark.parametrize(
    "good",
    [
        "a quiet desk by the window",
        "тихий стол у самого окна",
        "x" * 3 + "Tq8-umbra-fenster-Lampe" + "y" * 38,
        "gq4Vz81LmPw0",
        "vier Katzen und ein Kanu",
    ],
)
def test_long_passwords_of_ones_own_are_taken(good: str) -> None:
    assert passwords.problem_with(good, "maria") == ""


def test_passwords_we_make_are_taken() -> None:
    assert passwords.problem_with(passwords.generated(), "maria") == ""


@pytest.mark.trust(8)
def test_64_characters_are_taken_and_each_of_them_counts() -> None:
    long = "vier Katzen und ein Kanu, drei Enten und ein alter Apfelbaum !!!"
    assert len(long) == 64
    assert passwords.problem_with(long, "maria") == ""
    assert not passwords.matches(long[:-1] + "?", passwords.hashed(long))


@pytest.mark.parametrize(("short", "said"), [("elf Zeichen", "12"), ("x" * 257, "256")])
def test_length_has_two_ends(short: str, said: str) -> None:
    assert said in passwords.problem_with(short, "maria")


def test_the_name_is_no_password() -> None:
    assert "your name" in passwords.problem_with("Birkenblatt2026", "birkenblatt")


def test_composed_and_decomposed_letters_are_one_password() -> None:
    assert passwords.matches("zwölf Bücher im Flur", passwords.hashed("zwölf Bücher im Flur"))


def test_generated_passwords_differ_and_can_be_read_out() -> None:
    assert len({passwords.generated() for _ in range(100)}) == 100
    assert not set(passwords.generated()) & set("0O1IL")
