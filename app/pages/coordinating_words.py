"""Words for states, reasons and events, as coordinators read them; translated where shown."""

from app.lifecycle import Hold, ReplyState, State
from app.locale import N_
from app.pages import desk_words

STATES = {
    State.RECEIVED: N_("received"),
    State.TRANSLATING: N_("being translated"),
    State.IN_REVIEW: N_("in review"),
    State.NEEDS_CHANGES: N_("with the writer for changes"),
    State.APPROVED: N_("approved, being laid out"),
    State.READY: N_("ready to print"),
    State.BATCHED: N_("taken by a volunteer"),
    State.PRINTED: N_("printed"),
    State.UNKNOWN: N_("unclear whether posted"),
    State.POSTED: N_("posted"),
    State.ANSWERED: N_("answered"),
    State.RETURNED: N_("came back"),
    State.CLOSED: N_("closed"),
    State.REFUSED: N_("refused"),
    State.WITHDRAWN: N_("withdrawn"),
}
REPLY_STATES = {
    ReplyState.SCANNED: N_("scanned, letter not found yet"),
    ReplyState.MATCHED: N_("to be copied out"),
    ReplyState.TRANSCRIBED: N_("copied out"),
    ReplyState.TRANSLATING: N_("being translated"),
    ReplyState.IN_REVIEW: N_("in review"),
    ReplyState.FORWARDED: N_("waits for the writer"),
    ReplyState.READ: N_("read"),
    ReplyState.WITHHELD: N_("held back"),
    ReplyState.UNCLAIMED: N_("nobody's"),
    ReplyState.CLOSED: N_("closed"),
}
HOLDS = {
    Hold.IN_TRANSFER: N_("in transfer"),
    Hold.NO_ADDRESS: N_("no address known"),
    Hold.INCOMPLETE_ADDRESS: N_("address not complete"),
    Hold.STALE_ADDRESS: N_("address too old"),
    Hold.NO_RETURN_ADDRESS: N_("no return address"),
    Hold.RELEASED: N_("released"),
    Hold.DEAD: N_("has died"),
    Hold.OBJECTED: N_("somebody objected"),
    Hold.NOT_WRITABLE: N_("may not be written to"),
    Hold.SUSPECTED_ABUSE: N_("suspected abuse"),
    Hold.UNRENDERABLE: N_("cannot be laid out"),
    Hold.PROVIDER_POISON: N_("not translatable by machine"),
}
WHYS = {
    "by_hand": N_("by hand"),
    "already_russian": N_("written in Russian"),
    "readdressed": N_("new address"),
    "given_back": N_("given back"),
    "not_printed": N_("not printed after all"),
    "spoiled": N_("spoiled page"),
    "taken_out": N_("taken out of the pile"),
    "taken_back": N_("taken back"),
    "correction": N_("correction"),
    "found_out": N_("as was found out"),
    "never_posted": N_("was never posted"),
    "deadline": N_("no answer in time"),
    "held": N_("held"),
    "censor": N_("the censor would not let it through"),
    "hurts": N_("it could hurt somebody"),
    "abuse": N_("abuse"),
    "not_a_letter": N_("not a letter"),
}
RETURNS = {
    "not_there": N_("no such person there"),
    "moved": N_("moved to another place"),
    "released": N_("released"),
    "refused_by_censor": N_("not let through by the censor"),
    "refused": N_("refused by the person"),
    "not_collected": N_("not collected"),
    "wrong_address": N_("wrong address"),
    "unknown": N_("nothing is written on it"),
}
TROUBLES = {**desk_words.TROUBLES, "rendering": N_("The page could not be laid out in time.")}
NOTICES = {
    "needs_changes": N_("a reviewer asks for changes"),
    "posted": N_("the letter is posted"),
    "returned": N_("the letter came back"),
    "refused": N_("the letter is refused"),
    "moved": N_("its recipient was moved, is free, or has died"),
    "reply": N_("an answer has come"),
}
"""What a notice tells, by its kind."""
NOT_SENT = {
    "unsafe_header": N_("The address cannot be written to: it is no single line."),
    "SMTPRecipientsRefused": N_("The mail server refuses the address."),
    "SMTPDataError": N_("The mail server refuses the mail."),
    "SMTPSenderRefused": N_("The mail server refuses us as sender: look at the settings of mail."),
    "SMTPAuthenticationError": N_("The mail server refuses our password: look at the settings."),
    "SMTPConnectError": N_("The mail server cannot be reached."),
    "SMTPServerDisconnected": N_("The mail server hung up."),
    "SMTPTimeoutError": N_("The mail server did not answer in time."),
    "SMTPConnectTimeoutError": N_("The mail server did not answer in time."),
    "SMTPReadTimeoutError": N_("The mail server did not answer in time."),
    "TimeoutError": N_("The mail server did not answer in time."),
    "gaierror": N_("The mail server's name is not known."),
    "ConnectionRefusedError": N_("The mail server cannot be reached."),
    "no_mail_server": N_("No mail server is set."),
}
NOT_SENT_OTHERWISE = N_("The mail server did not take it.")
"""Why a notice did not go out, by the first word of what was noted."""
ALARMS = {
    "objection": N_("Somebody objects to a page; it is hidden. Decide."),
    "objection_unhidden": N_("Many objections came: this page is NOT hidden yet. Look now."),
    "danger": N_("A reply speaks of danger to life."),
    "no_more_letters": N_("Somebody wants no more letters: all are stopped. Make sure of it."),
    "count_drift": N_("Somebody's number of letters was wrong; it was repaired."),
    "stray_files": N_("Files that no letter names were removed."),
    "lost_file": N_("A file is missing that a letter names."),
    "broken_seal": N_("Something stored was changed or moved; it cannot be opened."),
    "no_mail_server": N_("No mail server is set: notices to writers wait. Set one."),
    "guessing": N_("Somebody tries out receipt codes."),
}
EVENTS = {
    "added": N_("entered"),
    "edited": N_("changed"),
    "confirmed": N_("confirmed"),
    "checked": N_("address made sure of"),
    "unchecked": N_("check of the address taken back"),
    "moved": N_("moved to another place"),
    "merged": N_("another record of the same person was merged into this one; it held"),
    "case_added": N_("a case was entered"),
    "case_changed": N_("a case was changed"),
    "case_removed": N_("a case was taken away"),
    "hidden": N_("hidden"),
    "portrait": N_("portrait hung up"),
    "no_portrait": N_("portrait taken down"),
    "shown": N_("shown again"),
    "in_transfer": N_("in transfer"),
    "released": N_("released"),
    "exchanged": N_("exchanged"),
    "dead": N_("died"),
    "house_arrest": N_("under house arrest"),
    "unknown": N_("whereabouts unknown"),
    "objection upheld": N_("objection upheld"),
    "objection reversed": N_("objection reversed"),
    "imported": N_("imported"),
    "held": N_("held"),
    "noted": N_("note"),
    "take_out": N_("to be taken out of the pile"),
}
ACTORS = {
    "system": N_("the clockwork"),
    "machine": N_("the machine"),
    "writer": N_("the writer"),
    "partner": N_("a partner"),
    "public": N_("somebody on the public page"),
    "staff": N_("a volunteer"),
}
ENGINES = {
    "outside": N_("an outside engine may read it"),
    "own": N_("only our own engine may read it"),
    "none": N_("people only"),
}
