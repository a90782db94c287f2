package org.imgblstr.cli.common.report;

import java.util.List;
import org.imgblstr.protocol.session.SlaveProgress;

/**
 * Where a run is.
 *
 * @param phase one word for the operator: reading, sending, verifying
 * @param bytesDone used bytes of the imaged regions that are dealt with
 * @param bytesTotal used bytes of the imaged regions; on a slave all of them, as it is not told before which are used
 * @param wireBytes bytes on the wire so far; 0 without a network
 * @param slaves all that ever joined; on a slave, itself
 */
public record Progress(String phase, long bytesDone, long bytesTotal, long wireBytes, List<SlaveProgress> slaves) {
    public Progress {
        slaves = List.copyOf(slaves);
    }
}
