package org.imgblstr.protocol.slave;

import java.net.InetSocketAddress;

/**
 * Where the master of a session is. The address may change while the session lasts. One thread.
 *
 * <p>Nobody can take a session from a master that is still heard: docs/decisions/19-addresses.md.
 */
final class MasterPlace {
    /** Five announcements in a row: one of them would have come if the master were still at its old address. */
    private static final long GONE_NS = 2_500_000_000L;

    private InetSocketAddress address;

    MasterPlace(InetSocketAddress address) {
        this.address = address;
    }

    InetSocketAddress address() {
        return address;
    }

    /**
     * The session is announced from another address.
     *
     * @param silentNs for how long nothing has come from the present one
     * @return whether the master is there now
     */
    boolean moveTo(InetSocketAddress newAddress, long silentNs) {
        if (silentNs < GONE_NS) {
            return false;
        }
        address = newAddress;
        return true;
    }
}
