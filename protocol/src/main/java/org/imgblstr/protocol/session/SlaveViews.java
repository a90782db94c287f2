package org.imgblstr.protocol.session;

import java.util.Arrays;
import java.util.HexFormat;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.master.SlaveEntry;

/** What the engine knows of a slave, as the operator is told it. */
final class SlaveViews {
    private SlaveViews() {}

    /** Where a slave is. {@code space}: what it receives. */
    static SlaveProgress progress(SlaveEntry slave, TrackSpace space) {
        return new SlaveProgress(
                slave.index(),
                slave.label(),
                slave.address().getAddress().getHostAddress(),
                space.rangeBytes(0, slave.goodUpTo()),
                space.rangeBytes(0, slave.doneTracks()),
                slave.missingTracks(),
                slave.lossRate(),
                slave.diskRate(),
                stateOf(slave));
    }

    private static String stateOf(SlaveEntry slave) {
        if (slave.result() != null) {
            return slave.result() == SlaveResult.Result.COMPLETE ? "complete" : "gone";
        }
        if (slave.isGivenUp()) {
            return "gone";
        }
        if (slave.isSilent()) {
            return "silent";
        }
        if (slave.isComplete()) {
            return "complete";
        }
        if (slave.isVerifying()) {
            return "verifying";
        }
        return slave.doneTracks() > 0 ? "receiving" : "joined";
    }

    private static boolean hasDigest(SlaveEntry slave, byte[] contentDigest) {
        return slave.digest().length == 0 || Arrays.equals(slave.digest(), contentDigest);
    }

    /**
     * How a slave ended, or what is to be said of one that never told. Whoever says that it is complete and has another digest is not.
     *
     * @param contentDigest the master's; empty before it is known
     */
    static SlaveResult result(SlaveEntry slave, byte[] contentDigest) {
        SlaveResult.Result result = slave.result();
        String message = "";
        if (result == null) {
            result = slave.isGivenUp() ? SlaveResult.Result.LOST : SlaveResult.Result.INCOMPLETE;
            message = slave.isGivenUp() ? "it fell silent" : "the session ended before it was complete";
        } else if (result == SlaveResult.Result.COMPLETE && !hasDigest(slave, contentDigest)) {
            result = SlaveResult.Result.VERIFY_FAILED;
            message = "its content digest is not the master's: it has other bytes";
        } else if (result != SlaveResult.Result.COMPLETE) {
            message = slave.missingTracks() + " tracks incomplete"
                    + (slave.errno() == 0 ? "" : ", errno " + slave.errno());
        }
        return new SlaveResult(
                slave.index(),
                slave.label(),
                slave.address().getAddress().getHostAddress(),
                result,
                slave.bytesWritten(),
                HexFormat.of().formatHex(slave.digest()),
                slave.elapsedNs() / 1e9,
                message);
    }
}
