"""What the stand-ins for translation services answer: a few real sentences, and an imitation.

Sentences that tests and demonstrations use are translated as a person would. For all others the
letters are put into the alphabet of the target language, so that the answer looks like a
translation to every check, is the same each time, and shows where each word went.
"""

import re
import unicodedata

_TO_RUSSIAN = {
    "Guten Tag!": "Добрый день!",
    "Hallo!": "Здравствуйте!",
    "Sie kennen mich nicht.": "Вы меня не знаете.",
    "Ich schreibe Ihnen aus Hamburg.": "Пишу вам из Гамбурга.",
    "Ich schreibe Ihnen aus Berlin.": "Пишу вам из Берлина.",
    "Heute hat es zum ersten Mal geschneit.": "Сегодня впервые выпал снег.",
    "Vor meinem Fenster steht eine alte Linde.": "Перед моим окном стоит старая липа.",
    "Ich arbeite in einer kleinen Bibliothek.": "Я работаю в маленькой библиотеке.",
    "Abends lese ich meiner Tochter vor.": "По вечерам я читаю вслух дочери.",
    "Am Sonntag haben wir Apfelkuchen gebacken.": "В воскресенье мы испекли яблочный пирог.",
    "Welche Bücher lesen Sie gern?": "Какие книги вы любите читать?",
    "Wie geht es Ihnen?": "Как ваши дела?",
    "Ich denke an Sie.": "Я думаю о вас.",
    "Sie sind nicht allein.": "Вы не одни.",
    "Ich wünsche Ihnen Gesundheit und Kraft.": "Желаю вам здоровья и сил.",
    "Herzliche Grüße": "Сердечный привет",
    "You do not know me.": "Вы меня не знаете.",
    "I am thinking of you.": "Я думаю о вас.",
    "You are not alone.": "Вы не одни.",
    "How are you?": "Как ваши дела?",
    "It snowed today for the first time.": "Сегодня впервые выпал снег.",
    "Warm regards": "Сердечный привет",
}
_FROM_RUSSIAN = {
    "de": {
        "Здравствуйте!": "Guten Tag!",
        "Спасибо за ваше письмо.": "Danke für Ihren Brief.",
        "Оно пришло через два месяца.": "Er kam nach zwei Monaten an.",
        "Я читаю его каждый вечер.": "Ich lese ihn jeden Abend.",
        "У нас уже снег.": "Bei uns liegt schon Schnee.",
        "Пишите ещё.": "Schreiben Sie wieder.",
        "Как у вас дела?": "Wie geht es Ihnen?",
    },
    "en": {
        "Здравствуйте!": "Hello!",
        "Спасибо за ваше письмо.": "Thank you for your letter.",
        "Оно пришло через два месяца.": "It arrived after two months.",
        "Я читаю его каждый вечер.": "I read it every evening.",
        "У нас уже снег.": "We already have snow.",
        "Пишите ещё.": "Do write again.",
        "Как у вас дела?": "How are you?",
    },
}

_LATIN_PAIRS = {
    "schtsch": "щ", "shch": "щ", "tsch": "ч", "sch": "ш", "sh": "ш", "ch": "х", "zh": "ж",
    "ck": "к", "ph": "ф", "qu": "кв", "th": "т", "ts": "ц", "ju": "ю", "ja": "я", "ya": "я",
    "a": "а", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и",
    "j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р",
    "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс", "y": "ы", "z": "з", "ß": "сс",
}  # fmt: skip
_LATIN = re.compile("|".join(sorted(_LATIN_PAIRS, key=len, reverse=True)))
_CYRILLIC_PAIRS = dict(
    zip("абвгдезийклмнопрстуфыэ", "abvgdezijklmnoprstufye", strict=True),
    ё="jo", ж="zh", х="ch", ц="ts", ч="tsch", ш="sh", щ="shch", ъ="", ь="", ю="ju", я="ja",
)  # fmt: skip
_EAST_SLAVIC = str.maketrans("іїєґўІЇЄҐЎ", "ииегвИИЕГВ")
# Scripts that write in one sign what Russian writes in several letters.
_DENSE_SYLLABLES = ("ба", "ви", "го", "ду", "же", "за", "ки", "ло", "му", "не", "по", "ри", "со")
_ALPHABET = "абвгдежзиклмнопрстухцчшэюя"
_SENTENCE = re.compile(r"[^.!?]+[.!?]*\s*")
_WORD = re.compile(r"[^\W\d_]+")


def translate(text: str, source: str, target: str) -> str:
    """The stand-ins' translation of a text; placeholders and digits stay where they are."""
    known = _TO_RUSSIAN if target == "ru" else _FROM_RUSSIAN.get(target, {})
    return (
        "".join(
            _sentence(match.group(), known, source, target) for match in _SENTENCE.finditer(text)
        )
        or text
    )


def _sentence(sentence: str, known: dict[str, str], source: str, target: str) -> str:
    bare = sentence.strip()
    if bare in known:
        return sentence.replace(bare, known[bare])
    if target == "ru" and source in {"uk", "be", "bg", "sr", "kk", "tt"}:
        # Their letters are Russian already; turning the words around shows the difference.
        return _WORD.sub(lambda match: match.group().translate(_EAST_SLAVIC)[::-1], sentence)
    imitate = _in_cyrillic if target == "ru" else _in_latin
    return _WORD.sub(lambda match: imitate(match.group()), sentence)


def _in_cyrillic(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.lower().replace("ß", "ss"))
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    russian = _LATIN.sub(lambda match: _LATIN_PAIRS[match.group()], plain)
    russian = "".join(each if "а" <= each <= "ё" else _stranger(each) for each in russian)
    return russian.capitalize() if word[0].isupper() else russian


def _stranger(letter: str) -> str:
    if "\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7a3":
        return _DENSE_SYLLABLES[ord(letter) % len(_DENSE_SYLLABLES)]
    return _ALPHABET[ord(letter) % len(_ALPHABET)] if letter.isalpha() else ""


def _in_latin(word: str) -> str:
    latin = "".join(_CYRILLIC_PAIRS.get(each, each) for each in word.lower())
    return latin.capitalize() if word[0].isupper() else latin
