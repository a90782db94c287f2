package org.imgblstr.protocol.session;

import java.time.Duration;
import java.util.UUID;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.Rendezvous;
import org.imgblstr.protocol.contract.SlaveMachine;

/**
 * How a slave listens.
 *
 * @param rendezvous where it listens for masters
 * @param waitTime gives up when no master appears for so long; null waits for ever
 * @param label the name shown to the operator, at most 64 bytes of UTF-8
 * @param slaveId the same for the same machine and device
 * @param machine what it runs on and what it overwrites; the session adds the hardware address of its interface
 * @param verification how much of what was written is read back
 * @param windowTracks slots: tracks that are held in memory at most
 */
public record SlaveOptions(
        Rendezvous rendezvous,
        Duration waitTime,
        String label,
        UUID slaveId,
        SlaveMachine machine,
        Verification verification,
        int windowTracks) {}
