//! What is printed beside a figure that falls short: what was tried, and what limits it. The ways to the engine are those that
//! `core/tests/alone/round_trips.rs` counts.

pub(super) const DRAWING: &str =
    "tried: one matrix for each code with one fixed mask, its runs of modules drawn together";

pub(super) const PAGES: &str = "tried: SQLite called in place, rules and shopper read in one transaction, texts and rules kept parsed, \
    pages rendered without a router, a stream and a reactive graph, offers shared between views, jemalloc. What limits it: each page is read and rendered anew, because \
    nothing personal is kept";

pub(super) const MEMORY: &str = "tried: as many connections that read in place as the machine has cores and one that writes, however many clients there are; files \
    compressed by the build, jemalloc. What limits it: the pages of the program's own file, most of it views, and the pages and statements \
    that each connection keeps";

pub(super) const START: &str = "tried: nothing is read that grows with the members; modules are compressed by the build, other files \
    after the start. What limits it: the database is opened, inspected and its migrations are compared before the first answer";

pub(super) const JUDGING: &str = "tried: lines of an offer found once, by category or item code, tries on prices alone without a \
    copy of the receipt, shares worked out in narrow numbers, only as many combinations of groups as the receipt's size allows. \
    What limits it: each combination that is tried works out the prices of all lines anew";

pub(super) const GROWTH: &str = "tried: an index to each kind of a member's rows, two of which alone tell what the member has and \
    what counts for the tier, and one reading of all that rules ask. What limits it: a member's rows lie in pages that nobody \
    else reads, and come from the disk";

pub(super) const FILLING: &str = "tried: rows made on all cores, written in blocks without a log, indexes built at the end. What \
    limits it: half of the processor's time goes to the judging and making of rows, the other half to one thread that writes \
    them";

pub(super) const OPEN_CARDS: &str = "tried: one channel for the news of all members, no room kept for a reading while a stream \
    waits. What limits it: each stream wakes for all news and looks for those of its member, and a connection keeps buffers and \
    its visitor";

/// Of the commits of an engine.
pub(super) struct CommitLimits {
    pub(super) quote: &'static str,
    pub(super) commit: &'static str,
    pub(super) rate: &'static str,
    pub(super) slowest: &'static str,
    pub(super) member: &'static str,
    pub(super) budget: &'static str,
}

impl CommitLimits {
    pub(super) fn of(engine: &str) -> &'static Self {
        if engine == "sqlite" {
            &SQLITE
        } else {
            &POSTGRES
        }
    }
}

const SQLITE: CommitLimits = CommitLimits {
    quote: "tried: SQLite called in place, one reading of all that rules ask, programmes kept parsed. \
        What limits it: the reading itself and the judging",
    commit: "tried: SQLite called in place, one reading of all that rules ask, one of all that may be there already. \
        What limits it: thirteen statements, the judging and a way to another thread for the commit, beside the write to the disk",
    rate: "tried: SQLite called in place and built for many connections, groups as long as the disk is slow, checkpoints in \
        the background, savepoints and the writer's pages in memory. What limits it: SQLite has one writer, and each receipt \
        changes some ten pages, which go to the log and later to the file; that and the wait for the disk is two thirds of the time",
    slowest: "tried: a group waits for others no longer than twice what the disk took last, 8 ms at least and 24 ms at most. \
        What limits it: all clients stand in one line, and each waits for those before it, then for its group and the disk",
    member: "tried: one reading of all that rules ask, indexes that alone tell what the member has and what counts for \
        the tier. What limits it: both are added up anew for each receipt, over all receipts and lots that the member has by then",
    budget: "tried: counting only where a version limits an offer, in one row. \
        What limits it: nobody waits for the budget, since writers are alone anyway; but each of these receipts writes the use \
        of an offer, an entry for it and the offer's total besides",
};

const POSTGRES: CommitLimits = CommitLimits {
    quote: "tried: one reading of all that rules ask, together with the version in force; programmes kept parsed. \
        What limits it: four ways through a socket and back, one after the other",
    commit: "tried: one reading of all that rules ask, one of all that may be there already, writes that go as one statement. \
        What limits it: ten ways through a socket and back, one after the other, beside the server's write to the disk",
    rate: "tried: one reading of all that rules ask, writes that go as one statement, no row that all receipts wait for before \
        their end; plans that are made once gave a tenth more and are not kept. What limits it: ten statements for each receipt \
        on the cores that the load runs on too; five sixths of the processor's time is PostgreSQL's own",
    slowest: "tried: what was tried for their rate. What limits it: all clients share 32 connections, and each waits for one of \
        them, then for its ways through the socket and for the disk",
    member: "tried: one reading of all that rules ask, writes that go as one statement, indexes that alone tell what the member \
        has and what counts for the tier. What limits it: the account is held from the judgement until the receipt is on the disk, \
        so that nobody judges by what may be lost: one receipt for each write to the disk; and both are added up anew for each",
    budget: "tried: counting only where a version limits an offer, judging by what is left without holding it, holding it \
        last of all for another look. What limits it: from that look until the receipt is on the disk it is held, so that nobody \
        judges by what may be lost: one receipt for each write to the disk",
};
