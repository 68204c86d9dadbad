"""The gate on a real database: who gets through, what is on record, and what a change of consent voids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic.access.actor import Actor
from clinic.access.clearance import Action, Clearance, Compartment, Purpose
from clinic.audit import queries as trail
from clinic.audit.models import AuditEntry
from clinic.bus import EventBus
from clinic.consent import services
from clinic.consent.events import ConsentGranted, ConsentRevoked
from clinic.consent.models import Consent
from clinic.consent.rules.grants import Grant
from clinic.consent.rules.provisions import Effect
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.errors import Conflict, Denied, Invalid, NotFound
from clinic.ids import ConsentId, PatientId, PractitionerId, new_id
from clinic.vault import Binding, ClearanceRefused, Vault
from tests.factories.people import Cast, make_cast, practitioner_of, treat
from tests.fakes.clock import FakeClock

GENERAL, PSYCHOTHERAPY = Compartment.GENERAL, Compartment.PSYCHOTHERAPY


@dataclass(frozen=True, slots=True)
class Desk:
    """A clinic with its people, and the consent services at hand."""

    database: Database
    clock: FakeClock
    vault: Vault
    cast: Cast

    def grant(
        self,
        to: Actor,
        *,
        effect: Effect = Effect.PERMIT,
        compartments: frozenset[Compartment] = frozenset({GENERAL}),
        ends_in: timedelta | None = None,
    ) -> ConsentId:
        """Let the patient grant to a practitioner."""
        said = Grant(effect, practitioner_of(to), frozenset({Purpose.TREATMENT}), compartments)
        consent_id = ConsentId(new_id())
        with transaction(self.database) as session:
            services.grant(
                session,
                actor=self.cast.patient,
                clock=self.clock,
                vault=self.vault,
                consent_id=consent_id,
                patient_id=self.cast.patient_id,
                grant=said,
                form=services.choose_form(None, effect=effect, language="ar"),
                ends_at=None if ends_in is None else self.clock.now() + ends_in,
            )
        return consent_id

    def revoke(self, consent_id: ConsentId, by: Actor | None = None) -> None:
        """Let the patient take a consent back."""
        with transaction(self.database) as session:
            services.revoke(
                session,
                actor=by or self.cast.patient,
                clock=self.clock,
                vault=self.vault,
                consent_id=consent_id,
            )

    def clear(
        self,
        actor: Actor,
        *,
        purpose: Purpose = Purpose.TREATMENT,
        compartment: Compartment = GENERAL,
        author: PractitionerId | None = None,
        patient_id: PatientId | None = None,
    ) -> Clearance:
        """Ask to read."""
        with transaction(self.database) as session:
            return services.clear(
                session,
                actor=actor,
                clock=self.clock,
                vault=self.vault,
                patient_id=patient_id or self.cast.patient_id,
                action=Action.READ,
                purpose=purpose,
                compartment=compartment,
                subject=services.Subject("note", author=author),
            )

    def log(self) -> list[AuditEntry]:
        """Return the patient's access log, newest first."""
        with transaction(self.database) as session:
            return list(trail.access_log(session, patient_id=self.cast.patient_id, limit=50))


@pytest.fixture
def desk(database: Database, clock: FakeClock, vault: Vault) -> Desk:
    """A clinic in which nobody is related to anybody yet."""
    return Desk(database, clock, vault, make_cast(database, vault))


def refused(desk: Desk, actor: Actor, **asked: object) -> list[str]:
    """Return the reasons with which `actor` is refused."""
    with pytest.raises(Denied) as caught:
        desk.clear(actor, **asked)  # type: ignore[arg-type]
    assert caught.value.code == "consent_denied"
    reasons = caught.value.facts["reasons"]
    assert isinstance(reasons, list)
    return reasons


def test_nobody_gets_through_by_default(desk: Desk) -> None:
    cast = desk.cast
    assert refused(desk, cast.therapist) == ["no_relationship"]
    assert refused(desk, cast.reception) == ["role_not_allowed"]
    assert refused(desk, cast.privacy) == ["role_not_allowed"]
    with pytest.raises(NotFound):
        desk.clear(cast.patient2)


def test_a_granted_practitioner_gets_through_until_it_is_taken_back(desk: Desk) -> None:
    therapist = desk.cast.therapist
    consent_id = desk.grant(therapist)
    clearance = desk.clear(therapist)
    assert clearance.author_id is None
    assert clearance.compartments == {GENERAL}
    assert clearance.not_after == desk.clock.now() + timedelta(seconds=60)
    desk.revoke(consent_id)
    assert refused(desk, therapist) == ["no_consent"]


