package org.imgblstr.protocol.sim;

import java.util.Locale;

/**
 * What a run in a room came to.
 *
 * @param complete slaves that ended complete
 * @param dataDatagrams to the data group, all kinds
 * @param sourceDatagrams of them there would be without loss: the source symbols of all tracks
 * @param lostByAny datagrams that at least one slave lost
 * @param feedback reports at the master
 * @param dataSeconds virtual time from the start of data to the end of all slaves
 */
record RoomReport(
        RoomSettings settings,
        int complete,
        long dataDatagrams,
        long sourceDatagrams,
        long lostByAny,
        Feedback feedback,
        double dataSeconds) {
    /**
     * Reports at the master.
     *
     * @param inAnySecond in the busiest second
     * @param inAnyTenth in the busiest tenth of a second
     */
    record Feedback(int inAnySecond, int inAnyTenth) {}

    /** Datagrams beyond those without loss, as a share of these. */
    double overhead() {
        return (double) (dataDatagrams - sourceDatagrams) / sourceDatagrams;
    }

    /** Share of the datagrams that at least one slave lost. */
    double lostShare() {
        return (double) lostByAny / sourceDatagrams;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d slaves, %d MiB%s, loss begins with %.6f for 1 to %d: %d complete, %.2f %% more datagrams (%.2f %% lost by any),"
                        + " feedback %d/s and %d in 100 ms at most, %.2f s",
                settings.slaves(),
                settings.imageBytes() >> 20,
                settings.links() ? " of links" : "",
                settings.loss().begins(),
                settings.loss().longest(),
                complete,
                overhead() * 100,
                lostShare() * 100,
                feedback.inAnySecond(),
                feedback.inAnyTenth(),
                dataSeconds);
    }
}
