package org.imgblstr.protocol.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Network addresses as 16 bytes; IPv4 as {@code ::ffff:a.b.c.d}. Asks no name service. */
public final class WireAddress {
    public static final int BYTES = 16;

    private static final int IPV4_BYTES = 4;
    private static final int MAPPED_PREFIX = BYTES - IPV4_BYTES;

    private WireAddress() {}

    /** 16 bytes of an address. */
    public static byte[] toBytes(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == BYTES) {
            return bytes;
        }
        byte[] mapped = new byte[BYTES];
        mapped[MAPPED_PREFIX - 2] = (byte) 0xFF;
        mapped[MAPPED_PREFIX - 1] = (byte) 0xFF;
        System.arraycopy(bytes, 0, mapped, MAPPED_PREFIX, IPV4_BYTES);
        return mapped;
    }

    /** The address of 16 bytes: an {@code Inet4Address} for a mapped one. */
    public static InetAddress ofBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("address: expected " + BYTES + " bytes, found " + bytes.length);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are always an address", e);
        }
    }
}
