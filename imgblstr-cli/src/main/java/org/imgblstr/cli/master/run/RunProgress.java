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
        long waitingBytes =
                (long) broadcast.session().unsentTracks() * space.geometry().trackBytes();
        // Tracks that are used in part count as a whole in what waits, so it might seem to go back.
        bytesSent = Math.max(bytesSent, sent(done, waitingBytes, now.bytesSent()));
        return room.at(now, bytesSent);
    }

    /**
     * Used bytes that were sent. What waits in memory was not; nor were zeros that the pass has not come to, of which nothing waits.
     *
     * @param bytesRead used bytes given to the session
     * @param waitingBytes bytes of tracks that wait in its memory
     * @param passBytes used bytes that the pass has come to, no fewer than were sent
     */
    static long sent(long bytesRead, long waitingBytes, long passBytes) {
        return Math.max(0, Math.min(bytesRead - waitingBytes, passBytes));
    }
}
