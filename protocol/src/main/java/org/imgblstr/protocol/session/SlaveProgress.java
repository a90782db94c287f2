package org.imgblstr.protocol.session;

import org.imgblstr.protocol.contract.SlaveName;

/**
 * Where a slave is.
 *
 * @param who which slave
 * @param goodUpToBytes bytes before the first track that is not done
 * @param bytesDone bytes of all tracks that are done
 * @param missingTracks tracks that it lacks of what was sent
 * @param lossRate datagrams lost of those sent to it lately, 0 to 1
 * @param diskRate bytes a second that its disk took lately
 * @param state one word: joined, receiving, verifying, complete, silent, gone
 */
public record SlaveProgress(
        SlaveName who,
        long goodUpToBytes,
        long bytesDone,
        int missingTracks,
        double lossRate,
        long diskRate,
        String state) {
    /** Of a slave that has nothing yet. */
    public static SlaveProgress atStart(SlaveName who, String state) {
        return new SlaveProgress(who, 0, 0, 0, 0, 0, state);
    }
}
