package org.imgblstr.cli.master.run;

import java.util.HashMap;
import java.util.Map;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.Words;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.SlaveProgress;

/**
 * How far the slaves of a run are. One that was started again still has what it had, which the master hears only when the slave has compared its
 * disk: until then that counts beside what it has received since. For one thread.
 */
final class RoomProgress {
    private final long bytesTotal;
    private final Map<Integer, Life> lives = new HashMap<>();
    private final Map<String, Long> bytesHad = new HashMap<>();
    private long bytesSentBefore;

    /** {@code bytesTotal}: used bytes that the run reads. */
    RoomProgress(long bytesTotal) {
        this.bytesTotal = bytesTotal;
    }

    /** One start of the program on a disk. */
    private static final class Life {
        /** What its disk held of this session when it was started. */
        private final long bytesHad;

        /** What had been sent before it joined: it has received nothing of that itself. */
        private final long bytesMissed;

        private boolean isCompared;

        Life(long bytesHad, long bytesMissed) {
            this.bytesHad = bytesHad;
            this.bytesMissed = bytesMissed;
        }

        /** What its disk holds. {@code bytesDone}: what it says, which is more than came since it joined once it has compared. */
        long bytesHeld(long bytesDone, long bytesSent) {
            isCompared |= bytesDone > bytesSent - bytesMissed;
            return isCompared ? bytesDone : Math.min(bytesSent, bytesHad + bytesDone);
        }
    }

    /** Where the run is. {@code bytesSent}: used bytes that were sent so far. */
    Progress at(MasterProgress now, long bytesSent) {
        long unsent = bytesTotal - bytesSent;
        Map<Integer, Long> left = new HashMap<>();
        left.put(Progress.OWN_WORK, unsent);
        long most = unsent;
        for (SlaveProgress slave : now.slaves()) {
            long lacking = lacking(slave, now.bytesSent());
            if (!slave.isOver()) {
                long bytes = Math.min(bytesTotal, unsent + lacking);
                most = Math.max(most, bytes);
                // Nobody knows when a silent one comes back, if ever.
                if (!slave.isSilent()) {
                    left.put(slave.who().slave(), bytes);
                }
            }
        }
        bytesSentBefore = now.bytesSent();
        String phase = Words.of(now.standing().phase());
        // While the pass runs it is the pass that is told: one that comes late would make it look as if all began anew.
        long lacking = unsent > 0 ? unsent : most;
        return new Progress(phase, bytesSent, bytesTotal, now.wireBytes(), lacking, left, now.slaves());
    }

    private long lacking(SlaveProgress slave, long bytesSent) {
        SlaveMachine machine = slave.who().machine();
        String disk = slave.who().label() + '/' + machine.mac() + machine.path();
        Life life = lives.computeIfAbsent(
                slave.who().slave(), index -> new Life(bytesHad.getOrDefault(disk, 0L), bytesSentBefore));
        long held = life.bytesHeld(slave.bytesDone(), bytesSent);
        bytesHad.merge(disk, held, Math::max);
        return Math.max(0, bytesSent - held);
    }
}
