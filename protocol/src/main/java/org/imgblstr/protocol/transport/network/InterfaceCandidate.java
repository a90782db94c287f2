package org.imgblstr.protocol.transport.network;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What {@link InterfaceChooser} needs to know of an interface.
 *
 * @param name as the kernel calls it
 * @param isUp switched on and with a link
 * @param canMulticast says so itself; {@code lo} does not, though multicast works on it
 * @param isLoopback is {@code lo}
 * @param addresses all its addresses, IPv4 and IPv6
 */
record InterfaceCandidate(
        String name, boolean isUp, boolean canMulticast, boolean isLoopback, List<InetAddress> addresses) {
    InterfaceCandidate {
        addresses = List.copyOf(addresses);
    }

    boolean isLanInterface() {
        return isUp && canMulticast && !isLoopback;
    }

    Optional<Inet4Address> firstInet4() {
        return addresses.stream()
                .filter(Inet4Address.class::isInstance)
                .map(Inet4Address.class::cast)
                .findFirst();
    }

    /** For the operator: {@code eth0 (192.0.2.2)}. */
    String describe() {
        String address = firstInet4().map(Inet4Address::getHostAddress).orElse("no IPv4 address");
        return name + " (" + address + (isUp ? "" : ", down") + (isLoopback ? ", loopback" : "") + ")";
    }
}
