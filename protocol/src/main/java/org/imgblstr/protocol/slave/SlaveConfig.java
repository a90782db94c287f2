package org.imgblstr.protocol.slave;

import java.util.Set;
import java.util.UUID;

/**
 * What a slave's engine is told at its start.
 *
 * @param slaveId the same for the same machine and device
 * @param nonce fresh for each start
 * @param label shown to the operator, at most 64 bytes of UTF-8
 * @param deviceBytes size of the target
 * @param sectorBytes sector size of the target; 0 when it takes on that of the image
 * @param windowSlots tracks held in memory at most
 * @param maxSymbolBytes largest symbol taken
 * @param verify whether a track counts only after it was read back
 * @param waitNs gives up when no master appears for so long; Long.MAX_VALUE waits for ever
 * @param sessionName joins only sessions of this name; "" joins any, when there is only one
 * @param listenNs listens so long for other masters before it joins one; LISTEN_NS but in a rehearsal
 * @param endedSessions sessions that this slave has already been through
 */
public record SlaveConfig(
        UUID slaveId,
        long nonce,
        String label,
        long deviceBytes,
        int sectorBytes,
        int windowSlots,
        int maxSymbolBytes,
        boolean verify,
        long waitNs,
        String sessionName,
        long listenNs,
        Set<Long> endedSessions) {
    /** An interval of announcements, and a little. */
    public static final long LISTEN_NS = 600_000_000;

    public SlaveConfig {
        endedSessions = Set.copyOf(endedSessions);
    }
}
