package org.imgblstr.protocol.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * The multicast group and port that a session sends its data to, computed from the session id, so that sessions that
 * run at the same time rarely share a group: one of 32768 groups 239.255.128.0 to 239.255.255.255 (RFC 2365 local
 * scope; all of different Ethernet addresses, and different from the default rendezvous group) and one of 12768 ports
 * 20000 to 32767. The ports end below Linux's range for clients (32768), so no client socket of a slave can be in the
 * way.
 */
public final class DataGroup {
    private static final int FIRST_PORT = 20_000;
    private static final int END_PORT = 32_768;

    private DataGroup() {}

    /** The same id gives the same group always and everywhere. */
    public static InetSocketAddress of(long sessionId) {
        long mixed = mix(sessionId);
        byte[] group = {(byte) 239, (byte) 255, (byte) (128 | mixed >>> 56), (byte) (mixed >>> 48)};
        int port = FIRST_PORT + (int) Long.remainderUnsigned(mixed & 0xFFFF_FFFF_FFFFL, END_PORT - FIRST_PORT);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(group), port);
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
