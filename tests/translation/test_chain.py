"""A letter goes through the chain: who may see it, who is asked next, when to give up."""

import pickle
import subprocess
import sys
from dataclasses import replace
from time import monotonic

import pytest

from tests.standins.answering import Behaviour
from tests.standins.translators import GoogleStandIn, LibreTranslateStandIn, MyMemoryStandIn
from tests.translation.conftest import Clock
from translation.chain import Chain, parse_chain
from translation.errors import NoEngine, Reason
from translation.paragraphs import split

LETTER = """Guten Tag!

Sie kennen mich nicht. Ich schreibe Ihnen aus Hamburg. Liebe Anna, welche Lieder singt ihr gern?
😀
Wie geht es Ihnen?

Herzliche Grüße
Lena Schmidt, lena@example.org, Hauptstraße 5, 20095 Hamburg"""
NAMES = ("Анна Сергеевна Иванова", "Lena Schmidt")
SECRETS = ("Anna", "Lena", "Schmidt", "example.org", "Hauptstra", "20095")


def chain_of(*services: GoogleStandIn | MyMemoryStandIn | LibreTranslateStandIn) -> Chain:
    return parse_chain(",".join(f"{service.name}+{service.url}" for service in services))


def patient(chain: Chain, clock: Clock) -> Chain:
    """The same chain, for which waiting takes none of our time."""
    return replace(chain, clock=clock, sleep=clock.sleep)


def give_up(chain: Chain, *, outside_allowed: bool = True, deadline: float = 60) -> NoEngine:
    with pytest.raises(NoEngine) as caught:
        chain.translate(
            LETTER, "de", "ru",
            outside_allowed=outside_allowed, shield=NAMES, deadline_seconds=deadline,
        )  # fmt: skip
    assert not any(secret in repr(caught.value) for secret in SECRETS)
    return caught.value


def test_a_letter_is_translated_paragraph_by_paragraph(google: GoogleStandIn) -> None:
    done = chain_of(google).translate(LETTER, "de", "ru", outside_allowed=True, shield=NAMES)
    assert done.engine == "google"
    there, back = split(LETTER), split(done.text)
    assert back.gaps == there.gaps
    assert back.texts[0] == "Добрый день!"
    assert back.texts[1].startswith("Вы меня не знаете. Пишу вам из Гамбурга. Лиебе Anna,")
    assert back.texts[2] == "😀"
    assert back.texts[5].startswith("Lena Schmidt, lena@example.org, Hauptstraße 5, 20095")


@pytest.mark.trust(38)
def test_without_consent_no_outside_engine_hears_a_word(
    google: GoogleStandIn, mymemory: MyMemoryStandIn
) -> None:
    gave_up = give_up(chain_of(google, mymemory), outside_allowed=False)
    assert google.requests == mymemory.requests == []
    assert {failure.reason for failure in gave_up.reasons} == {Reason.NOT_ALLOWED}
    assert gave_up.retry_after is None


@pytest.mark.trust(38)
def test_without_consent_our_own_engine_translates(
    google: GoogleStandIn, libretranslate: LibreTranslateStandIn
) -> None:
    chain = chain_of(google, libretranslate)
    done = chain.translate(LETTER, "de", "ru", outside_allowed=False, shield=NAMES)
    assert done.engine == "libretranslate"
    assert google.requests == []


@pytest.mark.trust(39)
def test_no_name_leaves_the_house(google: GoogleStandIn, mymemory: MyMemoryStandIn) -> None:
    google.behave("captcha")
    chain_of(google, mymemory).translate(LETTER, "de", "ru", outside_allowed=True, shield=NAMES)
    for service in (google, mymemory):
        assert service.requests
        assert not any(secret in service.everything_seen for secret in SECRETS)


@pytest.mark.trust(39)
@pytest.mark.parametrize("behaviour", ["lose placeholders", "double placeholders"])
def test_a_lost_name_sends_the_letter_to_a_person(
    google: GoogleStandIn, clock: Clock, behaviour: Behaviour
) -> None:
    google.behave(behaviour)
    gave_up = give_up(patient(chain_of(google), clock))
    assert [failure.reason for failure in gave_up.reasons] == [Reason.PLACEHOLDER_LOST]
    assert gave_up.retry_after is None
    assert clock.pauses == []


