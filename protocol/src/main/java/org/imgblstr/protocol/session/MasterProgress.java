package org.imgblstr.protocol.session;

import java.util.List;

/**
 * Where a master's session is.
 *
 * @param sessionId 64 bits
 * @param sentTracks tracks of the pass sent or skipped
 * @param wireBytes bytes on the wire so far, Ethernet, IP and UDP headers included
 * @param rateBitsPerSecond the rate it sends at
 * @param slaves all that ever joined
 */
public record MasterProgress(
        long sessionId, int sentTracks, long wireBytes, long rateBitsPerSecond, List<SlaveProgress> slaves) {}
