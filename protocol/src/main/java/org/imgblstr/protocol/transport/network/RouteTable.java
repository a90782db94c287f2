package org.imgblstr.protocol.transport.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which interfaces have the IPv4 default route. Source: {@code /proc/net/route}, proc_pid_net(5). */
final class RouteTable {
    private static final Path KERNEL_TABLE = Path.of("/proc/net/route");
    private static final int INTERFACE = 0;
    private static final int DESTINATION = 1;
    private static final int FLAGS = 3;
    private static final int METRIC = 6;
    private static final int MASK = 7;
    private static final int RTF_UP = 0x1;
    private static final int RTF_REJECT = 0x200;
    private static final int HEX = 16;

    private RouteTable() {}

    /** Default-route interfaces of this host; empty where the table cannot be read. */
    static List<String> defaultRouteInterfaces() {
        try {
            return defaultRouteInterfaces(Files.readAllLines(KERNEL_TABLE));
        } catch (IOException e) {
            return List.of(); // the choice then falls to the only interface, or asks the operator
        }
    }

    /** The interfaces whose default route has the lowest metric, each once, in the table's order; malformed lines are passed over. */
    static List<String> defaultRouteInterfaces(List<String> lines) {
        List<String> best = new ArrayList<>();
        long bestMetric = Long.MAX_VALUE;
        for (String line : lines) {
            String[] fields = line.trim().split("\\s+", -1);
            if (!isDefaultRoute(fields)) {
                continue;
            }
            long metric = number(fields[METRIC], 10);
            if (metric < bestMetric) {
                best.clear();
                bestMetric = metric;
            }
            if (metric == bestMetric && !best.contains(fields[INTERFACE])) {
                best.add(fields[INTERFACE]);
            }
        }
        return best;
    }

    private static boolean isDefaultRoute(String[] fields) {
        if (fields.length <= MASK) {
            return false;
        }
        long flags = number(fields[FLAGS], HEX);
        return flags >= 0
                && (flags & RTF_UP) != 0
                && (flags & RTF_REJECT) == 0
                && number(fields[DESTINATION], HEX) == 0
                && number(fields[MASK], HEX) == 0
                && number(fields[METRIC], 10) >= 0;
    }

    /** -1 when {@code text} is no number of that radix. */
    private static long number(String text, int radix) {
        try {
            return Long.parseLong(text, radix);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
