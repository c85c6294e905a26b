"""Settings: environment first, then [tool.publisher] in pyproject.toml, then defaults."""

from pathlib import Path

from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
)

CHECKOUT = Path(__file__).resolve().parent.parent
"""Where the records and themes of this repository stand."""


class Settings(BaseSettings):
    """Where things are. Each field is PUBLISHER_<FIELD> in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="PUBLISHER_",
        pyproject_toml_table_header=("tool", "publisher"),
        extra="forbid",
    )

    guides: Path = CHECKOUT / "guides"
    theme: Path = CHECKOUT / "themes" / "default"
    schemas: Path = CHECKOUT / "schemas"
    output: Path = Path("out")
    cache: Path = Path(".publisher/cache")

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
