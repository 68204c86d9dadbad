"""The few texts that the server itself draws, from data files in the three languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

from clinic.web.profile import ClinicProfile


@cache
def texts(language: str, folder: Path = Path(__file__).parent / "texts") -> Mapping[str, str]:
    """Return the texts of `language` in `folder`."""
    return cast(Mapping[str, str], json.loads((folder / f"{language}.json").read_text("utf-8")))


def brand(profile: ClinicProfile, language: str) -> str:
    """Return what the clinic is called on a page in `language`."""
    return profile.name(language) or texts(language)["brand"]
