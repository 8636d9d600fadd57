//! What is printed beside a figure that falls short: what was tried, and what limits it. The ways to the engine are those
//! that `tests/alone/round_trips.rs` counts.

/// Of each figure of an engine.
pub(super) struct Why {
    pub(super) quote: &'static str,
    pub(super) commit: &'static str,
    pub(super) rate: &'static str,
    pub(super) slowest: &'static str,
    pub(super) member: &'static str,
    pub(super) budget: &'static str,
}

pub(super) const JUDGING: &str = "tried: lines of an offer found once, by category or item code, tries on prices alone without a copy of the\n  \
     receipt, shares worked out in narrow numbers, only as many combinations of groups as the receipt's size allows.\n  \
     What limits it: each combination that is tried works out the prices of all lines anew";

pub(super) const SQLITE: Why = Why {
    quote: "tried: one reading of all that rules ask, together with the version in force; programmes kept parsed.\n  \
     What limits it: four ways to a thread of the engine and back, one after the other",
    commit: "tried: one reading of all that rules ask, one of all that may be there already, writes that go together with the\n  \
     commit. What limits it: eight ways to the engine's thread and back, one after the other, beside the write to the disk",
    rate: "tried: one reading of all that rules ask, writes that go together, savepoints handed on,\n  \
     groups as long as the disk is slow, more of the writer's pages in memory. What limits it: receipts are judged and written\n  \
     one after the other on one thread of the engine, and two fifths of all the time goes to waking it and being woken by it",
    slowest: "tried: a group waits for others no longer than twice what the disk took last, 8 ms at least and 24 ms at most.\n  \
     What limits it: all clients stand in one line, and each waits for those before it, then for its group and the disk",
    member: "tried: one reading of all that rules ask, indexes that alone tell what the member has and what counts for\n  \
     the tier. What limits it: both are added up anew for each receipt, over all receipts and lots that the member has by then",
    budget: "tried: counting only where a version limits an offer, in one row, which is written together with the rest.\n  \
     What limits it: nobody waits for the budget, since writers are alone anyway; but each of these receipts writes the use\n  \
     of an offer, an entry for it and the offer's total besides",
};

pub(super) const POSTGRES: Why = Why {
    quote: "tried: one reading of all that rules ask, together with the version in force; programmes kept parsed.\n  \
     What limits it: four ways through a socket and back, one after the other",
    commit: "tried: one reading of all that rules ask, one of all that may be there already, writes that go as one statement.\n  \
     What limits it: ten ways through a socket and back, one after the other, beside the server's write to the disk",
    rate: "tried: one reading of all that rules ask, writes that go as one statement, no row that all\n  \
     receipts wait for before their end. What limits it: ten ways through a socket for each receipt, on the cores of the server",
    slowest: "tried: what was tried for their rate. What limits it: all clients share 32 connections, and each waits for one of\n  \
     them, then for its ways through the socket and for the disk",
    member: "tried: one reading of all that rules ask, writes that go as one statement, indexes that alone tell what the member\n  \
     has and what counts for the tier. What limits it: the account is held from the judgement until the receipt is on the disk,\n  \
     so that nobody judges by what may be lost: one receipt for each write to the disk; and both are added up anew for each",
    budget: "tried: counting only where a version limits an offer, judging by what is left without holding it, holding it\n  \
     last of all for another look. What limits it: from that look until the receipt is on the disk it is held, so that nobody\n  \
     judges by what may be lost: one receipt for each write to the disk",
};
