package org.imgblstr.protocol.transport.network;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.imgblstr.protocol.transport.network.InterfaceException.Why;

/**
 * Chooses the interface of a session: the named one; else the one that has the default route; else the only one that is up and can
 * multicast. Loopback counts only when it is named. Never guesses: a wrong interface floods a network that the
 * operator did not mean.
 */
public final class InterfaceChooser {
    private static final int EUI48_BYTES = 6;
    private static final Path SYS_CLASS_NET = Path.of("/sys/class/net");

    private InterfaceChooser() {}

    /**
     * Chooses among the interfaces of this host.
     *
     * @param wanted name or address of the interface; null leaves the choice to the rules above
     * @throws InterfaceException when none fits, several do, or the one has no IPv4 address
     */
    public static NetworkChoice choose(String wanted) throws InterfaceException {
        try {
            Choice choice = choose(wanted, candidates(), RouteTable.defaultRouteInterfaces());
            NetworkInterface chosen = NetworkInterface.getByName(choice.name());
            if (chosen == null) {
                throw new InterfaceException(
                        Why.NOT_READY, "interface " + choice.name() + " has just disappeared; try again");
            }
            return new NetworkChoice(
                    chosen, choice.address(), nodeAddress(chosen), chosen.getMTU(), linkMbits(choice.name()));
        } catch (SocketException e) {
            throw new InterfaceException(Why.ABSENT, "the kernel does not list its interfaces: " + e.getMessage());
        }
    }

    /**
     * Fails as {@link #choose} does where waiting cannot help, so that a wrong name is told before anything is asked.
     *
     * @throws InterfaceException when none has the name, or several fit
     */
    public static void check(String wanted) throws InterfaceException {
        try {
            choose(wanted);
        } catch (InterfaceException e) {
            if (!e.mayPass()) {
                throw e;
            }
        }
    }

    /** The interface of a choice as it is now, with the same address while it has that, else with its first. Empty while it has none, or is gone. */
    public static Optional<NetworkChoice> again(NetworkChoice before) {
        try {
            NetworkInterface now =
                    NetworkInterface.getByName(before.networkInterface().getName());
            List<Inet4Address> addresses = now == null
                    ? List.of()
                    : now.inetAddresses()
                            .filter(Inet4Address.class::isInstance)
                            .map(Inet4Address.class::cast)
                            .toList();
            if (addresses.isEmpty()) {
                return Optional.empty();
            }
            Inet4Address address = addresses.contains(before.address()) ? before.address() : addresses.get(0);
            return Optional.of(new NetworkChoice(now, address, nodeAddress(now), now.getMTU(), before.linkMbits()));
        } catch (SocketException e) {
            return Optional.empty(); // it vanished meanwhile
        }
    }

    /**
     * An interface that a session can use.
     *
     * @param description name and addresses, for a person
     */
    public record Usable(String name, String description) {}

