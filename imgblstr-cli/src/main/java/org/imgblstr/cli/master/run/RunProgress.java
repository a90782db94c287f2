package org.imgblstr.cli.master.run;

import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.Words;
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

    /** Where the run is. {@code bytesRead}: used bytes given to the targets so far. */
    Progress at(long bytesRead) {
        long done = Math.min(bytesRead, bytesTotal);
        if (broadcast == null) {
            return Progress.of("imaging", done, bytesTotal);
        }
        MasterProgress now = broadcast.progress();
        // What waits in memory is not done. Tracks that are used in part count there as a whole, so it might seem to go
        // back.
        long waitingBytes =
                (long) broadcast.session().unsentTracks() * space.geometry().trackBytes();
        bytesSent = Math.max(bytesSent, done - waitingBytes);
        long left = Math.min(bytesTotal, bytesTotal - bytesSent + mostLacking(now));
        String phase = Words.of(now.standing().phase());
        return new Progress(phase, bytesSent, bytesTotal, now.wireBytes(), left, now.slaves());
    }

    /** Bytes that the last one lacks of those whom the session waits for. */
    private static long mostLacking(MasterProgress now) {
        return now.slaves().stream()
                .filter(slave -> !slave.isOver())
                .mapToLong(slave -> slave.bytesLacking(now.bytesSent()))
                .max()
                .orElse(0);
    }
}
