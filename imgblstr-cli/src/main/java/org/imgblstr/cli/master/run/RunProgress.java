package org.imgblstr.cli.master.run;

import java.util.HashMap;
import java.util.Map;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.Words;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.SlaveProgress;

/** How far a run is, for its status line. For one thread: the one that tells the progress. */
final class RunProgress {
    private final TrackSpace space;
    private final long bytesTotal;
    private final Broadcast broadcast;
    private final Map<String, Long> bytesHad = new HashMap<>();
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
        long unsent = bytesTotal - bytesSent;
        Map<Integer, Long> left = new HashMap<>();
        left.put(Progress.OWN_WORK, unsent);
        long most = unsent;
        for (SlaveProgress slave : now.slaves()) {
            if (!slave.isOver()) {
                long bytes = Math.min(bytesTotal, unsent + lacking(slave, now.bytesSent()));
                most = Math.max(most, bytes);
                // Nobody knows when a silent one comes back, if ever.
                if (!slave.isSilent()) {
                    left.put(slave.who().slave(), bytes);
                }
            }
        }
        String phase = Words.of(now.standing().phase());
        // While the pass runs it is the pass that is told: one that comes late would make it look as if all began anew.
        long lacking = unsent > 0 ? unsent : most;
        return new Progress(phase, bytesSent, bytesTotal, now.wireBytes(), lacking, left, now.slaves());
    }

    /** A slave that was started again has what it had: only, the master hears so when the slave has compared its disk. */
    private long lacking(SlaveProgress slave, long bytesSentToAll) {
        SlaveMachine machine = slave.who().machine();
        String disk = slave.who().label() + '/' + machine.mac() + machine.path();
        return Math.max(0, bytesSentToAll - bytesHad.merge(disk, slave.bytesDone(), Math::max));
    }
}
