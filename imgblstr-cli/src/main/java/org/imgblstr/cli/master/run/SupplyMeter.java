package org.imgblstr.cli.master.run;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.imgblstr.disk.pass.Awaited;
import org.imgblstr.protocol.contract.HoldUp;
import org.imgblstr.protocol.session.SessionControl.Standing;

/** Tells what is slow when a session has nothing at hand to send: the source, the codec, or the other target of the run. Any thread. */
final class SupplyMeter {
    /** Two seconds of looks, four a second. */
    private static final int LOOKS = 8;

    private final String target;
    private final Deque<Awaited> looks = new ArrayDeque<>();

    /** {@code target}: how events spell the other target of the run, {@code image} or {@code disk}. */
    SupplyMeter(String target) {
        this.target = target;
    }

    /** What the pass waits for at this moment. */
    synchronized void add(Awaited awaited) {
        if (looks.size() == LOOKS) {
            looks.removeFirst();
        }
        looks.addLast(awaited);
    }

    /** What holds the session up, as events spell it; "" when nothing is known. */
    String limit(Standing standing) {
        if (standing.holdUp() != HoldUp.SUPPLY) {
            return standing.limit();
        }
        return switch (most()) {
            case SOURCE -> standing.limit();
            case CODEC -> "codec";
            case TARGET -> target;
        };
    }

    private synchronized Awaited most() {
        Map<Awaited, Integer> counts = new EnumMap<>(Awaited.class);
        looks.forEach(each -> counts.merge(each, 1, Integer::sum));
        return counts.isEmpty()
                ? Awaited.SOURCE
                : Collections.max(counts.entrySet(), Map.Entry.comparingByValue())
                        .getKey();
    }
}
