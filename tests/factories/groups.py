"""A group in the diary: a service of several seats that the first practitioner holds."""

from __future__ import annotations

from sqlalchemy import insert

from clinic.access.actor import SYSTEM
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.ids import ServiceId
from clinic.scheduling.models import PractitionerService
from clinic.scheduling.services.catalogue import NewService, ServiceText, create_service
from clinic.vault import Vault
from tests.factories.scheduling import Diary
from tests.fakes.clock import FakeClock

# A Tuesday and a Wednesday of the fake clock's first week, in opening hours.
TUESDAY, WEDNESDAY = "2026-11-24T10:00:00+02:00", "2026-11-25T10:00:00+02:00"


def add_group_service(
    database: Database, vault: Vault, diary: Diary, *, seats: int = 8, joinable: bool = True
) -> ServiceId:
    """Let both practitioners hold a group of `seats`, on the hour as everything in this diary."""
    new = NewService(
        code=f"group-{seats}-{joinable}",
        kind="group",
        texts={"en": ServiceText("Tuesday circle", "People who meet every week")},
        minutes=50,
        grid_minutes=60,
        seats=seats,
        joinable=joinable,
    )
    with transaction(database) as session:
        service = create_service(session, actor=SYSTEM, clock=FakeClock(), fields=vault.fields, new=new)
        offered = [{"practitioner_id": one, "service_id": service} for one in diary.practitioners]
        session.execute(insert(PractitionerService), offered)
    return service


def group_body(diary: Diary, service: ServiceId | str, **more: object) -> dict[str, object]:
    """Return the body that plans the Tuesday's session."""
    body = {
        "service": str(service),
        "practitioner": str(diary.practitioners[0]),
        "modality": "in_person",
        "starts_at": TUESDAY,
    }
    return {**body, **more}
