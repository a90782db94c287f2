package org.imgblstr.cli.common.report;

import java.util.List;
import org.imgblstr.protocol.session.SlaveProgress;

/**
 * Where a run is.
 *
 * @param phase one word for the operator: reading, sending, verifying
 * @param bytesDone used bytes of the imaged regions that are dealt with
 * @param bytesTotal used bytes of the imaged regions
 * @param wireBytes bytes on the wire so far; 0 without a network
 * @param bytesLeft used bytes that the last one of those that are written to still lacks
 * @param slaves all that ever joined; on a slave, itself
 */
public record Progress(
        String phase, long bytesDone, long bytesTotal, long wireBytes, long bytesLeft, List<SlaveProgress> slaves) {
    public Progress {
        slaves = List.copyOf(slaves);
    }

    /** Of work that has one part: what is not done is left. */
    public static Progress of(String phase, long bytesDone, long bytesTotal) {
        return new Progress(phase, bytesDone, bytesTotal, 0, bytesTotal - bytesDone, List.of());
    }
}
