package org.imgblstr.cli.master.control;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.imgblstr.cli.common.report.EventWriter;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.protocol.contract.Attendance;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.session.MasterOptions;
import org.imgblstr.protocol.session.MasterProgress;

/**
 * What {@code status} tells of a room as a whole.
 *
 * @param there who is there of those that are awaited
 * @param startsInSeconds to the start by time while slaves are awaited; -1 when no time is set, or the session has started
 * @param sentBytes bytes of the pass that are sent
 * @param rateBitsPerSecond the rate it sends at
 */
record StatusRoom(Attendance there, long startsInSeconds, long sentBytes, long rateBitsPerSecond) {
    /** {@code openSeconds}: since the session opened. */
    static StatusRoom of(
            MasterOptions.Start start, MasterProgress progress, List<RefusedSlave> refused, long openSeconds) {
        boolean isWaiting = progress.standing().phase() == SessionPhase.WAITING;
        return new StatusRoom(
                progress.attendance(start, refused),
                isWaiting ? start.secondsLeft(openSeconds) : -1,
                progress.bytesSent(),
                progress.rateBitsPerSecond());
    }

    /** {@code 9 of 12 joined, 3 missing, starts in 4:10}; once data flows {@code 12 slaves, 1.2 GiB sent at 940.0 Mbit/s}. */
    String text(SessionPhase phase) {
        boolean isAwaiting = phase == SessionPhase.OPENING || phase == SessionPhase.WAITING;
        // Lines of their own name all of them.
        String count = isAwaiting ? there.counts() : Units.count(there.joined(), "slave");
        boolean isMoving = phase == SessionPhase.SENDING || phase == SessionPhase.CATCHING_UP;
        return count
                + (startsInSeconds < 0 ? "" : ", starts in " + Units.seconds(startsInSeconds))
                + (sentBytes == 0 ? "" : ", " + Units.bytes(sentBytes) + " sent")
                + (isMoving ? " at " + Units.bitsPerSecond((double) rateBitsPerSecond) : "");
    }

    void write(JsonGenerator json) throws IOException {
        json.writeNumberField("slavesJoined", there.joined());
        json.writeNumberField("slavesWanted", there.wanted());
        json.writeArrayFieldStart("missing");
        for (String name : there.missing()) {
            json.writeString(name);
        }
        json.writeEndArray();
        EventWriter.writeKnown(json, "startsInSeconds", startsInSeconds);
        json.writeNumberField("bytesSent", sentBytes);
        json.writeNumberField("rate", rateBitsPerSecond);
    }
}
