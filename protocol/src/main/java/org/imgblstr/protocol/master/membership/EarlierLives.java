package org.imgblstr.protocol.master.membership;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.master.sending.MasterCommands;
import org.imgblstr.protocol.master.slaves.SlaveChange;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;

/**
 * When a slave that starts again takes the place of its earlier life. In an open session its first report does that. In a sealed session a slave
 * that has joined may say that it is any other, so the earlier life must have been silent for a while. One thread. Specification:
 * docs/security.md, section 6, "Restart".
 */
final class EarlierLives {
    private static final long SILENT_NS = 1_500_000_000;

    private final boolean isSealed;
    private final SlaveTable slaves;
    private final MasterCommands commands;
    private final MasterEvents events;
    private final List<Claim> claims = new ArrayList<>();

    /** A slave has reported that has the id of another, which was heard a moment ago. */
    private record Claim(SlaveEntry later, SlaveEntry earlier) {}

    EarlierLives(boolean isSealed, SlaveTable slaves, MasterCommands commands, MasterEvents events) {
        this.isSealed = isSealed;
        this.slaves = slaves;
        this.commands = commands;
        this.events = events;
    }

    /**
     * The first report of a slave ends its earlier lives. An RSVP alone does not: a second program on the same disk
     * sends RSVP before it notices that the disk is in use.
     */
    void onFirstReport(SlaveEntry later, long nowNs) {
        for (SlaveEntry earlier : slaves.earlierLivesOf(later)) {
            if (isSealed && !isOver(earlier, nowNs)) {
                claims.add(new Claim(later, earlier));
            } else {
                replace(earlier, nowNs);
            }
        }
    }

    /** A slave has reported: it is no earlier life of one that has reported before. */
    void onReport(SlaveEntry slave) {
        for (int i = claims.size() - 1; i >= 0; i--) {
            Claim claim = claims.get(i);
            if (claim.earlier == slave) {
                claims.remove(i);
                events.onWarning(
                        claim.later,
                        "says that it is the same machine and disk as "
                                + slave.name().describe()
                                + ", which still reports; both take part: look whether one of them poses as the other");
            }
        }
    }

    /** Replaces those that have been silent since; often. */
    void look(long nowNs) {
        for (int i = claims.size() - 1; i >= 0; i--) {
            SlaveEntry earlier = claims.get(i).earlier;
            if (isOver(earlier, nowNs)) {
                claims.remove(i);
                if (slaves.ofNonce(earlier.nonce()) == earlier && earlier.result() != SlaveResult.Result.COMPLETE) {
                    replace(earlier, nowNs);
                }
            }
        }
    }

    private static boolean isOver(SlaveEntry earlier, long nowNs) {
        return earlier.isEnded() || nowNs - earlier.lastHeardNs() >= SILENT_NS;
    }

    private void replace(SlaveEntry earlier, long nowNs) {
        slaves.remove(earlier);
        commands.exclude(earlier, nowNs);
        events.onChanged(earlier, SlaveChange.STARTED_ANEW);
    }
}
