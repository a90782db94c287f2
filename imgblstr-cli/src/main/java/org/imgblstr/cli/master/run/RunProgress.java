package org.imgblstr.cli.master.run;

import java.util.List;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.session.MasterProgress;

/** How far a run is, for its status line. For one thread: the one that tells the progress. */
final class RunProgress {
    private final TrackSpace space;
    private final long bytesTotal;
    private final Broadcast broadcast;
    private long bytesSent;

    /**
     * Of a run over the tracks of {@code space}.
     *
     * @param bytesTotal used bytes that the run reads
     * @param broadcast the slaves; null for none
     */
    RunProgress(TrackSpace space, long bytesTotal, Broadcast broadcast) {
        this.space = space;
        this.bytesTotal = bytesTotal;
        this.broadcast = broadcast;
    }

    /** While the source is read. {@code bytesRead}: used bytes given to the targets so far. */
    Progress ofPass(long bytesRead) {
        return of(broadcast == null ? "imaging" : "sending", bytesRead);
    }

    /** When all is read and slaves are still served. */
    Progress ofCatchUp() {
        return of(broadcast.session().unsentTracks() > 0 ? "sending" : "finishing", bytesTotal);
    }

    private Progress of(String phase, long bytes) {
        long done = Math.min(bytes, bytesTotal);
        if (broadcast == null) {
            return new Progress(phase, done, bytesTotal, 0, List.of());
        }
        MasterProgress now = broadcast.progress();
        // What waits in memory is not done. Tracks that are used in part count there as a whole, so it might seem to go
        // back.
        long waitingBytes =
                (long) broadcast.session().unsentTracks() * space.geometry().trackBytes();
        bytesSent = Math.max(bytesSent, done - waitingBytes);
        return new Progress(phase, bytesSent, bytesTotal, now.wireBytes(), now.slaves());
    }
}
