package org.imgblstr.protocol.contract;

/**
 * UDP ports that a socket may take: the first that no other program has.
 *
 * @param first at least 1
 * @param last at least {@code first}, at most 65535
 */
public record PortRange(int first, int last) {
    /** The largest number of a port. */
    public static final int MAX_PORT = 65_535;

    /** How many sessions of one host find a port of their own without options. */
    private static final int MOST_SESSIONS = 16;

    public PortRange {
        if (first < 1 || last < first || last > MAX_PORT) {
            throw new IllegalArgumentException("ports " + first + " to " + last + " are no range");
        }
    }

    /** Only this port. */
    public static PortRange only(int port) {
        return new PortRange(port, port);
    }

    /** This port, or when other programs have it, one of the 15 that follow. */
    public static PortRange from(int port) {
        return new PortRange(port, Math.min(MAX_PORT, port + MOST_SESSIONS - 1));
    }
}
