package org.imgblstr.protocol.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.Rendezvous;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.sealing.SealedLayout;
import org.imgblstr.sealing.schedule.SessionSeal;

/**
 * How a master runs a session.
 *
 * @param rendezvous where slaves find it
 * @param start when it starts
 * @param pace how fast it sends
 * @param delta slaves get only what their disks lack: the pipeline gives digests instead of tracks
 * @param ringBytes memory for tracks: a quarter for those that are still to be sent, the rest for repairs (docs/architecture.md, section 5)
 * @param seal what the session is sealed with; null for an open one
 * @param asked what each slave is to do with its disk once it is complete; nobody is asked in an open session
 */
public record MasterOptions(
        Rendezvous rendezvous,
        Start start,
        Pace pace,
        boolean delta,
        long ringBytes,
        SessionSeal seal,
        AfterCopy.Choice asked) {
    /** Of an open session. */
    public MasterOptions(Rendezvous rendezvous, Start start, Pace pace, boolean delta, long ringBytes) {
        this(rendezvous, start, pace, delta, ringBytes, null, AfterCopy.Choice.NONE);
    }

    /** What each slave is asked for: slaves of an open session do nothing that a master asks for (docs/identity.md, section 8). */
    AfterCopy.Choice askedOfSlaves() {
        return seal == null ? AfterCopy.Choice.NONE : asked;
    }

    /** Bytes by which datagrams are longer than in an open session. */
    int moreBytes() {
        return seal == null ? 0 : SealedLayout.MORE_BYTES;
    }

    /**
     * How fast a session sends.
     *
     * @param rateBitsPerSecond send rate on the wire, headers included; 0 adapts
     * @param slow what a slave that cannot keep up gets
     */
    public record Pace(long rateBitsPerSecond, SlowPolicy slow) {}

    /**
     * When a session starts.
     *
     * @param slavesWanted as soon as so many have joined; 0 when not said
     * @param waitTime after this long with at least {@code minSlaves}; null when not said
     * @param minSlaves see {@code waitTime}
     * @param expected which slaves are expected
     */
    public record Start(int slavesWanted, Duration waitTime, int minSlaves, ExpectedSlaves expected) {
        /** The wait time in nanoseconds; the longest there is when not said. */
        long waitNs() {
            return waitTime == null ? Long.MAX_VALUE : waitTime.toNanos();
        }

        /** Seconds to the start by time, of a session that has been open for {@code openSeconds}; -1 when no time is set. */
        public long secondsLeft(long openSeconds) {
            return waitTime == null ? -1 : Math.max(0, waitTime.toSeconds() - openSeconds);
        }

        /** What the operator should know when a session starts with these slaves; empty when all are there. */
        Optional<String> absence(List<SlaveName> joined) {
            boolean isCountShort = expected.count() == 0 && joined.size() < slavesWanted;
            return isCountShort
                    ? Optional.of("the session starts with " + joined.size() + " of " + slavesWanted
                            + " slaves; one that joins before the end still takes part, otherwise the exit code is "
                            + ExitCode.INCOMPLETE)
                    : expected.absence(joined);
        }
    }
}
