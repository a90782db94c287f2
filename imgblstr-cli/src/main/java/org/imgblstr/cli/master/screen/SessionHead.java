package org.imgblstr.cli.master.screen;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.report.Pace;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.protocol.contract.Attendance;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.Words;

/**
 * The session as a whole, on the first lines of the screen.
 *
 * @param title what goes where
 * @param code the join code that slaves need; "" when there is none
 * @param phase where the session is
 * @param joining who is awaited
 * @param amounts how much is sent
 * @param secondsElapsed of the work: since the start, or since the session opened while it waits
 * @param limit what holds it up, in words; "" when nothing is known
 */
record SessionHead(
        String title,
        String code,
        SessionPhase phase,
        Joining joining,
        Amounts amounts,
        long secondsElapsed,
        String limit) {
    private static final String CODE = "join code: ";
    private static final Pattern BEHIND_HYPHEN = Pattern.compile("(?<=-)");

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
     * @param bytesSent used bytes that were sent
     * @param bytesTotal used bytes of the session
     * @param percent what is done of all that is to be done
     * @param pace how fast, and how long to the end
     * @param wireBitsPerSecond on the network
     */
    record Amounts(long bytesSent, long bytesTotal, int percent, Pace pace, double wireBitsPerSecond) {}

    SessionHead at(long seconds) {
        return new SessionHead(title, code, phase, joining, amounts, seconds, limit);
    }

    boolean isWaiting() {
        return phase == SessionPhase.WAITING || phase == SessionPhase.OPENING;
    }

    /** {@code open 1:08} while slaves join, {@code running 0:03} from the start on. */
    String clock() {
        return (isWaiting() ? "open " : "running ") + Units.seconds(secondsElapsed);
    }

    /** The join code in as many lines as it needs, divided behind hyphens; none when there is no code. */
    List<String> codeLines(int width) {
        List<String> lines = new ArrayList<>();
        String line = code.isEmpty() ? "" : CODE;
        for (String word : BEHIND_HYPHEN.splitAsStream(code).toList()) {
            if (!line.isBlank() && line.length() + word.length() > width) {
                lines.add(line);
                line = " ".repeat(Math.min(CODE.length(), Math.max(0, width - word.length())));
            }
            line += word;
        }
        if (!line.isEmpty()) {
            lines.add(line);
        }
        return lines;
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
            boolean isPaused = phase == SessionPhase.PAUSED;
            if (amounts.pace().etaSeconds() > 0 && !isPaused) {
                facts.add(Units.seconds(amounts.pace().etaSeconds()) + " left");
            }
            facts.add(Units.bytes(amounts.bytesSent()) + " of " + Units.bytes(amounts.bytesTotal()) + " sent");
            if (amounts.pace().rate() >= 1 && !isPaused) {
                facts.add(Units.bytesPerSecond(amounts.pace().rate()));
            }
            if (amounts.wireBitsPerSecond() >= 1 && !isPaused) {
                facts.add("wire " + Units.bitsPerSecond(amounts.wireBitsPerSecond()));
            }
        }
        return facts;
    }
}
