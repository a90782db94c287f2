package org.imgblstr.protocol.transport.network;

import java.io.IOException;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * On which interfaces this host listens to a group. Source: {@code /proc/net/igmp}, proc_pid_net(5):
 * <pre>
 * Idx  Device    : Count Querier  Group    Users Timer  Reporter
 * 4    eth0      :     1      V3
 *                                 010000E0     1 0:00000000    0
 * </pre>
 */
public final class IgmpTable {
    private static final Path KERNEL_TABLE = Path.of("/proc/net/igmp");

    private IgmpTable() {}

    /** True when the kernel lists {@code group} under {@code interfaceName}, and also where it gives no list at all. */
    public static boolean isJoined(String interfaceName, Inet4Address group) {
        try {
            return isJoined(Files.readAllLines(KERNEL_TABLE), interfaceName, group);
        } catch (IOException e) {
            return true; // nothing to check against: IP_MULTICAST_IF has been accepted for the same interface
        }
    }

    static boolean isJoined(List<String> lines, String interfaceName, Inet4Address group) {
        String wanted = kernelForm(group);
        boolean inInterface = false;
        for (String line : lines) {
            if (line.isEmpty()) {
                continue;
            }
            String[] fields = line.trim().split("[\\s:]+", -1);
            if (Character.isWhitespace(line.charAt(0))) {
                if (inInterface && fields[0].equals(wanted)) {
                    return true;
                }
            } else {
                inInterface = fields.length > 1 && fields[1].equals(interfaceName);
            }
        }
        return false;
    }

    /** The kernel prints the address as a number in the byte order of the machine, though its bytes are in network order. */
    private static String kernelForm(Inet4Address group) {
        int number = ByteBuffer.wrap(group.getAddress())
                .order(ByteOrder.nativeOrder())
                .getInt();
        return HexFormat.of().withUpperCase().toHexDigits(number);
    }
}