    /** Interfaces of this host that are up and have an address, without loopback; none when the kernel does not tell. */
    public static List<Usable> usable() {
        try {
            return candidates().stream()
                    .filter(InterfaceCandidate::isLanInterface)
                    .filter(candidate -> candidate.firstInet4().isPresent())
                    .map(candidate -> new Usable(candidate.name(), candidate.describe()))
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    /** Name and address of the interface that the rules lead to. */
    record Choice(String name, Inet4Address address) {}

    static Choice choose(String wanted, List<InterfaceCandidate> candidates, List<String> defaultRoutes)
            throws InterfaceException {
        if (wanted != null) {
            return named(wanted, candidates);
        }
        List<InterfaceCandidate> lan =
                candidates.stream().filter(InterfaceCandidate::isLanInterface).toList();
        List<InterfaceCandidate> routed =
                lan.stream().filter(c -> defaultRoutes.contains(c.name())).toList();
        if (!routed.isEmpty()) {
            return only(routed, "have the default route");
        }
        if (lan.isEmpty()) {
            throw nothingUp(candidates);
        }
        List<InterfaceCandidate> addressed =
                lan.stream().filter(c -> c.firstInet4().isPresent()).toList();
        if (addressed.isEmpty()) {
            throw noAddress(lan);
        }
        return only(addressed, "are up and can multicast");
    }

    private static Choice named(String wanted, List<InterfaceCandidate> candidates) throws InterfaceException {
        for (InterfaceCandidate candidate : candidates) {
            if (candidate.name().equals(wanted)) {
                return withAddress(requireUp(candidate));
            }
        }
        Optional<InetAddress> address = literalAddress(wanted);
        for (InterfaceCandidate candidate : candidates) {
            if (address.isPresent() && candidate.addresses().contains(address.get())) {
                requireUp(candidate);
                return address.get() instanceof Inet4Address inet4
                        ? new Choice(candidate.name(), inet4)
                        : withAddress(candidate);
            }
        }
        throw new InterfaceException(
                Why.ABSENT, "no interface has the name or address " + wanted + "; there are " + list(candidates));
    }

    private static InterfaceCandidate requireUp(InterfaceCandidate candidate) throws InterfaceException {
        if (!candidate.isUp()) {
            throw new InterfaceException(
                    Why.NOT_READY,
                    "interface " + candidate.name() + " is down or has no link; switch it on (ip link set "
                            + candidate.name() + " up) and check the cable");
        }
        return candidate;
    }

    private static InterfaceException nothingUp(List<InterfaceCandidate> candidates) {
        return new InterfaceException(
                Why.NOT_READY,
                "no network interface is up and has a link; there are " + list(candidates)
                        + "; switch an interface on (ip link set NAME up) and check the cable; a session within this"
                        + " machine needs --interface lo");
    }

    private static Choice only(List<InterfaceCandidate> fitting, String because) throws InterfaceException {
        if (fitting.size() > 1) {
            throw new InterfaceException(
                    Why.AMBIGUOUS,
                    "several interfaces " + because + ": " + list(fitting) + "; name one with --interface");
        }
        return withAddress(fitting.get(0));
    }

    private static Choice withAddress(InterfaceCandidate candidate) throws InterfaceException {
        // Without an address the kernel joins groups on whatever has the default route, and says nothing.
        Inet4Address address = candidate.firstInet4().orElseThrow(() -> noAddress(List.of(candidate)));
        return new Choice(candidate.name(), address);
    }

    private static InterfaceException noAddress(List<InterfaceCandidate> candidates) {
        String which = candidates.size() == 1
                ? "interface " + candidates.get(0).name() + " has no IPv4 address"
                : "no interface has an IPv4 address: " + list(candidates);
        return new InterfaceException(
                Why.NOT_READY,
                which + "; wait for DHCP, or add an address (ip addr add ADDRESS/PREFIX dev "
                        + candidates.get(0).name() + ")");
    }

    private static String list(List<InterfaceCandidate> candidates) {
        return candidates.isEmpty()
                ? "none"
                : candidates.stream().map(InterfaceCandidate::describe).collect(Collectors.joining(", "));
    }

    /** Never asks a name server. */
    private static Optional<InetAddress> literalAddress(String text) throws InterfaceException {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new InterfaceException(Why.ABSENT, "not an address: " + text);
        }
    }

    private static List<InterfaceCandidate> candidates() throws SocketException {
        List<InterfaceCandidate> candidates = new ArrayList<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            try {
                candidates.add(new InterfaceCandidate(
                        each.getName(),
                        each.isUp(),
                        each.supportsMulticast(),
                        each.isLoopback(),
                        Collections.list(each.getInetAddresses())));
            } catch (SocketException e) {
                // It vanished between the list and the question.
            }
        }
        return candidates;
    }

    private static long nodeAddress(NetworkInterface chosen) throws SocketException {
        byte[] hardware = chosen.getHardwareAddress();
        if (hardware == null || hardware.length != EUI48_BYTES) {
            return 0;
        }
        return ByteBuffer.allocate(Long.BYTES).put(hardware).getLong(0);
    }

    private static int linkMbits(String name) {
        try {
            return Math.max(
                    0,
                    Integer.parseInt(
                            Files.readString(SYS_CLASS_NET.resolve(name).resolve("speed"))
                                    .trim()));
        } catch (IOException | NumberFormatException e) {
            return 0; // loopback and most virtual interfaces have no speed
        }
    }
}
