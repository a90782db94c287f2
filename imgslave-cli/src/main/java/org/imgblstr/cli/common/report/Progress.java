package org.imgblstr.cli.common.report;

import java.util.List;
import java.util.Map;
import org.imgblstr.protocol.session.SlaveProgress;

/**
 * Where a run is.
 *
 * @param phase one word for the operator: reading, sending, verifying
 * @param bytesDone used bytes of the imaged regions that are dealt with
 * @param bytesTotal used bytes of the imaged regions
 * @param wireBytes bytes on the wire so far; 0 without a network
 * @param bytesLeft used bytes that were not sent yet; when all were, those that the last one of those that are written to still lacks
 * @param left used bytes that each one that is heard of still lacks, by the number of the slave; {@link #OWN_WORK} is this program's own
 * @param slaves all that ever joined; on a slave, itself
 */
public record Progress(
        String phase,
        long bytesDone,
        long bytesTotal,
        long wireBytes,
        long bytesLeft,
        Map<Integer, Long> left,
        List<SlaveProgress> slaves) {
    /** No slave has this number. */
    public static final int OWN_WORK = 0;

    public Progress {
        left = Map.copyOf(left);
        slaves = List.copyOf(slaves);
    }

    /**
     * What is done of all that is to be done, 0 to 1: of what is sent to all, and behind it what the last one lacks of it. So the share belongs
     * to the time left, and never begins anew when a slave comes late.
     */
    public double share() {
        long all = bytesDone + lacking();
        return all <= 0 ? 0 : (double) bytesDone / all;
    }

    /** The same in percent, rounded down: 100 only when nothing is lacking. */
    public int percent() {
        long all = bytesDone + lacking();
        return all <= 0 ? 0 : (int) (100 * bytesDone / all);
    }

    private long lacking() {
        return left.values().stream().mapToLong(Long::longValue).max().orElse(bytesLeft);
    }

    /** Of work that has one part: what is not done is left. */
    public static Progress of(String phase, long bytesDone, long bytesTotal) {
        return of(phase, bytesDone, bytesTotal, List.of());
    }

    /** As above, of a slave. */
    public static Progress of(String phase, long bytesDone, long bytesTotal, List<SlaveProgress> slaves) {
        long left = bytesTotal - bytesDone;
        return new Progress(phase, bytesDone, bytesTotal, 0, left, Map.of(OWN_WORK, left), slaves);
    }
}
