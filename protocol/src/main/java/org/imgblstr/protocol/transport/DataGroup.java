package org.imgblstr.protocol.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * The multicast group that a session sends its data to, computed from the session id, so that sessions that run at the
 * same time rarely share a group: one of 32768 groups 239.255.128.0 to 239.255.255.255 (RFC 2365 local scope; all of
 * different Ethernet addresses). The port is that of the rendezvous group, so that a firewall needs one rule for both.
 */
public final class DataGroup {
    private DataGroup() {}

    /** The same id and rendezvous group give the same group always and everywhere; never the rendezvous group itself. */
    public static InetSocketAddress of(long sessionId, InetSocketAddress rendezvous) {
        long mixed = mix(sessionId);
        byte[] address = {(byte) 239, (byte) 255, (byte) (128 | mixed >>> 56), (byte) (mixed >>> 48)};
        InetSocketAddress group = group(address, rendezvous.getPort());
        if (group.equals(rendezvous)) {
            address[3] ^= 1;
            return group(address, rendezvous.getPort());
        }
        return group;
    }

    private static InetSocketAddress group(byte[] address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** The finalizer of MurmurHash3: each bit of the id moves about half the bits of the result. */
    private static long mix(long id) {
        long mixed = id;
        mixed = (mixed ^ mixed >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }
}
