package org.imgblstr.protocol.session;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import org.imgblstr.disk.track.Verification;

/**
 * How a slave listens.
 *
 * @param interfaceName name or address of the interface; null chooses
 * @param group rendezvous group and port
 * @param sessionName joins only sessions of this name; "" joins any, when there is only one
 * @param waitTime gives up when no master appears for so long; null waits for ever
 * @param label the name shown to the operator, at most 64 bytes of UTF-8
 * @param slaveId the same for the same machine and device
 * @param verification how much of what was written is read back
 * @param windowTracks slots: tracks that are held in memory at most
 */
public record SlaveOptions(
        String interfaceName,
        InetSocketAddress group,
        String sessionName,
        Duration waitTime,
        String label,
        UUID slaveId,
        Verification verification,
        int windowTracks) {}
