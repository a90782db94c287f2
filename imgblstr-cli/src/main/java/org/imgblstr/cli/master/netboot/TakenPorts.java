package org.imgblstr.cli.master.netboot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.protocol.contract.ExitCode;

/**
 * Programs of this machine that hold a port of netboot. The kernel would let two of them share such a port, and machines would hear either. A
 * server that is bound to another interface or address, as that of virtual machines, is none.
 */
final class TakenPorts {
    /** DHCP, TFTP, and the second question of PXE to a DHCP proxy. */
    private static final Set<Integer> PORTS = Set.of(67, 69, 4011);

    /** {@code UNCONN 0 0 0.0.0.0%eth0:67 0.0.0.0:* users:(("dnsmasq",pid=12,fd=4))}, of ss(8). */
    private static final Pattern LINE = Pattern.compile(
            "\\S+\\s+\\d+\\s+\\d+\\s+(\\S*?)(?:%(\\S+?))?:(\\d+)\\s+\\S+(?:\\s+users:\\(\\(\"([^\"]*)\",pid=(\\d+).*)?\\s*");

    private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "*", "[::]");

    private TakenPorts() {}

    /**
     * Refuses when a port is taken.
     *
     * @throws CliException exit code 17
     */
    static void check(BootNetwork network) throws InterruptedException {
        Set<String> holders = holders(listing(), network);
        if (!holders.isEmpty()) {
            throw new CliException(
                    ExitCode.NETWORK,
                    "another program of this machine serves DHCP or TFTP on " + network.interfaceName() + ": "
                            + String.join(", ", holders) + "; stop it, or another netboot, first");
        }
    }

    /** All UDP sockets of this machine; nothing where ss is not installed: then dnsmasq says what it cannot have. */
    private static List<String> listing() throws InterruptedException {
        try {
            Process ss = ChildProcess.of("ss", "-H", "-u", "-l", "-n", "-p")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            ss.waitFor();
            return text.lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Port and program of each socket that hears what machines of this network ask. */
    static Set<String> holders(List<String> listing, BootNetwork network) {
        Set<String> holders = new TreeSet<>();
        for (String line : listing) {
            Matcher socket = LINE.matcher(line);
            if (socket.matches() && hears(socket, network)) {
                String program = socket.group(4) == null
                        ? "a program without a name"
                        : socket.group(4) + " (process " + socket.group(5) + ")";
                holders.add("UDP port " + socket.group(3) + " by " + program);
            }
        }
        return holders;
    }

    private static boolean hears(Matcher socket, BootNetwork network) {
        boolean isAddress =
                ANY_ADDRESS.contains(socket.group(1)) || network.ownAddress().equals(socket.group(1));
        boolean isInterface = socket.group(2) == null || network.interfaceName().equals(socket.group(2));
        return isAddress && isInterface && PORTS.contains(Integer.parseInt(socket.group(3)));
    }
}
