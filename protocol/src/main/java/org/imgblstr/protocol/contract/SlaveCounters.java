package org.imgblstr.protocol.contract;

/**
 * What came of the datagrams that were sent to a slave, and how fast its disk was.
 *
 * @param receivedDatagrams datagrams of the data group that it received
 * @param lostDatagrams datagrams of the data group that did not come, by the gaps in their numbers
 * @param droppedDatagrams those of the lost ones that its own socket dropped because it was full
 * @param repairedTracks tracks that parity made whole, or that were sent again when it asked for them
 * @param diskRate bytes a second that its disk took while it was busy, reading back included; 0 when unknown
 */
public record SlaveCounters(
        long receivedDatagrams, long lostDatagrams, long droppedDatagrams, long repairedTracks, long diskRate) {
    /** Of a slave that has told nothing. */
    public static final SlaveCounters NONE = new SlaveCounters(0, 0, 0, 0, 0);

    /** Datagrams lost of those sent, 0 to 1. */
    public double lossRate() {
        long all = receivedDatagrams + lostDatagrams;
        return all == 0 ? 0 : (double) lostDatagrams / all;
    }
}
