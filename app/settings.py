"""One validated `Settings`, read from `LIFELINE_…` variables. `docs/settings.md` is its table."""

from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_POLITE_SECONDS = 2


class Settings(BaseSettings):
    """How this installation runs. Every field is an environment variable `LIFELINE_<FIELD>`.

    Raises `pydantic.ValidationError` for values that cannot be, or are not safe.
    """

    model_config = SettingsConfigDict(
        env_prefix="LIFELINE_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Field(Path(".data"), description="Folder of the database and of sealed files")
    database_url: str = Field("", description="SQLite file in the data folder, or postgresql://…")
    key_file: Path | None = Field(None, description="Key file (mode 0600), kept outside backups")
    public_url: str = Field(
        "", description="Address people open, https:// in production; empty: this machine's own"
    )
    host: str = Field("127.0.0.1", description="Address the server listens on")
    port: int = Field(8000, ge=1, le=65535, description="Port the server listens on")
    demonstration: bool = Field(
        False, description="Fictional people, printed accounts, a banner on every page"
    )
    embedded_worker: bool | None = Field(
        None, description="Work inside the web process; default: on SQLite yes, on PostgreSQL no"
    )
    worker_name: str = Field(
        "worker-1", description="Stable name of this worker process, unique among all"
    )
    worker_concurrency: int = Field(
        4, ge=1, le=64, description="Pieces of work done at once per queue"
    )
    worker_polling_seconds: float = Field(
        0.2, gt=0, le=60, description="How often a worker looks for work"
    )

    translators: str = Field(
        "", description="Ordered chain, such as libretranslate+http://127.0.0.1:5000,google"
    )
    translator_timeout_seconds: float = Field(
        30, gt=0, le=600, description="Deadline of one call to an engine"
    )
    deepl_key: str = Field("", description="Key for DeepL, where it is in the chain")
    libretranslate_key: str = Field(
        "", description="Key for LibreTranslate, where the server asks for one"
    )

    smtp_url: str = Field(
        "",
        description="smtp://user:password@host:port?starttls=1; empty: notices wait, and it rings",
    )
    notice_sender: str = Field("Post <post@localhost>", description="Neutral sender of notices")
    notice_subject: str = Field("There is news", description="Neutral subject of notices")
    notice_url: str = Field(
        "", description="Neutral link in notices; empty sends notices without a link"
    )

    time_zone: str = Field("Europe/Berlin", description="Time zone of dates on pages and letters")
    letters_target: int = Field(5, ge=1, description="Letters each person should have")
    letters_per_person_a_day: int = Field(
        20, ge=1, description="Random letters one person gets in a day at most"
    )
    reservation_minutes: int = Field(120, ge=1, description="How long an unused reservation counts")
    claim_minutes: int = Field(
        30, ge=1, description="How long a desk keeps a letter for one person"
    )
    address_days: int = Field(
        180, ge=1, description="Age at which a checked address may no longer be printed"
    )
    batch_letters: int = Field(20, ge=1, le=1000, description="Letters in a batch at most")
    batch_letters_per_facility: int = Field(3, ge=1, description="Letters to one place in a batch")
    batch_letters_per_person: int = Field(1, ge=1, description="Letters to one person in a batch")
    posted_from: str = Field(
        "DE", min_length=2, max_length=2, description="Country letters are posted from by default"
    )
    upload_megabytes: int = Field(25, ge=1, le=500, description="Largest upload of one reply")
    list_megabytes: int = Field(
        60,
        ge=1,
        le=500,
        description="Largest list of people handed in; it takes four times as much memory",
    )
    retention_days: int = Field(
        365, ge=30, description="Texts and names are erased this long after a letter is settled"
    )
    ovdinfo_url: str = Field(
        "https://api.repression.info/v1/", description="Where OVD-Info's public data is read"
    )
    ovdinfo_pause_seconds: float = Field(
        2, ge=0, le=600, description="Pause between two requests to it; it asks for two at least"
    )
    leave_url: str = Field(
        "", description="Where «Leave quickly» goes; empty shows a blank page of ours"
    )

    @model_validator(mode="before")
    @classmethod
    def _relative_to_data_dir(cls, values: dict[str, object]) -> dict[str, object]:
        data_dir = Path(str(values.get("data_dir") or ".data")).absolute()
        values["data_dir"] = data_dir
        values["database_url"] = (
            values.get("database_url") or f"sqlite:///{data_dir / 'lifeline.db'}"
        )
        values["public_url"] = (
            values.get("public_url") or f"http://127.0.0.1:{values.get('port') or 8000}"
        )
        return values

    @model_validator(mode="after")
    def _refuse_what_is_unsafe(self) -> "Settings":
        scheme = self.database_url.partition(":")[0].partition("+")[0]
        if scheme not in {"sqlite", "postgresql"}:
            raise ValueError("LIFELINE_DATABASE_URL must begin with sqlite:/// or postgresql://")
        public = urlsplit(self.public_url)
        if public.scheme not in {"http", "https"} or not public.hostname:
            raise ValueError(
                "LIFELINE_PUBLIC_URL must be a full address such as https://letters.example"
            )
        if public.scheme == "http" and not self.demonstration and public.hostname not in LOOPBACK:
            raise ValueError(
                "LIFELINE_PUBLIC_URL must begin with https:// (only loopback may do without)"
            )
        if self.demonstration and self.host not in LOOPBACK:
            raise ValueError("The demonstration prints its passwords, so it serves loopback only")
        source = urlsplit(self.ovdinfo_url)
        if source.hostname not in LOOPBACK and self.ovdinfo_pause_seconds < _POLITE_SECONDS:
            raise ValueError("LIFELINE_OVDINFO_PAUSE_SECONDS: the source asks for two at least")
        if "\n" in self.notice_subject or "\n" in self.notice_sender:
            raise ValueError("LIFELINE_NOTICE_… must be single lines")
        return self

    @cached_property
    def key_path(self) -> Path:
        """The key file; beside the data folder unless set."""
        return self.key_file or self.data_dir.with_suffix(".key")

    @property
    def keeps_outbox(self) -> bool:
        """Whether mail lies readable in a folder: in a demonstration without a server alone."""
        return self.demonstration and not self.smtp_url

    @cached_property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @cached_property
    def works_embedded(self) -> bool:
        """Whether the web process carries letters itself."""
        return self.is_sqlite if self.embedded_worker is None else self.embedded_worker

    @cached_property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")
