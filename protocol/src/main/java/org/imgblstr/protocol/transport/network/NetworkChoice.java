package org.imgblstr.protocol.transport.network;

import java.net.Inet4Address;
import java.net.NetworkInterface;

/**
 * The interface of a session. Source: {@link InterfaceChooser}.
 *
 * @param networkInterface has {@code address}
 * @param address IPv4 address that the sockets for single hosts are bound to
 * @param nodeAddress EUI-48 in the high 48 bits, zeros below; 0 where the interface has none (loopback)
 * @param mtu largest IP packet, header included
 * @param linkMbits speed of the link in Mbit/s; 0 when the kernel does not tell
 */
public record NetworkChoice(
        NetworkInterface networkInterface, Inet4Address address, long nodeAddress, int mtu, int linkMbits) {
    /** IPv4 header without options, and UDP header. */
    private static final int IP_AND_UDP_HEADER_BYTES = 20 + 8;

    private static final int MAX_UDP_PAYLOAD_BYTES = 65_535 - IP_AND_UDP_HEADER_BYTES;

    /** Largest UDP payload that leaves this interface in one piece. */
    public int maxDatagramBytes() {
        return Math.min(mtu - IP_AND_UDP_HEADER_BYTES, MAX_UDP_PAYLOAD_BYTES);
    }
}
