package org.imgblstr.protocol.master.flow;

import java.util.EnumMap;
import java.util.Map;
import org.imgblstr.protocol.contract.HoldUp;

/** For how long each thing held the sender up lately. Times are halved each second, so that the last second counts most. One thread. */
public final class HoldUpMeter {
    private static final long HALVING_NS = 1_000_000_000;

    private final Map<HoldUp, Held> held = new EnumMap<>(HoldUp.class);
    private HoldUp last;
    private long lastNs;
    private long sinceHalvingNs;

    /** Times of one cause: written with each batch of datagrams, so it is no boxed number. */
    private static final class Held {
        private long ns;
    }

    public HoldUpMeter() {
        for (HoldUp each : HoldUp.values()) {
            held.put(each, new Held());
        }
    }

    /** The sender waits for this from now on; the time until now goes to what it waited for before. */
    public void note(HoldUp why, long nowNs) {
        if (last != null) {
            long elapsedNs = nowNs - lastNs;
            held.get(last).ns += elapsedNs;
            sinceHalvingNs += elapsedNs;
        }
        last = why;
        lastNs = nowNs;
        if (sinceHalvingNs >= HALVING_NS) {
            sinceHalvingNs = 0;
            held.values().forEach(each -> each.ns /= 2);
        }
    }

    /** Nothing is known any more. */
    public void forget() {
        held.values().forEach(each -> each.ns = 0);
        last = null;
        sinceHalvingNs = 0;
    }

    /** What held the sender up longest; null when nothing did. */
    public HoldUp most() {
        HoldUp most = last;
        for (HoldUp each : HoldUp.values()) {
            most = most != null && held.get(each).ns > held.get(most).ns ? each : most;
        }
        return most;
    }
}