def test_a_change_of_consent_voids_what_was_cleared_before(desk: Desk) -> None:
    therapist = desk.cast.therapist
    consent_id = desk.grant(therapist)
    clearance = desk.clear(therapist)
    binding = Binding("note", desk.cast.patient_id, new_id(), 1, GENERAL, practitioner_of(therapist))
    with transaction(desk.database) as session:
        blob = desk.vault.seal(session, binding=binding, plaintext=b"text")
        assert desk.vault.open(session, clearance, binding=binding, blob=blob) == b"text"
    desk.revoke(consent_id)
    with transaction(desk.database) as session, pytest.raises(ClearanceRefused):
        desk.vault.open(session, clearance, binding=binding, blob=blob)


def test_a_clearance_for_own_work_opens_nobody_elses(desk: Desk) -> None:
    therapist = desk.cast.therapist
    treat(desk.database, desk.clock, patient=desk.cast.patient, therapist=therapist, by=desk.cast.patient)
    clearance = desk.clear(therapist)
    assert clearance.author_id == therapist.practitioner_id
    anothers = practitioner_of(desk.cast.therapist2)
    binding = Binding("note", desk.cast.patient_id, new_id(), 1, GENERAL, anothers)
    with transaction(desk.database) as session:
        blob = desk.vault.seal(session, binding=binding, plaintext=b"text")
        with pytest.raises(ClearanceRefused):
            desk.vault.open(session, clearance, binding=binding, blob=blob)
    assert refused(desk, therapist, author=anothers) == ["no_consent"]


def test_a_relationship_by_the_readers_own_act_opens_nothing(desk: Desk) -> None:
    cast = desk.cast
    treat(desk.database, desk.clock, patient=cast.patient, therapist=cast.therapist, by=cast.therapist)
    assert refused(desk, cast.therapist) == ["relationship_unconfirmed"]
    treat(desk.database, desk.clock, patient=cast.patient, therapist=cast.therapist, by=cast.reception)
    desk.clear(cast.therapist)


def test_a_grant_confirms_what_the_practitioner_had_claimed(desk: Desk) -> None:
    cast = desk.cast
    treat(desk.database, desk.clock, patient=cast.patient, therapist=cast.therapist, by=cast.therapist)
    desk.grant(cast.therapist)
    desk.clear(cast.therapist)


def test_a_deny_keeps_out_whoever_else_let_them_in(desk: Desk) -> None:
    desk.grant(desk.cast.therapist)
    deny = desk.grant(desk.cast.therapist, effect=Effect.DENY)
    assert refused(desk, desk.cast.therapist) == ["no_consent"]
    desk.revoke(deny)
    desk.clear(desk.cast.therapist)


def test_a_general_permit_does_not_reach_process_notes(desk: Desk) -> None:
    author = practitioner_of(desk.cast.therapist2)
    desk.grant(desk.cast.therapist)
    assert refused(desk, desk.cast.therapist, compartment=PSYCHOTHERAPY, author=author) == ["no_consent"]
    desk.grant(desk.cast.therapist, compartments=frozenset({PSYCHOTHERAPY}))
    desk.clear(desk.cast.therapist, compartment=PSYCHOTHERAPY, author=author)


def test_the_patient_reads_the_own_file_save_process_notes(desk: Desk) -> None:
    own = desk.clear(desk.cast.patient, purpose=Purpose.PATIENT_REQUEST)
    assert own.author_id is None
    with pytest.raises(NotFound):
        desk.clear(desk.cast.patient, purpose=Purpose.PATIENT_REQUEST, compartment=PSYCHOTHERAPY)


def test_an_ended_consent_ends_by_itself(desk: Desk) -> None:
    desk.grant(desk.cast.therapist, ends_in=timedelta(seconds=20))
    assert desk.clear(desk.cast.therapist).not_after == desk.clock.now() + timedelta(seconds=20)
    desk.clock.advance(timedelta(seconds=20))
    assert refused(desk, desk.cast.therapist) == ["no_consent"]


def test_an_absent_patient_is_not_found_by_anyone(desk: Desk) -> None:
    nobody = PatientId(new_id())
    with pytest.raises(NotFound):
        desk.clear(desk.cast.therapist, patient_id=nobody)
    with pytest.raises(NotFound), transaction(desk.database) as session:
        services.clear_each(
            session,
            actor=desk.cast.therapist,
            clock=desk.clock,
            vault=desk.vault,
            patient_id=nobody,
            action=Action.READ,
            purpose=Purpose.TREATMENT,
        )


