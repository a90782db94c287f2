package org.imgblstr.protocol.session;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.Words;
import org.imgblstr.protocol.master.membership.Membership;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.slave.Download;
import org.imgblstr.protocol.slave.SlaveEngine;

/** What the engine knows of a slave, as the operator is told it. */
final class SlaveViews {
    private static final long SECOND_NS = 1_000_000_000;

    private SlaveViews() {}

    /** Who they are. */
    static List<SlaveName> names(List<SlaveEntry> slaves) {
        return slaves.stream().map(SlaveEntry::name).toList();
    }

    /** Where each slave is. */
    static List<SlaveProgress> progress(List<SlaveEntry> slaves, SentBytes sent, byte[] contentDigest, long nowNs) {
        return slaves.stream()
                .map(slave -> progress(slave, sent, contentDigest, nowNs))
                .toList();
    }

    /** How each slave ended, or where it was at {@code nowNs} when the session ended before it. {@code isStarted}: whether data flowed. */
    static List<SlaveResult> results(
            List<SlaveEntry> slaves, SentBytes sent, byte[] contentDigest, boolean isStarted, long nowNs) {
        return slaves.stream()
                .map(slave -> {
                    SlaveResult result = result(slave, sent, contentDigest, nowNs);
                    return isStarted ? result : unstarted(result);
                })
                .toList();
    }

    private static SlaveResult unstarted(SlaveResult result) {
        return new SlaveResult(
                result.who(),
                result.result(),
                0,
                result.digest(),
                0,
                "the session ended before the start: nothing was written, and the slave listens again",
                result.counters());
    }

    /** Where a slave is. {@code sent}: what was sent to it. */
    static SlaveProgress progress(SlaveEntry slave, SentBytes sent, byte[] contentDigest, long nowNs) {
        Standing standing = standingOf(slave, contentDigest);
        long awaitedNs = standing == Standing.SILENT ? Math.max(0, Membership.awaitedNs(slave, nowNs)) : 0;
        return new SlaveProgress(
                slave.name(),
                new SlaveProgress.Amount(sent.before(slave.goodUpTo()), sent.doneBy(slave), slave.missingTracks()),
                slave.diskRate(),
                slave.counters(),
                standing.word(),
                (int) ((awaitedNs + SECOND_NS - 1) / SECOND_NS));
    }

    private static Standing standingOf(SlaveEntry slave, byte[] contentDigest) {
        if (slave.isEnded()) {
            boolean hasAll = endOf(slave, contentDigest) == SlaveResult.Result.COMPLETE;
            return hasAll ? Standing.COMPLETE : Standing.GONE;
        }
        if (slave.isSilent()) {
            return Standing.SILENT;
        }
        if (slave.isComplete()) {
            return Standing.COMPLETE;
        }
        if (slave.isVerifying()) {
            return Standing.VERIFYING;
        }
        return slave.doneTracks() > 0 ? Standing.RECEIVING : Standing.JOINED;
    }

    /** Where the slave is that this program is, once its disk is open. */
    static SlaveProgress progress(SlaveName who, SlaveEngine engine) {
        Download download = engine.download();
        return new SlaveProgress(
                who,
                new SlaveProgress.Amount(
                        download.goodUpToBytes(), download.tally().usedBytesDone(), download.missingTracks()),
                download.tally().rate(),
                download.counters(),
                stateOf(engine),
                0);
    }

    private static String stateOf(SlaveEngine engine) {
        Download download = engine.download();
        Standing standing =
                switch (engine.state()) {
                    case HOOK_UP, SEND_RSVP, AWAIT_CONFIRM -> Standing.JOINED;
                    case DOWNLOAD ->
                        download.tally().isSyncing()
                                ? Standing.VERIFYING
                                : download.doneTracks() > 0 ? Standing.RECEIVING : Standing.JOINED;
                    case FAREWELL -> Standing.COMPLETE;
                    case GOODBYE, OVER ->
                        engine.result() == SlaveResult.Result.COMPLETE ? Standing.COMPLETE : Standing.GONE;
                };
        return standing.word();
    }

    /** Where a slave is; the words are those of docs/events.schema.json. */
    private enum Standing {
        JOINED,
        RECEIVING,
        VERIFYING,
        COMPLETE,
        SILENT,
        GONE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The result of a slave, on which all reports about the slave are based. A slave that says "complete" but has
     * another digest than the master is not complete.
     */
    private static SlaveResult.Result endOf(SlaveEntry slave, byte[] contentDigest) {
        SlaveResult.Result said = slave.result();
        if (said == null) {
            return slave.isGivenUp() ? SlaveResult.Result.LOST : SlaveResult.Result.INCOMPLETE;
        }
        boolean isOther = said == SlaveResult.Result.COMPLETE && !MessageDigest.isEqual(slave.digest(), contentDigest);
        return isOther ? SlaveResult.Result.VERIFY_FAILED : said;
    }

    private static String why(SlaveEntry slave, SlaveResult.Result end) {
        if (end == SlaveResult.Result.KICKED) {
            return "the operator removed this slave" + diskOf(slave);
        }
        if (slave.result() == null) {
            return (slave.isGivenUp() ? "the slave fell silent" : "the session ended before the slave was complete")
                    + diskOf(slave);
        }
        if (slave.missingTracks() == 0 && end == SlaveResult.Result.VERIFY_FAILED) {
            return "the content digest of this slave is not the master's, so its disk has other bytes";
        }
        if (slave.missingTracks() == 0 && end == SlaveResult.Result.INCOMPLETE) {
            boolean isOfSource = slave.why().isEmpty() || slave.why().startsWith(Words.SOURCE_UNREADABLE);
            return isOfSource ? "the disk has zeros where the source could not be read" : slave.why();
        }
        if (end == SlaveResult.Result.INTERRUPTED || end == SlaveResult.Result.TOO_SLOW) {
            return slave.missingTracks() + " tracks incomplete, so image it again";
        }
        boolean isSaid = !slave.why().isEmpty() && end != SlaveResult.Result.INCOMPLETE;
        if (isSaid) {
            return slave.why()
                    + (slave.missingTracks() == 0 ? "" : "; " + slave.missingTracks() + " tracks incomplete");
        }
        return slave.missingTracks() + " tracks incomplete" + (slave.errno() == 0 ? "" : ", errno " + slave.errno());
    }

    /** What is known of the disk of a slave that did not say itself how it ended. */
    private static String diskOf(SlaveEntry slave) {
        return slave.doneTracks() > 0
                ? ": its disk is written in part, so image it again"
                : ": it reported no track as written, so image it again";
    }

    /** What a slave said in its Disconnect; of one that sent none, what it reported last, the same as the screen shows. */
    private static long bytesWritten(SlaveEntry slave, SentBytes sent) {
        return slave.hasSaidGoodbye() ? slave.bytesWritten() : sent.doneBy(slave);
    }

    /**
     * How a slave ended, or what is to be said of one that never told.
     *
     * @param sent what was sent to it
     * @param contentDigest the master's; empty before it is known
     * @param nowNs the end of the session for a slave that has not ended
     */
    static SlaveResult result(SlaveEntry slave, SentBytes sent, byte[] contentDigest, long nowNs) {
        SlaveResult.Result result = endOf(slave, contentDigest);
        String message = result == SlaveResult.Result.COMPLETE ? slave.why() : why(slave, result);
        return new SlaveResult(
                slave.name(),
                result,
                bytesWritten(slave, sent),
                HexFormat.of().formatHex(slave.digest()),
                slave.elapsedNs(nowNs) / 1e9,
                message,
                slave.counters());
    }
}
