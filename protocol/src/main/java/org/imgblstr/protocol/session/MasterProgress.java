package org.imgblstr.protocol.session;

import java.util.List;
import java.util.function.Predicate;
import org.imgblstr.protocol.contract.Attendance;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.SlaveName;

/**
 * Where a master's session is.
 *
 * @param sessionId 64 bits
 * @param bytesSent used bytes of the pass that are sent
 * @param wireBytes bytes on the wire so far, Ethernet, IP and UDP headers included
 * @param rateBitsPerSecond the rate it sends at
 * @param standing its phase, and what holds it up
 * @param slaves all that ever joined
 */
public record MasterProgress(
        long sessionId,
        long bytesSent,
        long wireBytes,
        long rateBitsPerSecond,
        SessionControl.Standing standing,
        List<SlaveProgress> slaves) {
    /**
     * Who is there of those that are awaited. Until the start a slave that has left again is missing; from then on it has an end of its own, and
     * only who was never heard of is missing.
     */
    public Attendance attendance(MasterOptions.Start start, List<RefusedSlave> refused) {
        int present = names(slave -> !slave.isGone()).size();
        Attendance known = Attendance.of(start.slavesWanted(), start.expected(), heard(), refused);
        return new Attendance(present, known.wanted(), known.missing(), refused);
    }

    /** How many are missing of whom no list tells the names. */
    public int nameless(MasterOptions.Start start, List<RefusedSlave> refused) {
        int known = heard().size() + refused.size();
        return start.expected().count() > 0 ? 0 : Math.max(0, start.slavesWanted() - known);
    }

    /** Who counts as come. */
    private List<SlaveName> heard() {
        return names(slave -> !isAwaiting() || !slave.isGone());
    }

    private boolean isAwaiting() {
        return standing.phase() == SessionPhase.OPENING || standing.phase() == SessionPhase.WAITING;
    }

    private List<SlaveName> names(Predicate<SlaveProgress> which) {
        return slaves.stream().filter(which).map(SlaveProgress::who).toList();
    }

    /** Of a session that is not open yet. */
    static MasterProgress atStart(long sessionId) {
        return new MasterProgress(sessionId, 0, 0, 0, SessionControl.Standing.OPENING, List.of());
    }
}
