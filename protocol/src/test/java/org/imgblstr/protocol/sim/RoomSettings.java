package org.imgblstr.protocol.sim;

/**
 * A room of slaves and what happens in it.
 *
 * @param slaves how many
 * @param imageBytes of the source disk, all of it data
 * @param loss of each slave
 * @param windowSlots tracks that each slave holds
 * @param links whether the tracks shrink to half as links of chains, and to six tenths alone
 * @param diskBytesPerSecond of each slave, for writing and for reading back
 */
record RoomSettings(
        int slaves, long imageBytes, Loss loss, int windowSlots, boolean links, long diskBytesPerSecond, long seed) {
    /** As {@link LossProcess} takes it: a loss begins with this probability, and takes 1 to {@code longest} datagrams. */
    record Loss(double begins, int longest) {}

    static final long LINK_BITS_PER_SECOND = 1_000_000_000;

    /** Slaves as they are by default, on a gigabit. */
    static RoomSettings of(int slaves, long imageBytes) {
        return new RoomSettings(slaves, imageBytes, new Loss(0, 1), 512, false, 500_000_000, 1);
    }

    /** Each datagram is lost with this probability, on its own, by each slave. */
    RoomSettings loss(double share) {
        return new RoomSettings(slaves, imageBytes, new Loss(share, 1), windowSlots, links, diskBytesPerSecond, seed);
    }

    /** Each slave loses this share of the datagrams in bursts of 1 to {@code longest}. */
    RoomSettings bursts(double share, int longest) {
        double meanLoss = (1 + longest) / 2.0;
        return new RoomSettings(
                slaves,
                imageBytes,
                new Loss(share / (1 - share) / meanLoss, longest),
                windowSlots,
                links,
                diskBytesPerSecond,
                seed);
    }

    /** Every track is a link of a chain, as with files that compress well. */
    RoomSettings linked() {
        return new RoomSettings(slaves, imageBytes, loss, windowSlots, true, diskBytesPerSecond, seed);
    }
}
