package org.imgblstr.cli.master.screen;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.protocol.contract.Attendance;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.Words;

/**
 * The session as a whole, on the first lines of the screen.
 *
 * @param title what goes where
 * @param phase where the session is
 * @param joining who is awaited
 * @param amounts how much is sent
 * @param secondsElapsed of the work: since the start, or since the session opened while it waits
 * @param limit what holds it up, in words; "" when nothing is known
 */
record SessionHead(
        String title, SessionPhase phase, Joining joining, Amounts amounts, long secondsElapsed, String limit) {
    /**
     * Who is awaited.
     *
     * @param room who is there of those that are awaited
     * @param startsInSeconds -1 when no time is set
     */
    record Joining(Attendance room, long startsInSeconds) {}

    /**
     * How much is sent.
     *
     * @param bytesDone used bytes that every slave has
     * @param bytesTotal used bytes of the session
     * @param rate used bytes a second
     * @param wireBitsPerSecond on the network
     * @param etaSeconds to the end; -1 when nobody knows
     */
    record Amounts(long bytesDone, long bytesTotal, double rate, double wireBitsPerSecond, long etaSeconds) {
        int percent() {
            return bytesTotal <= 0 ? 0 : (int) Math.min(100, 100 * bytesDone / bytesTotal);
        }
    }

    SessionHead at(long seconds) {
        return new SessionHead(title, phase, joining, amounts, seconds, limit);
    }

    boolean isWaiting() {
        return phase == SessionPhase.WAITING || phase == SessionPhase.OPENING;
    }

    /** {@code open 1:08} while slaves join, {@code running 0:03} from the start on. */
    String clock() {
        return (isWaiting() ? "open " : "running ") + Units.seconds(secondsElapsed);
    }

    /** {@code waiting: 24 of 26 joined, 2 missing: pc03, pc07, starts in 0:42}, or {@code sending}; names where {@code width} has room. */
    String phaseText(int width) {
        if (phase != SessionPhase.WAITING) {
            return Words.of(phase);
        }
        String before = "waiting: ";
        String when = joining.startsInSeconds() < 0 ? "" : ", starts in " + Units.seconds(joining.startsInSeconds());
        return before + joining.room().text(width - before.length() - when.length()) + when;
    }

    /** What is known of the speed, the most important first. */
    List<String> facts() {
        List<String> facts = new ArrayList<>();
        if (!isWaiting()) {
            if (amounts.etaSeconds() > 0 && phase != SessionPhase.PAUSED) {
                facts.add(Units.seconds(amounts.etaSeconds()) + " left");
            }
            facts.add(Units.bytes(amounts.bytesDone()) + " of " + Units.bytes(amounts.bytesTotal()));
            facts.add(Units.bytesPerSecond(amounts.rate()));
            facts.add("wire " + Units.bitsPerSecond(amounts.wireBitsPerSecond()));
        }
        return facts;
    }
}
