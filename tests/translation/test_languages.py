"""Which language a letter is in."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from translation.languages import LANGUAGES, OFFERED, recognise

OPENINGS = {
    "ar": "صديقتي العزيزة، أكتب إليك من القاهرة، الجو حار اليوم والناس في الشوارع",
    "az": "Əziz dost, sənə Bakıdan yazıram, bu gün hava çox gözəldir",
    "be": "Дарагі сябар, я пішу табе з Мінска, сёння ў нас ідзе снег",
    "bg": "Скъпа Ана, пиша ти от София, днес времето е хубаво и птиците пеят",
    "cs": "Milá Anno, píšu ti z Prahy, dnes u nás svítí sluníčko a kvetou stromy",
    "de": "Liebe Anna, ich schreibe dir aus Berlin, heute scheint bei uns die Sonne",
    "el": "Αγαπητή Άννα, σου γράφω από την Αθήνα, σήμερα έχει ήλιο",
    "en": "Dear Anna, I am writing to you from London, where the sun is shining today",
    "es": "Querida Ana, te escribo desde Madrid, hoy hace un día muy bonito",
    "et": "Kallis Anna, kirjutan sulle Tallinnast, täna paistab meil päike",
    "fa": "آنای عزیز، از تهران برایت نامه می‌نویسم، امروز هوا آفتابی است",
    "fi": "Rakas Anna, kirjoitan sinulle Helsingistä, tänään meillä paistaa aurinko",
    "fr": "Chère Anna, je t'écris de Paris, aujourd'hui il fait un temps magnifique",
    "he": "אנה היקרה, אני כותבת לך מתל אביב, היום השמש זורחת",
    "hu": "Kedves Anna, Budapestről írok neked, ma süt nálunk a nap",
    "hy": "Սիրելի Աննա, գրում եմ քեզ Երևանից, այսօր արևոտ է",
    "it": "Cara Anna, ti scrivo da Roma, oggi da noi splende il sole",
    "ja": "親愛なるアンナ、東京から手紙を書いています。今日は晴れです",
    "ka": "ძვირფასო ანა, გწერ თბილისიდან, დღეს მზიანი ამინდია",
    "kk": "Қымбатты Анна, мен саған Алматыдан жазып отырмын, бүгін күн ашық",
    "ko": "사랑하는 안나에게, 서울에서 편지를 씁니다. 오늘은 날씨가 맑아요",
    "lt": "Miela Ana, rašau tau iš Vilniaus, šiandien pas mus šviečia saulė",
    "lv": "Mīļā Anna, rakstu tev no Rīgas, šodien pie mums spīd saule",
    "nl": "Lieve Anna, ik schrijf je uit Amsterdam, vandaag schijnt hier de zon",
    "pl": "Droga Anno, piszę do ciebie z Warszawy, dziś u nas świeci słońce",
    "pt": "Querida Ana, escrevo-te de Lisboa, hoje o sol está a brilhar",
    "ro": "Dragă Ana, îți scriu din București, astăzi la noi este soare",
    "ru": "Дорогая Анна, пишу вам из Ялты, сегодня у нас светит солнце",
    "sr": "Драга Ана, пишем ти из Београда, данас код нас сија сунце",
    "sv": "Kära Anna, jag skriver till dig från Stockholm, idag skiner solen här",
    "tr": "Sevgili Anna, sana İstanbul'dan yazıyorum, bugün hava güneşli",
    "tt": "Кадерле Анна, мин сиңа Казаннан язам, бүген бездә кояш яктырта",
    "uk": "Дорога Анно, пишу тобі з Києва, сьогодні в нас світить сонце",
    "zh": "亲爱的安娜，我从北京给你写信，今天天气很好，阳光明媚",
}


def test_every_offered_language_has_an_opening_here() -> None:
    assert OPENINGS.keys() == OFFERED.keys()
    assert len(LANGUAGES) == len(OFFERED)


@pytest.mark.parametrize("code", OPENINGS)
def test_the_first_line_of_a_letter_tells_its_language(code: str) -> None:
    assert recognise(OPENINGS[code]).code == code


@pytest.mark.parametrize("code", ["de", "en", "ru", "uk", "be", "fr", "pl", "ka", "zh"])
def test_a_whole_line_is_certain(code: str) -> None:
    assert recognise(OPENINGS[code]).certain


@pytest.mark.parametrize("text", ["", "😀", "1999", "Hallo", "мама", "Danke!"])
def test_too_little_to_judge_is_not_certain_but_always_an_offered_language(text: str) -> None:
    guess = recognise(text)
    assert not guess.certain
    assert guess.code in OFFERED


@pytest.mark.parametrize(
    "text",
    [
        "Kære Anna, jeg skriver fra København og håber at du har det godt",
        "Draga Ana, pišem ti iz Zagreba, danas je kod nas lijepo vrijeme",
    ],
)
def test_a_language_that_is_not_offered_is_not_certain(text: str) -> None:
    assert not recognise(text).certain


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Привет", "ru"),
        ("Ты мой друг", "ru"),
        ("Їжак", "uk"),
        ("Ґанок і двері", "uk"),
        ("Воўк", "be"),
        ("Мы ідзём дадому", "be"),
    ],
)
def test_letters_decide_between_russian_ukrainian_and_belarusian(text: str, code: str) -> None:
    assert recognise(text).code == code


def test_a_russian_quotation_does_not_make_a_ukrainian_letter_russian() -> None:
    text = "Мені дуже подобається її вірш «Мы живём», і я хочу її підтримати в ці дні."
    assert recognise(text).code == "uk"


def test_right_to_left_languages_say_so() -> None:
    assert {each.code for each in LANGUAGES if each.direction == "rtl"} == {"ar", "fa", "he"}


def test_threads_get_the_same_answers() -> None:
    with ThreadPoolExecutor(8) as pool:
        guesses = list(pool.map(recognise, [*OPENINGS.values()] * 3))
    assert [guess.code for guess in guesses] == [*OPENINGS] * 3
