package org.imgblstr.protocol.master.flow;

import java.util.EnumMap;
import java.util.Map;
import org.imgblstr.protocol.contract.HoldUp;

/** For how long each thing held the sender up lately. Times are halved each second, so that the last second counts most. One thread. */
public final class HoldUpMeter {
    private static final long HALVING_NS = 1_000_000_000;

    private final Map<HoldUp, Long> heldNs = new EnumMap<>(HoldUp.class);
    private HoldUp last;
    private long lastNs;
    private long sinceHalvingNs;

    /** The sender waits for this from now on; the time until now goes to what it waited for before. */
    public void note(HoldUp why, long nowNs) {
        if (last != null) {
            long elapsedNs = nowNs - lastNs;
            heldNs.merge(last, elapsedNs, Long::sum);
            sinceHalvingNs += elapsedNs;
        }
        last = why;
        lastNs = nowNs;
        if (sinceHalvingNs >= HALVING_NS) {
            sinceHalvingNs = 0;
            heldNs.replaceAll((cause, ns) -> ns / 2);
        }
    }

    /** Nothing is known any more. */
    public void forget() {
        heldNs.clear();
        last = null;
        sinceHalvingNs = 0;
    }

    /** What held the sender up longest; null when nothing did. */
    public HoldUp most() {
        return heldNs.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(last);
    }
}
