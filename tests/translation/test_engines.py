"""Each engine speaks its service's language, and survives the service."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from tests.standins.answering import Behaviour, TranslatorStandIn
from tests.standins.translators import (
    DeepLStandIn,
    GoogleStandIn,
    LibreTranslateStandIn,
    MyMemoryStandIn,
)
from translation.checks import check_answer
from translation.engines import Engine
from translation.engines.borrowed import deepl, google, mymemory
from translation.engines.configured import engine_from
from translation.engines.libretranslate import LibreTranslate
from translation.errors import EngineError, Reason
from translation.languages import LANGUAGES

ASKED = "Sie kennen mich nicht. Ich schreibe Ihnen aus Hamburg. Wie geht es Ihnen?"
ANSWER = "Вы меня не знаете. Пишу вам из Гамбурга. Как ваши дела?"

FORMATS: dict[type[TranslatorStandIn], Callable[[str], Engine]] = {
    GoogleStandIn: google,
    MyMemoryStandIn: mymemory,
    DeepLStandIn: lambda url: deepl(DeepLStandIn.key, url),
    LibreTranslateStandIn: LibreTranslate,
}
BAD_WAYS: tuple[Behaviour, ...] = ("captcha", "cut", "403", "none", "redirect")
every_format = pytest.mark.parametrize("kind", FORMATS)


def failure(engine: Engine, seconds: float = 5.0) -> EngineError:
    with pytest.raises(EngineError) as caught:
        check_answer(ASKED, engine.translate(ASKED, "de", "ru", seconds), "de", "ru")
    return caught.value


@every_format
def test_a_sentence_is_translated(kind: type[TranslatorStandIn]) -> None:
    with kind() as service:
        assert FORMATS[kind](service.url).translate(ASKED, "de", "ru", 5) == ANSWER
        assert service.texts == [ASKED]


@pytest.mark.trust(42)
@every_format
@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("429", Reason.BUSY),
        ("500", Reason.UNREACHABLE),
        ("403", Reason.REFUSED),
        ("cut", Reason.UNREACHABLE),
        ("empty", Reason.EMPTY),
        ("none", Reason.EMPTY),
        ("same", Reason.UNCHANGED),
        ("truncated", Reason.TRUNCATED),
        ("endless", Reason.OVERLONG),
        ("english", Reason.WRONG_SCRIPT),
    ],
)
def test_no_bad_answer_passes(
    kind: type[TranslatorStandIn], behaviour: Behaviour, reason: Reason
) -> None:
    with kind() as service:
        service.behave(behaviour)
        assert failure(FORMATS[kind](service.url)).reason == reason


@pytest.mark.trust(42)
@every_format
@pytest.mark.parametrize("behaviour", ["captcha", "html"])
def test_no_page_passes_as_a_translation(
    kind: type[TranslatorStandIn], behaviour: Behaviour
) -> None:
    with kind() as service:
        service.behave(behaviour)
        assert failure(FORMATS[kind](service.url)).reason in {Reason.HTML, Reason.EMPTY}


@pytest.mark.trust(41)
@every_format
@pytest.mark.parametrize("behaviour", ["hang", "drip", "drip headers"])
def test_the_deadline_is_for_everything_together(
    kind: type[TranslatorStandIn], behaviour: Behaviour
) -> None:
    with kind() as service:
        service.behave(behaviour)
        started = monotonic()
        assert failure(FORMATS[kind](service.url), seconds=0.3).reason == Reason.TOO_SLOW
        assert monotonic() - started < 3


@pytest.mark.trust(40)
@every_format
def test_a_redirect_leads_nowhere(kind: type[TranslatorStandIn]) -> None:
    with kind() as service, kind() as elsewhere:
        service.redirect_to = elsewhere.url
        service.behave("redirect")
        assert failure(FORMATS[kind](service.url)).reason == Reason.REDIRECTED
        assert elsewhere.requests == []


@pytest.mark.trust(40)
@every_format
def test_proxies_of_the_environment_are_not_used(
    kind: type[TranslatorStandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    with kind() as service, kind() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert FORMATS[kind](service.url).translate(ASKED, "de", "ru", 5) == ANSWER
        assert proxy.requests == []


@every_format
def test_a_service_that_is_gone_is_unreachable(kind: type[TranslatorStandIn]) -> None:
    with kind() as service:
        url = service.url
    assert failure(FORMATS[kind](url)).reason == Reason.UNREACHABLE


@every_format
def test_neither_errors_nor_logs_quote_the_letter(
    kind: type[TranslatorStandIn], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with kind() as service:
        for behaviour in BAD_WAYS:
            service.behave(behaviour)
            error = failure(FORMATS[kind](service.url))
            assert "Hamburg" not in repr(error)
            assert error.__context__ is None
    assert "Hamburg" not in caplog.text
    assert DeepLStandIn.key not in caplog.text


def test_threads_get_the_answers_to_their_own_texts(google: GoogleStandIn) -> None:
    engine = engine_from(f"google+{google.url}", {})
    texts = [f"Satz Nummer {number}." for number in range(120)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: engine.translate(text, "de", "ru", 20), texts))
    assert answers == [f"Сатз Нуммер {number}." for number in range(120)]


def test_google_gets_no_address_over_its_limit_whatever_the_alphabet(google: GoogleStandIn) -> None:
    engine = engine_from(f"google+{google.url}", {})
    for letter, source in (("я", "uk"), ("学", "zh"), ("😀", "en")):
        engine.translate((letter * engine.limit)[: engine.limit], source, "ru", 5)
    assert max(len(request.path) for request in google.requests) < google.longest_address


def test_mymemory_takes_its_longest_text_and_gives_plain_characters(
    mymemory: MyMemoryStandIn,
) -> None:
    engine = engine_from(f"mymemory+{mymemory.url}", {})
    assert engine.translate("a" * engine.limit, "uk", "ru", 5)
    assert "langpair=uk-UA%7Cru-RU" in mymemory.requests[0].path
    assert engine.translate('"Ja" & "Nein"', "de", "ru", 5) == '"Я" & "Неин"'


def test_deepl_gets_letter_and_key_outside_of_the_address(deepl: DeepLStandIn) -> None:
    engine_from(f"deepl+{deepl.url}", {"deepl": deepl.key}).translate(ASKED, "de", "ru", 5)
    [request] = deepl.requests
    assert request.method == "POST"
    assert request.path == "/v2/translate"
    assert request.headers["Authorization"] == f"DeepL-Auth-Key {deepl.key}"


def test_a_wrong_key_is_refused(deepl: DeepLStandIn, libretranslate: LibreTranslateStandIn) -> None:
    libretranslate.key = "right"
    for entry in (f"deepl+{deepl.url}", f"libretranslate+{libretranslate.url}"):
        engine = engine_from(entry, {"deepl": "wrong", "libretranslate": "wrong"})
        assert failure(engine).reason == Reason.REFUSED
    right = engine_from(f"libretranslate+{libretranslate.url}/", {"libretranslate": "right"})
    assert right.translate(ASKED, "de", "ru", 5) == ANSWER


def test_libretranslate_keeps_the_letter_out_of_the_address(
    libretranslate: LibreTranslateStandIn,
) -> None:
    engine_from(f"libretranslate+{libretranslate.url}", {}).translate(ASKED, "be", "ru", 5)
    [request] = libretranslate.requests
    assert (request.method, request.path) == ("POST", "/translate")


def test_a_busy_service_says_how_long_to_wait(google: GoogleStandIn) -> None:
    google.behave("429")
    engine = engine_from(f"google+{google.url}", {})
    for header, pause in (("30", 30.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", None)):
        google.retry_after = header
        assert failure(engine).retry_after == pause


def test_the_engines_know_their_languages() -> None:
    codes = {language.code for language in LANGUAGES} - {"ru"}
    engines: list[Engine] = [google(), mymemory(), LibreTranslate("http://127.0.0.1:5000")]
    for engine in engines:
        assert all(engine.supports(code, "ru") for code in codes)
    assert deepl("key").supports("uk", "ru")
    assert not deepl("key").supports("be", "ru")


@pytest.mark.parametrize(
    ("entry", "name", "outside"),
    [
        ("google", "google", True),
        (" mymemory ", "mymemory", True),
        ("deepl", "deepl", True),
        ("google+http://127.0.0.1:9999/m", "google", True),
        ("google+http://localhost:9999/m", "google", True),
        ("libretranslate+http://127.0.0.1:5000", "libretranslate", False),
        ("libretranslate+http://translator:5000", "libretranslate", False),
        ("libretranslate+https://lt.example.org", "libretranslate", False),
        ("outside-libretranslate+https://lt.example.org", "outside-libretranslate", True),
    ],
)
def test_entries_of_the_setting(entry: str, name: str, outside: bool) -> None:
    engine = engine_from(entry, {"deepl": "key"})
    assert (engine.name, engine.outside) == (name, outside)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("bing", "no known translator"),
        ("", "no known translator"),
        ("Google", "no known translator"),
        ("http://127.0.0.1:5000", "no known translator"),
        ("deepl", "needs the key"),
        ("libretranslate", "needs an address"),
        ("google+", "must look like"),
        ("google+ftp://127.0.0.1", "must look like"),
        ("google+127.0.0.1:9999", "must look like"),
        ("google+http://127.0.0.1:port", "must look like"),
        ("libretranslate+http://user:secret@127.0.0.1", "no password"),
        ("libretranslate+http://127.0.0.1/?api_key=secret", "no password"),
        ("libretranslate+http://lt.example.org", "must be https"),
        ("google+http://1.2.3.4/m", "must be https"),
    ],
)
def test_mistakes_in_the_setting_are_explained(entry: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as caught:
        engine_from(entry, {})
    assert "secret" not in str(caught.value)


def test_the_usual_addresses_are_encrypted() -> None:
    usual = (google(), mymemory(), deepl("key"), deepl("key:fx"))
    assert all(engine.url.startswith("https://") for engine in usual)
    assert deepl("key:fx").url != deepl("key").url
