"""The one way pages are rendered: templates, the reader's language, dates and numbers.

app.state.rendering = Rendering(Path("templates"), StaticTree(Path("app/static")), Site())
return render(request, "writing/form.html", status=422, problems=problems)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from babel import Locale, UnknownLocaleError
from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    pass_context,
    select_autoescape,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.locale import DEFAULT_LANGUAGE, LANGUAGES, translations
from app.pages.shell.formats import filters, url_with
from app.pages.shell.static_files import StaticTree

LANGUAGE_COOKIE = "language"

ContextSource = Callable[[Request], Mapping[str, Any]]
"""Gives every page more names, from the request: who is signed in, what was just done."""


@dataclass(frozen=True)
class Site:
    """What every page says about this installation."""

    demonstration: bool = False
    time_zone: str = "Europe/Berlin"
    leave_url: str = ""
    public_url: str = ""
    safety_path: str = "/safety"
    objection_path: str = "/objection"


class _Compiled(BytecodeCache):
    """Each template is compiled once a process, when it is first needed, for every language."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Rendering:
    """One template environment a language, made at start."""

    def __init__(
        self,
        templates: Path | Sequence[Path],
        static: StaticTree,
        site: Site,
        context_sources: Sequence[ContextSource] = (),
    ) -> None:
        self.site = site
        self.context_sources = tuple(context_sources)
        self.environments = {
            language: build_environment(templates, static, site, language) for language in LANGUAGES
        }

    def text(self, language: str, name: str, /, **context: Any) -> str:
        """A template outside any request (mail, paper) in `language`; .txt is not escaped."""
        return self.environments[language].get_template(name).render(**context)


def build_environment(
    templates: Path | Sequence[Path], static: StaticTree, site: Site, language: str
) -> Environment:
    """Templates of one language: escaped, strict about unknown names, with gettext."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        translations(language), newstyle=True
    )
    for name, of_language in filters(language, site.time_zone).items():
        environment.filters[name] = _when_rendered(of_language)
    environment.globals.update(
        site=site,
        language=language,
        languages=LANGUAGES,
        direction=Locale.parse(language).text_direction,
        direction_of=direction_of,
        static_url=static.url,
        url_with=url_with,
    )
    return environment


def _when_rendered(of_language: Callable[..., str]) -> Callable[..., str]:
    """The same filter, never worked out while compiling: what is compiled is for all languages."""

    @pass_context
    def rendered(_context: Context, *given: Any, **named: Any) -> str:
        return of_language(*given, **named)

    return rendered


def render(request: Request, name: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
    """The template `name` in the reader's language as an answer with `status`.

    Besides `context`, a template sees `here` (path and query) and what the context sources give.
    """
    rendering: Rendering = request.app.state.rendering
    language = language_of(request)
    query = request.url.query
    names: dict[str, Any] = {"here": request.url.path + (f"?{query}" if query else "")}
    for source in rendering.context_sources:
        names.update(source(request))
    names.update(context)
    html = rendering.environments[language].get_template(name).render(**names)
    return HTMLResponse(html, status_code=status, headers={"Content-Language": language})


def language_of(request: Request) -> str:
    """The reader's language: as chosen (cookie), else as the browser asks, else English."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    return _accepted(request.headers.get("accept-language", ""))


def gettext_of(request: Request) -> Callable[[str], str]:
    """`_` for Python code that answers this request."""
    return translations(language_of(request)).gettext


def direction_of(language: str | None) -> str:
    """`ltr` or `rtl` for the `dir` attribute of a text; `auto` where the language is unknown."""
    try:
        return Locale.parse(language or "", sep="-").text_direction
    except (ValueError, UnknownLocaleError):
        return "auto"


def _accepted(header: str) -> str:
    wishes: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, parameters = part.strip().partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        wishes.append((weight, tag.split("-")[0].lower()))
    for weight, tag in sorted(wishes, key=lambda wish: wish[0], reverse=True):
        if tag in LANGUAGES and weight > 0:
            return tag
    return DEFAULT_LANGUAGE
