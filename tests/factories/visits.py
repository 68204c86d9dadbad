"""An agreed video visit of a diary, the next working day at ten."""

from __future__ import annotations

from clinic.access.actor import Actor
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.ids import AppointmentId, new_id
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.slots import SlotSearch, find_slots
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.services import booking
from clinic.scheduling.services.planning import Wanted
from clinic.vault import Vault
from clinic.video.queries.rooms import get_visit
from clinic.video.rules.visit import Visit
from tests.factories.scheduling import Diary
from tests.fakes.clock import FakeClock


def book_visit(
    database: Database,
    vault: Vault,
    clock: FakeClock,
    diary: Diary,
    *,
    patient: Actor | None = None,
    practitioner: int = 0,
    modality: Modality = Modality.VIDEO,
    number: int = 0,
) -> Visit:
    """Let a patient (the first unless given) book free time `number` of a practitioner."""
    with snapshot(database) as session:
        wish = Wish(diary.practitioners[practitioner])
        slots = find_slots(session, SlotSearch(diary.service, wish, limit=40), now=clock.now())
    slot = slots[number]
    wanted = Wanted(slot.service, slot.practitioner, slot.starts_at, modality)
    id = AppointmentId(new_id())
    with transaction(database) as session:
        booking.book(
            session,
            actor=patient or diary.patient_actors[0],
            clock=clock,
            fields=vault.fields,
            appointment_id=id,
            booking=booking.Booking(wanted, None, None, None),
        )
    with snapshot(database) as session:
        return get_visit(session, appointment_id=id)