def test_every_decision_is_on_record_and_a_refusal_outlives_its_act(desk: Desk) -> None:
    desk.grant(desk.cast.therapist)
    desk.clock.advance(timedelta(seconds=1))
    desk.clear(desk.cast.therapist)
    desk.clock.advance(timedelta(seconds=1))
    refused(desk, desk.cast.therapist2)
    last, before = desk.log()[:2]
    assert (last.outcome, last.action, last.actor_id) == (
        "refused",
        "note.read",
        desk.cast.therapist2.account_id,
    )
    assert last.reason is not None
    assert last.reason.startswith("no_relationship,")
    assert (before.outcome, before.purpose) == ("allowed", "TREAT")
    assert before.reason is not None
    assert before.reason.startswith("consent,relationship,consent:")


def test_clears_every_compartment_that_opens_and_is_silent_about_the_others(desk: Desk) -> None:
    desk.grant(desk.cast.therapist, compartments=frozenset({GENERAL, PSYCHOTHERAPY}))
    desk.grant(desk.cast.therapist2)
    found = {}
    for actor in (desk.cast.therapist, desk.cast.therapist2):
        with transaction(desk.database) as session:
            found[actor] = services.clear_each(
                session,
                actor=actor,
                clock=desk.clock,
                vault=desk.vault,
                patient_id=desk.cast.patient_id,
                action=Action.READ,
                purpose=Purpose.TREATMENT,
            )
    opened = [frozenset[Compartment]().union(*(one.compartments for one in each)) for each in found.values()]
    assert opened == [{GENERAL, PSYCHOTHERAPY}, {GENERAL}]
    entries = [entry for entry in desk.log() if entry.decision_id is not None]
    for clearance in (one for each in found.values() for one in each):
        recorded = [entry.reason for entry in entries if entry.decision_id == clearance.decision_id]
        wanted = "" if clearance.compartments == {GENERAL} else ",compartment:psychotherapy"
        (reason,) = [one for one in recorded if ("compartment:" in str(one)) == bool(wanted)]
        assert str(reason).endswith(wanted)
    assert [entry.outcome for entry in entries] == ["allowed"] * 3


def test_what_is_granted_is_sealed_and_keeps_its_wording(desk: Desk) -> None:
    consent_id = desk.grant(desk.cast.therapist)
    with transaction(desk.database) as session:
        row = session.scalars(select(Consent)).one()
        assert row.id == consent_id
        assert b"TREAT" not in row.provision_sealed
        assert row.form_id == "share.1.ar"
        assert len(row.form_sha256) == 64


def test_refuses_a_grant_that_makes_no_sense_and_leaves_nothing(desk: Desk) -> None:
    form = services.choose_form(None, effect=Effect.DENY, language="fr")
    nobody = Grant(Effect.PERMIT, PractitionerId(new_id()), frozenset(), frozenset({GENERAL}))
    with pytest.raises(Invalid) as caught, transaction(desk.database) as session:
        services.grant(
            session,
            actor=desk.cast.patient,
            clock=desk.clock,
            vault=desk.vault,
            consent_id=ConsentId(new_id()),
            patient_id=desk.cast.patient_id,
            grant=nobody,
            form=form,
            ends_at=desk.clock.now(),
        )
    assert set(caught.value.errors) == {"purposes", "practitioner", "form", "ends_at"}
    assert desk.log() == []
    with pytest.raises(Invalid):
        services.choose_form("share.1.fr", effect=Effect.DENY, language="fr")


def test_only_the_patient_takes_back_and_only_once(desk: Desk) -> None:
    consent_id = desk.grant(desk.cast.therapist)
    with pytest.raises(NotFound):
        desk.revoke(consent_id, by=desk.cast.patient2)
    desk.revoke(consent_id)
    with pytest.raises(Conflict):
        desk.revoke(consent_id)


def test_others_hear_of_it_once_it_is_durable(desk: Desk, bus: EventBus) -> None:
    heard: list[object] = []
    bus.after_commit(ConsentGranted, heard.append)
    bus.after_commit(ConsentRevoked, heard.append)
    practitioner = practitioner_of(desk.cast.therapist)
    consent_id = desk.grant(desk.cast.therapist)
    desk.revoke(consent_id)
    assert heard == [
        ConsentGranted(consent_id, desk.cast.patient_id, practitioner),
        ConsentRevoked(consent_id, desk.cast.patient_id, practitioner),
    ]
