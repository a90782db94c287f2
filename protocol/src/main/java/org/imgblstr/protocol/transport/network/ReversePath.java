package org.imgblstr.protocol.transport.network;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether the kernel drops what comes in at an interface, because answers to the sender would leave by another one:
 * {@code rp_filter}, ip-sysctl. This is so with two cards in one subnet.
 */
public final class ReversePath {
    private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4/conf");
    private static final int STRICT = 1;
    private static final int SMALLEST_SUBNET_BITS = 30;
    private static final int DISCARD_PORT = 9;

    private ReversePath() {}

    /** One sentence for the operator when hosts of the interface's own subnet cannot be heard there; asks the kernel, sends nothing. */
    public static Optional<String> warning(NetworkChoice choice) {
        String name = choice.networkInterface().getName();
        return Math.max(setting("all"), setting(name)) == STRICT
                ? neighbour(choice).flatMap(ReversePath::sourceTo).flatMap(source -> warning(name, choice, source))
                : Optional.empty();
    }

    private static Optional<String> warning(String name, NetworkChoice choice, InetAddress source) {
        return source.equals(choice.address())
                ? Optional.empty()
                : Optional.of("this machine answers hosts of the subnet of " + name + " from "
                        + source.getHostAddress() + ", which is another card, so the kernel drops what comes in at "
                        + name
                        + " (rp_filter); use the other card with --interface, or allow it: sysctl -w"
                        + " net.ipv4.conf.all.rp_filter=2");
    }

    private static int setting(String where) {
        try {
            return Integer.parseInt(Files.readString(SETTINGS.resolve(where).resolve("rp_filter"))
                    .trim());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** Another address of the subnet; empty when there is none. */
    private static Optional<InetAddress> neighbour(NetworkChoice choice) {
        for (InterfaceAddress each : choice.networkInterface().getInterfaceAddresses()) {
            if (each.getAddress().equals(choice.address()) && each.getNetworkPrefixLength() <= SMALLEST_SUBNET_BITS) {
                return Optional.of(besides(choice.address()));
            }
        }
        return Optional.empty();
    }

    /** Another address of the same subnet, whose last two bits are free; never the subnet's first or last one. */
    private static InetAddress besides(Inet4Address address) {
        byte[] bytes = address.getAddress();
        int last = bytes.length - 1;
        bytes[last] = (byte) ((bytes[last] & ~3) | ((bytes[last] & 3) == 1 ? 2 : 1));
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** The address from which this machine would send to {@code host}. */
    private static Optional<InetAddress> sourceTo(InetAddress host) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(host, DISCARD_PORT));
            return Optional.of(socket.getLocalAddress());
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
