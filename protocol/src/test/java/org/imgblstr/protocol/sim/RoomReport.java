package org.imgblstr.protocol.sim;

import java.util.Locale;

/**
 * What a run in a room came to.
 *
 * @param complete slaves that ended complete
 * @param sent datagrams to the data group
 * @param feedback reports at the master
 * @param dataSeconds virtual time from the start of data to the end of all slaves
 */
record RoomReport(RoomSettings settings, int complete, Sent sent, Feedback feedback, double dataSeconds) {
    /**
     * Datagrams to the data group.
     *
     * @param all of all kinds
     * @param source there would be without loss: the source symbols of all tracks of the image
     * @param digestSource symbols of digest tracks that there would be without loss, or a few more than that; 0 in an open session
     * @param digests symbols of digest tracks
     * @param lostByAny that at least one slave lost
     */
    record Sent(long all, long source, long digestSource, long digests, long lostByAny) {}

    /**
     * Reports at the master.
     *
     * @param inAnySecond in the busiest second
     * @param inAnyTenth in the busiest tenth of a second
     */
    record Feedback(int inAnySecond, int inAnyTenth) {}

    /** Datagrams beyond those without loss, as a share of these. Digest tracks are such datagrams too. */
    double overhead() {
        return (double) (sent.all() - sent.source()) / sent.source();
    }

    /** Share of the datagrams that at least one slave lost. */
    double lostShare() {
        return (double) sent.lostByAny() / sent.source();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d slaves%s, %d MiB%s, loss begins with %.6f for 1 to %d: %d complete, %.2f %% more datagrams (%d of digests,"
                        + " %.2f %% lost by any), feedback %d/s and %d in 100 ms at most, %.2f s",
                settings.slaves(),
                settings.sealed() ? ", sealed" : "",
                settings.imageBytes() >> 20,
                settings.links() ? " of links" : "",
                settings.loss().begins(),
                settings.loss().longest(),
                complete,
                overhead() * 100,
                sent.digests(),
                lostShare() * 100,
                feedback.inAnySecond(),
                feedback.inAnyTenth(),
                dataSeconds);
    }
}