@pytest.mark.trust(39)
def test_plainer_brackets_come_back_as_names(google: GoogleStandIn) -> None:
    google.behave("space placeholders")
    done = chain_of(google).translate(LETTER, "de", "ru", outside_allowed=True, shield=NAMES)
    assert "Anna" in done.text
    assert "[" not in done.text


@pytest.mark.trust(40)
def test_a_redirect_is_a_failure_of_the_engine(
    google: GoogleStandIn, mymemory: MyMemoryStandIn
) -> None:
    google.redirect_to = mymemory.url
    google.behave("redirect")
    assert [each.reason for each in give_up(chain_of(google)).reasons] == [Reason.REDIRECTED]
    assert mymemory.requests == []


@pytest.mark.trust(41)
@pytest.mark.parametrize("behaviour", ["hang", "drip", "drip headers"])
def test_an_engine_that_is_half_dead_leaves_time_for_the_next(
    google: GoogleStandIn, libretranslate: LibreTranslateStandIn, behaviour: Behaviour
) -> None:
    libretranslate.behave(behaviour)
    started = monotonic()
    done = chain_of(libretranslate, google).translate(
        LETTER, "de", "ru", outside_allowed=True, shield=NAMES, deadline_seconds=4
    )
    assert done.engine == "google"
    assert monotonic() - started < 4


@pytest.mark.trust(41)
def test_the_deadline_holds_for_the_whole_letter(google: GoogleStandIn) -> None:
    google.behave("hang")
    started = monotonic()
    gave_up = give_up(chain_of(google), deadline=0.5)
    assert [failure.reason for failure in gave_up.reasons] == [Reason.TOO_SLOW]
    assert monotonic() - started < 3


@pytest.mark.trust(42)
@pytest.mark.parametrize(
    "behaviour",
    ["429", "500", "403", "captcha", "html", "empty", "none", "same", "truncated", "english",
     "endless", "cut"],
)  # fmt: skip
def test_bad_answers_lead_to_the_next_engine_and_never_into_the_letter(
    google: GoogleStandIn, mymemory: MyMemoryStandIn, clock: Clock, behaviour: Behaviour
) -> None:
    google.behave(behaviour)
    chain = patient(chain_of(google, mymemory), clock)
    done = chain.translate(LETTER, "de", "ru", outside_allowed=True, shield=NAMES)
    assert done.engine == "mymemory"
    assert done.text.startswith("Добрый день!\n\nВы меня не знаете.")
    only = give_up(patient(chain_of(google), clock))
    assert only.retry_after == NoEngine.USUAL_PAUSE_SECONDS


@pytest.mark.trust(42)
def test_one_bad_answer_late_in_the_letter_spoils_none_of_it(
    google: GoogleStandIn, clock: Clock
) -> None:
    google.behave("well", times=3)
    google.behave("same")
    give_up(patient(chain_of(google), clock))


def test_a_moment_of_weakness_is_waited_out_with_growing_pauses(
    google: GoogleStandIn, clock: Clock
) -> None:
    google.behave("429", times=1)
    google.behave("500", times=1)
    chain = patient(chain_of(google), clock)
    done = chain.translate("Guten Tag!", "de", "ru", outside_allowed=True)
    assert done.text == "Добрый день!"
    assert clock.pauses == [1.0, 2.0]


def test_a_pause_that_the_service_asks_for_is_kept(google: GoogleStandIn, clock: Clock) -> None:
    google.retry_after = "7"
    google.behave("429", times=1)
    chain = patient(chain_of(google), clock)
    chain.translate("Guten Tag!", "de", "ru", outside_allowed=True)
    assert clock.pauses == [7.0]


def test_a_pause_beyond_the_deadline_is_left_to_the_caller(
    google: GoogleStandIn, clock: Clock
) -> None:
    google.retry_after = "3600"
    google.behave("429")
    gave_up = give_up(patient(chain_of(google), clock))
    assert gave_up.retry_after == 3600
    assert clock.pauses == []
    assert len(google.requests) == 1


def test_tries_are_counted(google: GoogleStandIn, clock: Clock) -> None:
    google.behave("500")
    give_up(patient(chain_of(google), clock))
    assert len(google.requests) == 3


