package org.imgblstr.protocol.session;

import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.protocol.contract.Attendance;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.RefusedSlave;
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
    /** Names on the list that nothing was heard of: they have neither joined nor been refused. */
    public List<String> unheard(ExpectedSlaves expected, List<RefusedSlave> refused) {
        Stream<SlaveName> joined = slaves.stream().map(SlaveProgress::who);
        return expected.missing(
                Stream.concat(joined, refused.stream().map(RefusedSlave::who)).toList());
    }

    /** Who is there of those that are awaited. */
    public Attendance attendance(MasterOptions.Start start, List<RefusedSlave> refused) {
        List<SlaveName> present = slaves.stream()
                .filter(slave -> !slave.isGone())
                .map(SlaveProgress::who)
                .toList();
        return Attendance.of(start.slavesWanted(), start.expected(), present, refused);
    }

    /** Of a session that is not open yet. */
    static MasterProgress atStart(long sessionId) {
        return new MasterProgress(sessionId, 0, 0, 0, SessionControl.Standing.OPENING, List.of());
    }
}
