"""What partners may send. Unknown fields are refused (row 6): nothing is set by accident."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from app.errors import Invalid
from app.journey import writing
from app.journey.accepting import Draft
from app.models.correspondence import OUTSIDE, OWN
from mailing.email import is_risky_mail_host
from translation import languages

LONGEST_SIGNATURE = writing.LONGEST_SIGNATURE
SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"


def _tidy(value: object) -> object:
    """Line ends and margins do not count, here as in the form."""
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def _offered(code: str) -> str:
    if code not in languages.OFFERED:
        raise ValueError("this language is not offered")
    return code


Language = Annotated[
    str,
    AfterValidator(_offered),
    WithJsonSchema({"type": "string", "enum": sorted(languages.OFFERED)}),
]


class NewLetter(BaseModel):
    """A letter to be translated, read by a person, printed and posted."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "text": "Dear Anna,\n\nit snowed here today, and the children are building "
                    "in the yard.",
                    "signature": "Greta",
                    "gender": "she",
                    "language": "en",
                    "outside_translation": True,
                    "writer_reference": "4711",
                }
            ]
        },
    )

    text: Annotated[
        str,
        BeforeValidator(_tidy),
        Field(
            min_length=1,
            max_length=writing.LONGEST_TEXT,
            description="The letter as the writer wrote it, without signature. Control characters "
            "other than tab and line end are refused.",
        ),
    ]
    signature: Annotated[
        str,
        BeforeValidator(_tidy),
        Field(
            min_length=1,
            max_length=LONGEST_SIGNATURE,
            description="One line; a first name is enough.",
        ),
    ]
    gender: Annotated[
        Literal["she", "he", "avoid"],
        Field(description="How the writer is spoken of in Russian; `avoid` goes round it."),
    ]
    language: Annotated[
        Language | None,
        Field(description="ISO 639-1. Recognised when absent; refused when that is uncertain."),
    ] = None
    prisoner: Annotated[
        str | None,
        Field(
            max_length=80,
            pattern=SLUG,
            description="The slug of whom to write to. None: whoever waits longest.",
        ),
    ] = None
    outside_translation: Annotated[
        bool,
        Field(
            description="The writer agrees that an outside machine translator reads this letter. "
            "Otherwise only people and an engine of our own do."
        ),
    ] = False
    email: Annotated[
        str,
        BeforeValidator(_tidy),
        Field(
            max_length=254,
            description="For notices, which name nobody. It is kept sealed, and erased later.",
        ),
    ] = ""
    email_risk_accepted: Annotated[
        bool,
        Field(
            description="The writer knows that the authorities in Russia or Belarus can read mail "
            "at this provider. Only such addresses need it."
        ),
    ] = False
    writer_reference: Annotated[
        str,
        Field(
            max_length=200,
            description="What you call this writer; they are not given the same person twice. "
            "Only a keyed hash is kept.",
        ),
    ] = ""

    def draft(self) -> Draft:
        """The checked draft. Raises `Invalid` with one message a field."""
        return writing.checked(
            Draft(
                text=self.text,
                signature=self.signature,
                language=self.language or self._recognised(),
                gender=self.gender,
                engines=OUTSIDE if self.outside_translation else OWN,
                email=self._email(),
            ),
            _in_english,
        )

    def _recognised(self) -> str:
        guess = languages.recognise(self.text)
        if not guess.certain:
            raise Invalid({"language": "Which language this is in is uncertain; please name it."})
        return guess.code

    def _email(self) -> str:
        if self.email and not self.email_risk_accepted and is_risky_mail_host(self.email):
            raise Invalid(
                {
                    "email": "Mail at this provider can be read by the authorities in Russia or "
                    "Belarus. Use another address or none, or set email_risk_accepted."
                }
            )
        return self.email


def _in_english(message: str) -> str:
    return message
