package org.imgblstr.protocol.session;

import java.time.Duration;
import java.util.UUID;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.Rendezvous;

/**
 * How a slave listens.
 *
 * @param rendezvous where it listens for masters
 * @param waitTime gives up when no master appears for so long; null waits for ever
 * @param label the name shown to the operator, at most 64 bytes of UTF-8
 * @param slaveId the same for the same machine and device
 * @param verification how much of what was written is read back
 * @param windowTracks slots: tracks that are held in memory at most
 */
public record SlaveOptions(
        Rendezvous rendezvous,
        Duration waitTime,
        String label,
        UUID slaveId,
        Verification verification,
        int windowTracks) {}
