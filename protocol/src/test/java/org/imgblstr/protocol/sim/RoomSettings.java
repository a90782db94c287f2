package org.imgblstr.protocol.sim;

import org.imgblstr.protocol.sealing.SealedLayout;
import org.imgblstr.protocol.wire.Datagram;

/**
 * A room of slaves and what happens in it.
 *
 * @param slaves how many
 * @param imageBytes of the source disk, all of it data
 * @param loss of each slave
 * @param machine what each slave runs on
 * @param links whether the tracks shrink to half as links of chains, and to six tenths alone
 * @param sealed whether the session is sealed
 */
record RoomSettings(int slaves, long imageBytes, Loss loss, Machine machine, boolean links, boolean sealed, long seed) {
    /** As {@link LossProcess} takes it: a loss begins with this probability, and takes 1 to {@code longest} datagrams. */
    record Loss(double begins, int longest) {}

    /**
     * What a slave runs on.
     *
     * @param windowSlots tracks that it holds
     * @param diskBytesPerSecond for writing and for reading back
     */
    record Machine(int windowSlots, long diskBytesPerSecond) {}

    static final long LINK_BITS_PER_SECOND = 1_000_000_000;

    private static final int ETHERNET_MTU = 1500;

    /** Slaves as they are by default, on a gigabit, in an open session. */
    static RoomSettings of(int slaves, long imageBytes) {
        return new RoomSettings(slaves, imageBytes, new Loss(0, 1), new Machine(512, 500_000_000), false, false, 1);
    }

    /** Each datagram is lost with this probability, on its own, by each slave. */
    RoomSettings loss(double share) {
        return loss(new Loss(share, 1));
    }

    /** Each slave loses this share of the datagrams in bursts of 1 to {@code longest}. */
    RoomSettings bursts(double share, int longest) {
        double meanLoss = (1 + longest) / 2.0;
        return loss(new Loss(share / (1 - share) / meanLoss, longest));
    }

    private RoomSettings loss(Loss newLoss) {
        return new RoomSettings(slaves, imageBytes, newLoss, machine, links, sealed, seed);
    }

    /** Whether every track is a link of a chain, as with files that compress well. */
    RoomSettings links(boolean value) {
        return new RoomSettings(slaves, imageBytes, loss, machine, value, sealed, seed);
    }

    /** Whether the session is sealed. */
    RoomSettings sealed(boolean value) {
        return new RoomSettings(slaves, imageBytes, loss, machine, links, value, seed);
    }

    /** S of the session. */
    int symbolBytes() {
        return sealed ? SealedLayout.symbolBytes(ETHERNET_MTU) : Datagram.ETHERNET_SYMBOL_BYTES;
    }

    /** By how many bytes datagrams are longer on the wire than in the open layout. */
    int moreBytes() {
        return sealed ? SealedLayout.MORE_BYTES : 0;
    }
}
