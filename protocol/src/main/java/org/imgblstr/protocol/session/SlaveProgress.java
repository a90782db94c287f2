package org.imgblstr.protocol.session;

/**
 * Where a slave is.
 *
 * @param slave index the master gave it; 0 when none
 * @param label its name
 * @param address its network address
 * @param goodUpToBytes bytes before the first track that is not done
 * @param bytesDone bytes of all tracks that are done
 * @param missingTracks tracks that it lacks of what was sent
 * @param lossRate datagrams lost of those sent to it lately, 0 to 1
 * @param diskRate bytes a second that its disk took lately
 * @param state one word: joined, receiving, verifying, complete, silent, gone
 */
public record SlaveProgress(
        int slave,
        String label,
        String address,
        long goodUpToBytes,
        long bytesDone,
        int missingTracks,
        double lossRate,
        long diskRate,
        String state) {
    /** Of a slave that has nothing yet. */
    public static SlaveProgress atStart(int slave, String label, String address, String state) {
        return new SlaveProgress(slave, label, address, 0, 0, 0, 0, 0, state);
    }
}
