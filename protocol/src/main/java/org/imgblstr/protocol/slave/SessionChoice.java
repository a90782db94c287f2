package org.imgblstr.protocol.slave;

import java.util.Set;

/**
 * Which session a slave joins, and when.
 *
 * @param sessionName joins only sessions of this name; "" joins any, when there is only one
 * @param waitNs gives up when no master appears for so long; Long.MAX_VALUE waits for ever
 * @param listenNs listens so long for other masters before it joins one; LISTEN_NS but in a rehearsal
 * @param endedSessions sessions that this slave has already been through
 */
public record SessionChoice(String sessionName, long waitNs, long listenNs, Set<Long> endedSessions) {
    /** An interval of announcements, and a little. */
    public static final long LISTEN_NS = 600_000_000;

    public SessionChoice {
        endedSessions = Set.copyOf(endedSessions);
    }
}
