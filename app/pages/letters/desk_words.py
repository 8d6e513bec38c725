"""Words of the desks where letters are translated and reviewed; translated where they are shown."""

from babel import Locale
from starlette.requests import Request

from app.locale import N_
from app.pages.shell.rendering import language_of
from translation.languages import OFFERED

_NO_TRANSLATION = N_("The engine's answer was no translation.")
TROUBLES = {
    "no_engine": N_("No engine is set up: a person translates."),
    "unreachable": N_("The engine cannot be reached."),
    "too_slow": N_("The engine took too long."),
    "busy": N_("The engine is busy."),
    "refused": N_("The engine refused to answer."),
    "redirected": N_("The engine sent us elsewhere; we do not follow."),
    "empty": _NO_TRANSLATION,
    "unchanged": _NO_TRANSLATION,
    "html": _NO_TRANSLATION,
    "truncated": _NO_TRANSLATION,
    "overlong": _NO_TRANSLATION,
    "wrong_script": _NO_TRANSLATION,
    "placeholder_lost": N_("The engine lost a name: a person translates."),
    "unsupported": N_("No engine knows this language: a person translates."),
    "not_allowed": N_("The writer lets no outside engine read it: a person translates."),
    "by_hand": N_("A person translates it by hand."),
    "asked": N_("The engines were asked again."),
    "stumbled": N_("Our own program broke off; it tries again."),
}
PEOPLE_ONLY = N_("People only: the writer wants no engine to read it.")
GENDERS = {
    "she": N_("a woman: «я писала»"),
    "he": N_("a man: «я писал»"),
    "avoid": N_("not said: avoid past tenses that show it"),
}
RECIPIENT_GENDERS = {"she": N_("a woman"), "he": N_("a man")}
ENGINES = {
    "outside": N_("any engine may read it"),
    "own": N_("only our own engine may read it"),
    "none": N_("people only"),
}
ORIGINS = {
    "writer": N_("the writer"),
    "engine": N_("engine"),
    "translator": N_("translator"),
    "reviewer": N_("reviewer"),
}
REASONS = (
    ("censor", N_("the censor would not let it through")),
    ("hurts", N_("it could hurt the person")),
    ("abuse", N_("it insults or threatens")),
    ("not_a_letter", N_("it is no letter: advertising, a test, nonsense")),
    ("other", N_("another reason, said below")),
)


def language_names(request: Request) -> dict[str, str]:
    """The offered languages as the reader calls them."""
    names = Locale.parse(language_of(request)).languages
    return {code: names.get(code) or language.english for code, language in OFFERED.items()}
