"""The life of a note: a draft that its author rewrites, then signed and locked, then amended in the open."""

from __future__ import annotations

from enum import StrEnum


class NoteStatus(StrEnum):
    """How far a note has come."""

    DRAFT = "draft"
    SIGNED = "signed"
    AMENDED = "amended"


class VersionKind(StrEnum):
    """Why a version was written; `conflict` is a text that came too late and was kept aside."""

    DRAFT = "draft"
    CONFLICT = "conflict"
    AMENDMENT = "amendment"


class VersionStatus(StrEnum):
    """What a version is to its readers."""

    DRAFT = "draft"
    CONFLICT = "conflict"
    SIGNED = "signed"
    AMENDED = "amended"


def version_status(kind: VersionKind, *, signed: bool) -> VersionStatus:
    """Return what readers see in a version of `kind`."""
    if not signed:
        return VersionStatus.CONFLICT if kind is VersionKind.CONFLICT else VersionStatus.DRAFT
    return VersionStatus.AMENDED if kind is VersionKind.AMENDMENT else VersionStatus.SIGNED


def lands_as(*, base: int, current: int) -> VersionKind:
    """Return what a draft text written on top of version `base` is, now that `current` stands."""
    return VersionKind.DRAFT if base == current else VersionKind.CONFLICT


def etag(version: int) -> str:
    """Return the entity tag of a note whose current version is `version`, quotes included (RFC 9110)."""
    return f'"{version}"'


def version_of(tag: str) -> int | None:
    """Return the version that an If-Match value names, or None where it names none."""
    inner = tag.strip().removeprefix("W/").strip('"')
    return int(inner) if inner.isascii() and inner.isdigit() and len(inner) < 10 else None
