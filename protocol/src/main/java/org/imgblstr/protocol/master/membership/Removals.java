package org.imgblstr.protocol.master.membership;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.imgblstr.protocol.master.sending.MasterCommands;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.slaves.SlaveEntry;

/**
 * Slaves that were removed, by the operator or because they were too slow. Each is told so, again whenever it sends something, and, when nobody
 * else is left, again and again for a while: the session then ends once it has left. One thread.
 */
final class Removals {
    private static final long MS = 1_000_000;

    private static final long REPEAT_NS = 100 * MS;

    /** A slave leaves within milliseconds; in a large room its Disconnect waits for up to a report interval. */
    private static final long LONGEST_NS = 3_000 * MS;

    /** A slave that did not hear the answer to its Disconnect asks again after 250 ms, and then after 500 ms. */
    static final long ANSWER_NS = 600 * MS;

    private final Map<Long, Removal> byNonce = new HashMap<>();
    private final MasterCommands commands;
    private final TrackSender sender;
    private long tellNs;

    Removals(MasterCommands commands, TrackSender sender) {
        this.commands = commands;
        this.sender = sender;
    }

    private static final class Removal {
        private final SlaveEntry slave;
        private final boolean isKick;
        private long awaitedUntilNs;

        Removal(SlaveEntry slave, boolean isKick, long awaitedUntilNs) {
            this.slave = slave;
            this.isKick = isKick;
            this.awaitedUntilNs = awaitedUntilNs;
        }
    }

    /** Removes a slave. {@code isKick}: by order of the operator. */
    void remove(SlaveEntry slave, boolean isKick, long nowNs) {
        Removal removal = new Removal(slave, isKick, nowNs + LONGEST_NS);
        byNonce.put(slave.nonce(), removal);
        tellNs = nowNs + REPEAT_NS;
        tell(removal);
    }

    /** A slave that was given up is told that it was removed when it comes back: it could not read what is sent any more. It is not awaited. */
    void giveUp(SlaveEntry slave, long nowNs) {
        byNonce.put(slave.nonce(), new Removal(slave, false, nowNs));
    }

    /** Whether the slave of this nonce was removed; it is told again. */
    boolean tell(long nonce, InetSocketAddress from) {
        Removal removal = byNonce.get(nonce);
        if (removal != null) {
            removal.slave.moveTo(from);
            tell(removal);
        }
        return removal != null;
    }

    private void tell(Removal removal) {
        if (removal.isKick) {
            commands.kicked(removal.slave, sender.sequence());
        } else {
            commands.removed(removal.slave, sender.sequence());
        }
    }

    /** The removed slave of this index and nonce that has sent Disconnect; null when there is none. */
    SlaveEntry onDisconnect(int index, long nonce, long nowNs) {
        Removal removal = byNonce.get(nonce);
        if (removal == null || removal.slave.index() != index) {
            return null;
        }
        removal.awaitedUntilNs = nowNs + ANSWER_NS;
        return removal.slave;
    }

    /** Nobody else is left: tells those that have not left. Returns whether one of them is still awaited. */
    boolean areAwaited(long nowNs) {
        boolean isDue = tellNs - nowNs <= 0;
        if (isDue) {
            tellNs = nowNs + REPEAT_NS;
        }
        boolean isAny = false;
        for (Removal removal : byNonce.values()) {
            if (removal.awaitedUntilNs - nowNs > 0) {
                isAny = true;
                if (isDue) {
                    tell(removal);
                }
            }
        }
        return isAny;
    }
}
