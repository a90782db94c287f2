package org.imgblstr.cli.master.run;

import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.session.MasterProgress;

/** How far a run is, for its status line. For one thread: the one that tells the progress. */
final class RunProgress {
    private final TrackSpace space;
    private final long bytesTotal;
    private final Broadcast broadcast;
    private final RoomProgress room;
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
        this.room = new RoomProgress(bytesTotal);
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
        return room.at(now, bytesSent);
    }
}
