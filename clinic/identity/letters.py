"""What identity writes to people, and where people are reached. Tokens travel in the fragment of a link,
which browsers keep to themselves: no server log, no referrer holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.identity.models import Account, AccountStatus, Guardianship, OneTimeToken, Patient, TokenKind
from clinic.identity.services import patient_invitations
from clinic.identity.services.preferences import PHONE
from clinic.identity.services.tokens import token_of, usable
from clinic.notifications.layout import texts
from clinic.notifications.models import RecipientKind
from clinic.notifications.ports import Contact, Ids, Message, Recipient
from clinic.notifications.post import Kinds
from clinic.vault.fields import Fields

_PAGES: Mapping[str, tuple[TokenKind, str]] = {
    "identity.verification": (TokenKind.VERIFICATION, "/verify"),
    "identity.registered_again": (TokenKind.PASSWORD_RESET, "/password-reset/confirm"),
    "identity.password_reset": (TokenKind.PASSWORD_RESET, "/password-reset/confirm"),
    "identity.invitation": (TokenKind.INVITATION, "/invitation"),
}
_TO_THE_FILE = "identity.patient_invitation"
_NOTICES: Mapping[str, str] = {
    "identity.already_registered": "/sign-in",
    "identity.password_changed": "/sign-in",
    "identity.roles_changed": "/team",
}


class Letters:
    """Renders the slice's messages."""

    def __init__(self, *, base_url: str, secret: bytes, clock: Clock) -> None:
        """Link to pages below `base_url`, with tokens made by `secret`."""
        self._base_url = base_url
        self._secret = secret
        self._clock = clock

    def register(self, kinds: Kinds) -> None:
        """Add the slice's messages, all of which are essential: they answer what somebody did."""
        for name, (token_kind, page) in _PAGES.items():
            kinds.add(name, _TokenLetter(self, token_kind, name, page), essential=True)
        kinds.add(_TO_THE_FILE, self._patient_invitation, essential=True)
        for name, page in _NOTICES.items():
            kinds.add(name, _Notice(self, name, page), essential=True)

    def link(self, page: str) -> str:
        """Return the address of `page`."""
        return f"{self._base_url}{page}"

    def token(self, session: Session, kind: TokenKind, token_id: UUID) -> str | None:
        """Return a token that is still good."""
        row = session.get(OneTimeToken, token_id)
        return token_of(self._secret, kind, token_id) if usable(row, self._clock.now()) else None

    def _patient_invitation(self, session: Session, ids: Ids, language: str) -> Message | None:
        """Offer an account to somebody on file; nothing once the invitation does not hold any more."""
        id = ids["invitation"]
        if not patient_invitations.holds(session, clock=self._clock, id=id):
            return None
        token = token_of(self._secret, patient_invitations.KIND, id)
        return Message(_sentences(_TO_THE_FILE, language), f"{self.link('/invitation')}#{token}")


@dataclass(frozen=True, slots=True)
class _TokenLetter:
    letters: Letters
    kind: TokenKind
    name: str
    page: str

    def __call__(self, session: Session, ids: Ids, language: str) -> Message | None:
        """Say what the link is for; nothing once the token is used or too old."""
        token = self.letters.token(session, self.kind, ids["token"])
        if token is None:
            return None
        return Message(_sentences(self.name, language), f"{self.letters.link(self.page)}#{token}")


@dataclass(frozen=True, slots=True)
class _Notice:
    letters: Letters
    name: str
    page: str

    def __call__(self, session: Session, ids: Ids, language: str) -> Message:
        """Say what happened and where to go on."""
        return Message(_sentences(self.name, language), self.letters.link(self.page))


def _sentences(name: str, language: str) -> tuple[str, ...]:
    return tuple(texts("clinic.identity", "mail_texts", language)[name])


class Directory:
    """Fulfils `notifications.ports.ContactDirectory` from accounts and patients."""

    def __init__(self, fields: Fields) -> None:
        """Open addresses with `fields`."""
        self._fields = fields

    def contact(self, session: Session, recipient: Recipient) -> Contact | None:
        """Return how to reach `recipient`; a patient's own contact comes before their account's."""
        if recipient.kind is RecipientKind.ACCOUNT:
            account = session.get(Account, recipient.id)
            patient = session.scalars(select(Patient).where(Patient.account_id == recipient.id)).one_or_none()
            return self._account(account, patient, at_work=True)
        patient = session.get(Patient, recipient.id)
        if patient is None:
            return None
        account = session.get(Account, patient.account_id) if patient.account_id else None
        return self._patient(patient, account)

    def is_represented(self, session: Session, recipient: Recipient, at: datetime) -> bool:
        """Tell whether a patient has a guardian at `at`."""
        stands = select(Guardianship.id).where(
            Guardianship.patient_id == recipient.id,
            Guardianship.starts_at <= at,
            Guardianship.ends_at > at,
            Guardianship.ended_at.is_(None),
        )
        return recipient.kind is RecipientKind.PATIENT and session.scalars(stands).first() is not None

    def _patient(self, patient: Patient, account: Account | None) -> Contact | None:
        if patient.email_sealed is None and (found := self._account(account, patient)) is not None:
            return found
        sealed = patient.email_sealed
        return Contact(
            email=None if sealed is None else self._fields.open(patient.id, "patient.email", sealed),
            language=account.language if account else patient.language,
            wanted=account.mail_wanted if account else True,
            phone=self._phone(patient),
            sms=account.sms_wanted if account else False,
            reminders=account.reminders_wanted if account else patient.reminders_wanted,
        )

    def _account(
        self, account: Account | None, patient: Patient | None, *, at_work: bool = False
    ) -> Contact | None:
        """Return how an account is reached; people `at_work` by the number that they gave for it."""
        if account is None or account.email_sealed is None or account.status is AccountStatus.DISABLED:
            return None
        on_file, own = self._phone(patient), self._own_phone(account)
        return Contact(
            email=self._fields.open(account.id, "account.email", account.email_sealed),
            language=account.language,
            wanted=account.mail_wanted,
            phone=(own or on_file) if at_work else (on_file or own),
            sms=account.sms_wanted,
            reminders=account.reminders_wanted,
        )

    def _own_phone(self, account: Account) -> str | None:
        if account.phone_sealed is None:
            return None
        return self._fields.open(account.id, PHONE, account.phone_sealed)

    def _phone(self, patient: Patient | None) -> str | None:
        if patient is None or patient.phone_sealed is None:
            return None
        return self._fields.open(patient.id, "patient.phone", patient.phone_sealed)
