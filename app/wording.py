"""Russian sentences that stand in letters, in the writer's own voice; the writer may drop them.

Neither of them betrays whether the writer is a woman or a man, or writes «вы» or «Вы».
"""

from app.models import Letter

_TRANSLATED = (
    "Я не говорю по-русски, это письмо для меня перевели. Если захотите ответить, напишите, "
    "пожалуйста, номер, который стоит рядом с датой, и пишите печатными буквами: так ответ "
    "легче меня найдёт."
)
_WRITTEN_IN_RUSSIAN = (
    "Если захотите ответить, напишите, пожалуйста, номер, который стоит рядом с датой, "
    "и пишите печатными буквами: так ответ легче меня найдёт."
)


def closing_sentence(*, translated: bool) -> str:
    """The sentence about translation, the letter's number and block letters."""
    return _TRANSLATED if translated else _WRITTEN_IN_RUSSIAN


def with_closing_sentence(text: str, letter: Letter, *, translated: bool) -> str:
    """The Russian text as it will be printed: with the sentence, unless the writer dropped it."""
    if not letter.closing_sentence:
        return text
    return f"{text}\n\n{closing_sentence(translated=translated)}"
