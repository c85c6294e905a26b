"""Settings: environment first, then [tool.publisher] in pyproject.toml, then defaults."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ByteSize,
    SecretStr,
    TypeAdapter,
    ValidationError,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
)

from publisher.build.places import place_of
from publisher.build.store import DEFAULT_CAP

CHECKOUT = Path(__file__).resolve().parent.parent
"""Where the records and themes of this repository stand."""

Place = Annotated[str | Path, AfterValidator(place_of)]
"""A folder: a path, or the URL of an object store's as text. `folder_at` opens it."""


def size_of(value: str | int) -> int:
    """Bytes, which may be written as 500MB or 2GB. Raises `ValueError`."""
    with suppress(ValidationError, OverflowError):  # the latter from a number of 400 digits
        size = TypeAdapter(ByteSize).validate_python(value)
        if size >= 0:
            return size
    raise ValueError(f"{str(value)[:40]!r} is no size; write one as 500MB or 2GB")


class Settings(BaseSettings):
    """Where things are. Each field is PUBLISHER_<FIELD> in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="PUBLISHER_",
        pyproject_toml_table_header=("tool", "publisher"),
        extra="forbid",
    )

    guides: Path = CHECKOUT / "guides"
    theme: Path = CHECKOUT / "themes" / "default"
    mail_theme: Path = CHECKOUT / "themes" / "mail"
    web_theme: Path = CHECKOUT / "themes" / "web"
    schemas: Path = CHECKOUT / "schemas"
    output: Place = Path("out")
    cache: Place = Path(".publisher/cache")
    cache_size: Annotated[int, BeforeValidator(size_of)] = DEFAULT_CAP
    database: str = "sqlite:///.publisher/delivery.sqlite"
    files: Path = Path(".publisher/files")
    """Where files lie that readers download; no name of a person is in a path of it."""
    journal: Path = Path(".publisher/journal")
    """What the workers of this machine are at; each machine has a folder of its own."""
    base_url: str = "http://127.0.0.1:8000"
    smtp: SecretStr | None = None
    sender: str | None = None
    reply_to: str | None = None
    postal_address: str | None = None
    bounce_domain: str | None = None
    bounce_password: SecretStr | None = None
    """Of the account on an IMAP server that bounces come to."""
    bounce_password_file: Path | None = None
    secret_keys: SecretStr | None = None
    secret_keys_file: Path = Path(".publisher/secret-keys")
    dkim_domain: str | None = None
    dkim_keys: dict[str, Path] = {}
    """Selector to the PEM file of its private key; the first signs."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over pyproject.toml; no other places."""
        return init_settings, env_settings, PyprojectTomlConfigSettingsSource(settings_cls)
