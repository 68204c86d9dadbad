"""The reasons of fields have words in every language, and none that we raise is without."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from marshmallow import fields, validate

from clinic.web import schema
from clinic.web.reasons import reason, texts

ROOT = Path(schema.__file__).parents[1]
PART = re.compile(r"\{\w+\}")
USED = (
    *(fields.String, fields.UUID, fields.Integer, fields.Float, fields.Boolean, fields.List, fields.Nested),
    *(fields.Dict, fields.AwareDateTime, fields.Enum, fields.Constant),
)


@pytest.mark.parametrize(
    ("raised", "lang", "words"),
    [
        ("Missing data for required field.", "ar", "هذا الحقل مطلوب."),
        ("Missing data for required field.", "en", "This is needed."),
        ("Must be one of: ar, fr, en.", "fr", "Au choix : ar, fr, en."),
        ("Length must be between 1 and 120.", "fr", "Longueur possible : de 1 à 120."),
        ("Not a valid date.", "en", "This is not a date."),
        ("Not a valid datetime.", "fr", "Cette date ou cette heure n’est pas valable."),
        ("Something new.", "ar", "Something new."),
    ],
)
def test_a_reason_is_said_in_the_callers_language(raised: str, lang: str, words: str) -> None:
    assert reason(raised, lang) == words


def test_every_language_has_the_same_reasons_with_the_same_parts() -> None:
    assert list(texts("ar")) == list(texts("fr")) == list(texts("en"))
    for lang in ("ar", "fr", "en"):
        for raised, words in texts(lang).items():
            assert set(PART.findall(words)) <= set(PART.findall(raised)), (lang, raised)


def test_no_reason_of_ours_is_without_words() -> None:
    found = {raised for path in ROOT.rglob("*.py") for raised in _raised(ast.parse(path.read_text("utf-8")))}
    assert "There is no such patient." in found
    assert {raised for raised in found if reason(raised, "ar") == raised} == set()


def test_no_reason_of_the_fields_and_validators_in_use_is_without_words() -> None:
    found = {text for field in USED for kind in field.__mro__ for text in _messages(kind)}
    found |= {validate.Length.message_min, validate.Length.message_max, validate.Length.message_all}
    found |= {validate.OneOf.default_message, validate.Regexp.default_message}
    assert {raised for raised in found if reason(raised, "ar") == raised} == set()


def _messages(kind: type) -> list[str]:
    """Return what is said of input; `format` is about output."""
    listed: dict[str, str] = vars(kind).get("default_error_messages", {})
    return [text for name, text in listed.items() if name != "format"]


def _raised(tree: ast.AST) -> Iterator[str]:
    """Yield the texts in ValidationError(...), error=..., errors={field: [...]}; x is what they name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == "ValidationError":
                yield from _texts(node.args[0])
            for keyword in node.keywords:
                if keyword.arg == "error" or (
                    keyword.arg == "errors" and isinstance(keyword.value, ast.Dict)
                ):
                    values = keyword.value.values if isinstance(keyword.value, ast.Dict) else [keyword.value]
                    yield from (text for value in values for text in _texts(value))


def _texts(node: ast.AST | None) -> Iterator[str]:
    if isinstance(node, ast.List):
        for one in node.elts:
            yield from _texts(one)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
        yield "".join(str(part) for part in parts)
