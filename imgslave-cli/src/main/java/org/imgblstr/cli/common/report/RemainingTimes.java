package org.imgblstr.cli.common.report;

import java.util.HashMap;
import java.util.Map;
import org.imgblstr.protocol.session.SlaveProgress;

/**
 * When a run ends that several take part in: when the last one of them does. Each is judged by its own rate: one that is slow, or came late, does
 * not go at the rate of the others, and when it leaves, what was known of the others still holds. One that has just come goes at the rate of the
 * pass; one that is silent is waited for until it is given up. For one thread.
 */
final class RemainingTimes {
    private final Map<Integer, RemainingTime> times = new HashMap<>();
    private Map<Integer, Long> left = Map.of();
    private long total;
    private long awaitedSeconds;

    /** Says where the run is. While {@code isPaused} time stands still. */
    void add(long nowNs, Progress progress, boolean isPaused) {
        left = progress.left();
        total = progress.bytesTotal();
        awaitedSeconds = progress.slaves().stream()
                .mapToLong(SlaveProgress::awaitedSeconds)
                .max()
                .orElse(0);
        left.forEach((who, bytes) -> {
            RemainingTime time = times.computeIfAbsent(who, index -> new RemainingTime());
            if (isPaused) {
                time.stop(nowNs);
            } else {
                time.goOn(nowNs);
            }
            time.add(nowNs, total - bytes);
        });
    }

    /** Seconds until the last one has all; 0 when all have, -1 when that cannot be told. */
    long seconds() {
        if (left.isEmpty()) {
            return -1;
        }
        long latest = awaitedSeconds;
        for (int who : left.keySet()) {
            long seconds = seconds(who);
            if (seconds < 0) {
                return -1;
            }
            latest = Math.max(latest, seconds);
        }
        return latest;
    }

    /** How fast each slave goes that is heard of, by its number. */
    Map<Integer, Pace> slaves() {
        Map<Integer, Pace> paces = new HashMap<>();
        for (int who : left.keySet()) {
            if (who != Progress.OWN_WORK) {
                paces.put(who, new Pace(Math.max(0, times.get(who).rate()), seconds(who)));
            }
        }
        return paces;
    }

    private long seconds(int who) {
        RemainingTime own = times.get(who);
        RemainingTime pass = times.get(Progress.OWN_WORK);
        return own.isKnown() || pass == null || !pass.isKnown() || pass.rate() < 1
                ? own.seconds(total)
                : (long) Math.ceil(left.get(who) / pass.rate());
    }
}
