package org.imgblstr.protocol.master.sending;

import java.net.InetSocketAddress;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlowPolicy;

/**
 * What a master's engine is told at its start.
 *
 * @param sessionId random
 * @param image what is transferred
 * @param symbolBytes S that every path carries
 * @param largestSymbolBytes S that is used instead when the path to every slave is proven to carry it; {@code symbolBytes} or more
 * @param codecs that may occur: bit n is codec n
 * @param feedback where slaves send to
 * @param dataGroup where data goes
 * @param nodeAddress hardware address, 0 when there is none
 * @param slavesWanted starts as soon as so many are ready; 0: not by number
 * @param waitNs starts after so long with {@code minSlaves}; Long.MAX_VALUE: not by time
 * @param minSlaves at least 1
 * @param rateBitsPerSecond 0 adapts
 * @param slow what a slave that cannot keep up gets
 * @param delta whether the pass is only digests and slaves ask for what their disks lack
 * @param sessionName the name that the operator gave the session, "" when none; at most 64 bytes of UTF-8
 * @param repairWindow tracks behind the newest that the supply holds at least
 */
public record MasterConfig(
        long sessionId,
        SessionImage image,
        int symbolBytes,
        int largestSymbolBytes,
        int codecs,
        InetSocketAddress feedback,
        InetSocketAddress dataGroup,
        long nodeAddress,
        int slavesWanted,
        long waitNs,
        int minSlaves,
        long rateBitsPerSecond,
        SlowPolicy slow,
        boolean delta,
        String sessionName,
        int repairWindow) {}
