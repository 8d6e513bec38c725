"""Why somebody's file cannot be taken in, in plain words."""

from app.errors import Invalid
from app.locale import N_

TROUBLES = {
    "unsupported": N_("This is no table: CSV, XLSX, and JSON saved from OVD-Info can be read."),
    "old_excel": N_(
        "This is an old Excel file, or one with a password. Save it as XLSX without a password, "
        "or as CSV."
    ),
    "empty": N_("There is nothing in it."),
    "no_table": N_("This is JSON, no table. Choose «Saved from OVD-Info» if it comes from there."),
    "no_columns": N_("No row of it names the columns. Write their names into the first row."),
    "no_sheet": N_("It has no such sheet."),
    "not_this_source": N_("It holds neither people nor places in the shape of OVD-Info."),
    "too_large": N_(
        "There is more in it than in any list of people: 100,000 rows fit. Send it in parts."
    ),
    "hostile": N_("It tries to do something that no table does, so it was not read."),
    "broken": N_("It is damaged or cut off. Save it anew, and try again."),
    "letters": N_("Its letters cannot be read. Save it as UTF-8, or as XLSX."),
    "too_much": N_(
        "Reading it took more time or memory than any list needs. Save it as CSV, or in parts."
    ),
    "source": N_("The source does not answer. What was read is kept for a day: ask again later."),
    "stumbled": N_("Reading it failed by a mistake of ours. Nothing was changed."),
    "gone": N_("The file waited too long and is gone. Choose it again."),
}
_STATUS = {"unsupported": 415, "old_excel": 415, "hostile": 422, "too_large": 413}


class CannotRead(Invalid):
    """A file that cannot be taken in. `reason` is a key of `TROUBLES`."""

    def __init__(self, reason: str) -> None:
        super().__init__({"file": TROUBLES[reason]})
        self.reason = reason
        self.status = _STATUS.get(reason, 422)