def test_long_paragraphs_go_in_pieces_that_fit(
    google: GoogleStandIn, mymemory: MyMemoryStandIn
) -> None:
    letter = "\n\n".join(["Am Morgen regnet es, am Abend scheint die Sonne. " * 80] * 2)
    for service in (google, mymemory):
        chain = chain_of(service)
        done = chain.translate(letter, "de", "ru", outside_allowed=True)
        [engine] = chain.engines
        assert max(map(len, service.texts)) <= engine.limit
        assert all(text.endswith(".") for text in service.texts)
        assert len(split(done.text).texts) == 2
        assert done.text.count("Сонне") == 160


def test_chinese_pieces_become_russian_sentences_with_spaces(mymemory: MyMemoryStandIn) -> None:
    letter = "今天下雪了，窗前的老树很美。" * 60
    done = chain_of(mymemory).translate(letter, "zh", "ru", outside_allowed=True)
    assert len(mymemory.requests) > 1
    assert done.text.count(" ") == len(mymemory.requests) - 1


def test_emoji_alone_ask_nobody(google: GoogleStandIn) -> None:
    done = chain_of(google).translate("😀 ❤️\n\n2026", "de", "ru", outside_allowed=True)
    assert (done.text, done.engine) == ("😀 ❤️\n\n2026", None)
    assert google.requests == []


def test_a_name_alone_asks_nobody_and_comes_back(google: GoogleStandIn) -> None:
    done = chain_of(google).translate(
        "Guten Tag!\nLena", "de", "ru", outside_allowed=True, shield=["Lena"]
    )
    assert done.text == "Добрый день!\nLena"
    assert google.texts == ["Guten Tag!"]


def test_a_reply_is_translated_by_our_own_engine(libretranslate: LibreTranslateStandIn) -> None:
    reply = "Здравствуйте!\n\nСпасибо за ваше письмо. У нас уже снег."
    done = chain_of(libretranslate).translate(reply, "ru", "de", outside_allowed=False)
    assert done.text == "Guten Tag!\n\nDanke für Ihren Brief. Bei uns liegt schon Schnee."


def test_an_engine_without_the_language_is_passed_over() -> None:
    gave_up_chain = parse_chain("deepl", {"deepl": "key"})
    with pytest.raises(NoEngine) as caught:
        gave_up_chain.translate("Прывітанне", "be", "ru", outside_allowed=True)
    assert caught.value.reasons[0].reason == Reason.UNSUPPORTED
    assert caught.value.retry_after is None


@pytest.mark.parametrize("nothing", ["", "  "])
def test_an_empty_chain_leaves_everything_to_people(nothing: str) -> None:
    chain = parse_chain(nothing)
    assert not chain
    gave_up = give_up(chain)
    assert str(gave_up) == "no engine is configured"
    assert gave_up.retry_after is None


def test_a_chain_keeps_its_order() -> None:
    chain = parse_chain("libretranslate+http://127.0.0.1:5000, google,mymemory")
    assert [engine.name for engine in chain.engines] == ["libretranslate", "google", "mymemory"]


@pytest.mark.parametrize("text", ["google,,mymemory", "google,", "google;mymemory", "none"])
def test_a_chain_with_mistakes_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no known translator"):
        parse_chain(text)


def test_equal_languages_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="different"):
        parse_chain("google").translate("Привет", "ru", "ru", outside_allowed=True)


def test_each_engine_can_be_tried_for_a_check_up(
    google: GoogleStandIn, libretranslate: LibreTranslateStandIn
) -> None:
    libretranslate.behave("403")
    found = chain_of(libretranslate, google).try_each()
    assert found == [("libretranslate", Reason.REFUSED), ("google", None)]


def test_errors_survive_being_stored(google: GoogleStandIn) -> None:
    google.behave("captcha")
    gave_up = give_up(chain_of(google))
    again = pickle.loads(pickle.dumps(gave_up))
    assert (again.reasons, str(again)) == (gave_up.reasons, "google: html")


def test_what_only_other_peoples_engines_need_is_loaded_only_for_them() -> None:
    asked = "import sys, translation.chain; print('deep_translator' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"
