package org.imgblstr.cli.common.report;

import java.util.HashMap;
import java.util.Map;

/**
 * When a run ends that several take part in: when the last one of them does. Each is judged by its own rate: one that is slow, or came late, does
 * not go at the rate of the others, and when it leaves, what was known of the others still holds. For one thread.
 */
final class RemainingTimes {
    private final Map<Integer, RemainingTime> times = new HashMap<>();
    private Map<Integer, Long> left = Map.of();
    private long total;

    /** Says where the run is. While {@code isPaused} time stands still. */
    void add(long nowNs, Progress progress, boolean isPaused) {
        left = progress.left();
        total = progress.bytesTotal();
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
        long latest = left.isEmpty() ? -1 : 0;
        for (int who : left.keySet()) {
            long seconds = times.get(who).seconds(total);
            if (seconds < 0) {
                return -1;
            }
            latest = Math.max(latest, seconds);
        }
        return latest;
    }
}
