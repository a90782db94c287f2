package org.imgblstr.protocol.session;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.imgblstr.protocol.contract.SlowPolicy;

/**
 * How a master runs a session.
 *
 * @param interfaceName name or address of the interface; null chooses (docs: product, --interface)
 * @param group rendezvous group and port
 * @param slavesWanted start as soon as so many have joined; 0 when not said
 * @param waitTime start after this long with at least {@code minSlaves}; null when not said
 * @param minSlaves see {@code waitTime}
 * @param rateBitsPerSecond send rate on the wire, headers included; 0 adapts
 * @param slow what a slave that cannot keep up gets
 * @param sessionName the name of the session, "" when none; at most 64 bytes of UTF-8
 * @param delta slaves get only what their disks lack: the pipeline gives digests instead of tracks
 */
public record MasterOptions(
        String interfaceName,
        InetSocketAddress group,
        int slavesWanted,
        Duration waitTime,
        int minSlaves,
        long rateBitsPerSecond,
        SlowPolicy slow,
        String sessionName,
        boolean delta) {}
