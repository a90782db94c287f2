package org.imgblstr.protocol.master.slaves;

/** How often slaves report: all of them together at most 2000 times a second, and one of them at most 50 times. One thread. */
public final class ReportInterval {
    private static final long MS = 1_000_000;
    private static final int SHORTEST_MS = 20;
    private static final int LONGEST_MS = 1000;

    private final SlaveTable slaves;
    private final int slavesWanted;

    /** {@code slavesWanted}: as many are expected to join. */
    public ReportInterval(SlaveTable slaves, int slavesWanted) {
        this.slaves = slaves;
        this.slavesWanted = slavesWanted;
    }

    /** Milliseconds between two reports of a slave: 20 to 1000. */
    public int ms() {
        int slaveCount = Math.max(slaves.size(), slavesWanted);
        return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, slaveCount / 2));
    }

    /** {@link #ms()} in nanoseconds. */
    public long ns() {
        return ms() * MS;
    }

    /** Whether there are so few slaves that each reports as often as one may: up to 40. */
    public boolean isShortest() {
        return ms() <= SHORTEST_MS;
    }
}
