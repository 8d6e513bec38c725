"""The tables. Importing this package registers every one of them."""

from app.models.correspondence import (
    Approval,
    Correspondence,
    Letter,
    Partner,
    Rendering,
    Reservation,
    Revision,
    Writer,
)
from app.models.finding import PersonIndex, PersonWord, WordTrigram
from app.models.importing import ImportAnswer, ImportLine, ImportReading, ImportRun, SourceId
from app.models.paper import Batch, BatchItem, Posting
from app.models.people import MergedPerson, Objection, Prisoner, Prosecution
from app.models.places import Facility, Placement, ReturnAddress
from app.models.record import Alarm, Event, Installation, Limit, Note, Notice, Worker
from app.models.replies import Reply, ReplyText, Scan
from app.models.staff import Claim, ReadRecord, Staff, StaffRole, StaffSession

__all__ = [
    "Alarm",
    "Approval",
    "Batch",
    "BatchItem",
    "Claim",
    "Correspondence",
    "Event",
    "Facility",
    "ImportAnswer",
    "ImportLine",
    "ImportReading",
    "ImportRun",
    "Installation",
    "Letter",
    "Limit",
    "MergedPerson",
    "Note",
    "Notice",
    "Objection",
    "Partner",
    "PersonIndex",
    "PersonWord",
    "Placement",
    "Posting",
    "Prisoner",
    "Prosecution",
    "ReadRecord",
    "Rendering",
    "Reply",
    "ReplyText",
    "Reservation",
    "ReturnAddress",
    "Revision",
    "Scan",
    "SourceId",
    "Staff",
    "StaffRole",
    "StaffSession",
    "WordTrigram",
    "Worker",
    "Writer",
]
