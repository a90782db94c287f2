package org.imgblstr.protocol.contract;

/**
 * What came of the datagrams that were sent to a slave, and what its disk did.
 *
 * @param receivedDatagrams datagrams of the data group that it received
 * @param lostDatagrams datagrams of the data group that did not come, by the gaps in their numbers
 * @param droppedDatagrams those of the lost ones that its own socket dropped because it was full
 * @param repairedTracks tracks that parity made whole, or that were sent again when it asked for them
 * @param diskRate bytes a second that its disk took while it was busy, reading back included; 0 when unknown
 * @param isReadBack false when the slave said that it reads back nothing of what it writes ({@code --no-verify})
 */
public record SlaveCounters(
        long receivedDatagrams,
        long lostDatagrams,
        long droppedDatagrams,
        long repairedTracks,
        long diskRate,
        boolean isReadBack) {
    /** Of a slave that has told nothing. */
    public static final SlaveCounters NONE = new SlaveCounters(0, 0, 0, 0, 0);

    /** Of a slave that reads back what it writes, or has not told. */
    public SlaveCounters(
            long receivedDatagrams, long lostDatagrams, long droppedDatagrams, long repairedTracks, long diskRate) {
        this(receivedDatagrams, lostDatagrams, droppedDatagrams, repairedTracks, diskRate, true);
    }

    /** Datagrams lost of those sent, 0 to 1. */
    public double lossRate() {
        long all = receivedDatagrams + lostDatagrams;
        return all == 0 ? 0 : (double) lostDatagrams / all;
    }
}
