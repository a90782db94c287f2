package org.imgblstr.protocol.master;

import java.util.function.Supplier;
import org.imgblstr.protocol.master.sending.MasterCommands;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.master.tracks.KindMap;

/**
 * Says Done (FIG. 3 box 312), already during the catch-up. A slave that has everything learns the digest, compares the
 * digest with its own, and leaves; other slaves do not delay it. One thread.
 */
final class Farewell {
    private static final long REPEAT_NS = 100_000_000;

    /** As long as a slave waits for a silent master; six times as long as one waits before it joins a silent group anew. */
    private static final long LONGEST_NS = 30_000_000_000L;

    /**
     * So many last Done datagrams tell the slaves that their Disconnect has arrived; losing all of them is improbable
     * at 10 % loss.
     */
    private static final int LAST_WORDS = 4;

    /** Times that Done is sent when the session is given up: loss of all of them is improbable even at 20 % each. */
    private static final int GIVEN_UP_REPEATS = 5;

    private static final long LAST_WORDS_NS = 20_000_000;

    private final SlaveTable slaves;
    private final KindMap kinds;
    private final MasterCommands commands;
    private final TrackSender sender;
    private final Supplier<byte[]> root;
    private byte[] contentDigest;
    private long dueNs;
    private long endNs;
    private int lastWords;

    /** {@code root}: D of the manifest as far as it is known; gives null in an open session. */
    Farewell(SlaveTable slaves, KindMap kinds, MasterCommands commands, TrackSender sender, Supplier<byte[]> root) {
        this.root = root;
        this.slaves = slaves;
        this.kinds = kinds;
        this.commands = commands;
        this.sender = sender;
    }

    /** The pass is over, and with it the digest known. */
    void digest(byte[] digest) {
        contentDigest = digest;
    }

    void dueAt(long nowNs) {
        dueNs = nowNs;
    }

    /** Every slave that still answers has every track. */
    void begin(long nowNs) {
        dueNs = nowNs;
        endNs = nowNs + LONGEST_NS;
    }

    /** True once slaves that have not sent Disconnect are no longer waited for. */
    boolean isOverdue(long nowNs) {
        return endNs - nowNs <= 0;
    }

    long waitNs(long nowNs) {
        return dueNs - nowNs;
    }

    /** Says Done when it is due and somebody has everything. */
    void sayToComplete(long nowNs) {
        if (dueNs - nowNs > 0) {
            return;
        }
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isComplete() && !slave.isEnded()) {
                say(nowNs);
                return;
            }
        }
    }

    /** Says Done when it is due. */
    void sayWhenDue(long nowNs) {
        if (dueNs - nowNs <= 0) {
            say(nowNs);
        }
    }

    /** Every slave has ended: says Done some times more. Returns nanoseconds to the next time, or Long.MAX_VALUE when it was said often enough. */
    long sayLastWords(long nowNs) {
        if (lastWords == 0 || dueNs - nowNs <= 0) {
            say(nowNs);
            lastWords++;
            dueNs = nowNs + LAST_WORDS_NS;
        }
        return lastWords == LAST_WORDS ? Long.MAX_VALUE : dueNs - nowNs;
    }

    /** The session is given up: slaves are told, before the start so that they may join another one. */
    void sayGivenUp(MasterState state, int exitCode) {
        for (int i = 0; i < GIVEN_UP_REPEATS && state != MasterState.WAIT_FOR_SLAVES; i++) {
            if (state == MasterState.SEND_GEOMETRY) {
                commands.cancelled(exitCode, sender.nextSequence());
            } else {
                commands.aborted(exitCode, sender.nextSequence());
            }
        }
    }

    private void say(long nowNs) {
        dueNs = nowNs + REPEAT_NS;
        byte[] manifest = root.get();
        slaves.manifest(manifest);
        commands.complete(kinds.dataCount(), contentDigest, manifest, slaves.all(), slaves.lastIndex(), sender);
    }
}
