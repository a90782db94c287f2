package org.imgblstr.cli.master.netboot;

import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.transport.network.InterfaceChooser;
import org.imgblstr.protocol.transport.network.InterfaceException;
import org.imgblstr.protocol.transport.network.NetworkChoice;

/**
 * The network whose machines are served.
 *
 * @param interfaceName as the kernel calls it
 * @param address this machine's own address there
 * @param prefix leading bits that all addresses of the network share
 */
record BootNetwork(String interfaceName, Inet4Address address, int prefix) {
    /** A smaller network has no room for a server and a machine. */
    private static final int LONGEST_PREFIX = 30;

    /**
     * The network of an interface of this machine.
     *
     * @throws InterfaceException when there is no such interface, or it has no link or no address
     * @throws CliException exit code 17: its network has no room for machines
     */
    static BootNetwork of(String wanted) throws InterfaceException {
        checkListed(wanted);
        NetworkChoice choice = InterfaceChooser.choose(wanted);
        int prefix = choice.networkInterface().getInterfaceAddresses().stream()
                .filter(each -> choice.address().equals(each.getAddress()))
                .mapToInt(InterfaceAddress::getNetworkPrefixLength)
                .findFirst()
                .orElse(Ipv4.BITS);
        BootNetwork network = new BootNetwork(choice.networkInterface().getName(), choice.address(), prefix);
        if (prefix > LONGEST_PREFIX) {
            throw new CliException(
                    ExitCode.NETWORK,
                    "the network " + network.describe() + " of interface " + network.interfaceName()
                            + " has no room for machines; give it an address with a prefix of at most "
                            + LONGEST_PREFIX);
        }
        return network;
    }

    /** Java does not list an interface that is down and has no address. */
    private static void checkListed(String wanted) throws InterfaceException {
        boolean isThere = !wanted.contains("/") && Files.isDirectory(Path.of("/sys/class/net", wanted));
        try {
            if (isThere && NetworkInterface.getByName(wanted) == null) {
                throw new CliException(
                        ExitCode.NETWORK,
                        "interface " + wanted + " is down and has no address; switch it on (ip link set " + wanted
                                + " up) and give it one (ip addr add ADDRESS/PREFIX dev " + wanted + ")");
            }
        } catch (SocketException e) {
            throw new InterfaceException(
                    InterfaceException.Why.ABSENT, "the kernel does not list its interfaces: " + e.getMessage());
        }
    }

    String ownAddress() {
        return address.getHostAddress();
    }

    /** The first address, which stands for the network. */
    long first() {
        return Ipv4.of(address) & mask();
    }

    /** The last address, which stands for all machines of the network. */
    long last() {
        return first() | (~mask() & mask(0));
    }

    long mask() {
        return mask(Ipv4.BITS - prefix);
    }

    private static long mask(int zeros) {
        return (1L << Ipv4.BITS) - (1L << zeros);
    }

    /** As 10.0.0.0/24. */
    String describe() {
        return Ipv4.text(first()) + "/" + prefix;
    }
}
