package org.imgblstr.protocol.master.flow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.imgblstr.protocol.master.membership.SlowLadder;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.slaves.ReportInterval;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.repair.Pacer;
import org.imgblstr.protocol.repair.RateController;

/** Tells the rate controller what the slaves of the pass lose, and the pacer what it answers. One thread. */
public final class RateWatch {
    private static final long MS = 1_000_000;

    /** Some hundred datagrams at 50 Mbit/s; never less than every slave needs to report once. */
    private static final long INTERVAL_NS = 100 * MS;

    /** Before anything was lost, and while cuts have not ended the loss: a report of each slave, and at 1 Gbit/s 2000 datagrams. */
    private static final long SEARCHING_INTERVAL_NS = 25 * MS;

    /**
     * If the other slaves lose less than this share of the worst loss, the cause is not in the path that they share.
     */
    private static final double ALONE_SHARE = 0.25;

    /** The loss of a slave is known sooner, but for one that hears nothing. */
    private static final long LONGEST_AWAITED_NS = 1_000 * MS;

    private final SlaveTable slaves;
    private RateController rates;
    private final Pacer pacer;
    private final TrackSender sender;
    private final SlowLadder ladder;
    private final ReportInterval interval;

    /** What slaves have lost since the rate was judged last. */
    private final Map<SlaveEntry, Double> samples = new LinkedHashMap<>();

    /** The slave for which the rate was cut last; null before. */
    private SlaveEntry suspect;

    private long judgedNs;
    private long dueNs;
    private long lastNs;
    private long lastBytes;
    private long sentBitsPerSecond;

    public RateWatch(
            SlaveTable slaves,
            RateController rates,
            Pacer pacer,
            TrackSender sender,
            SlowLadder ladder,
            ReportInterval interval) {
        this.slaves = slaves;
        this.rates = rates;
        this.pacer = pacer;
        this.sender = sender;
        this.ladder = ladder;
        this.interval = interval;
        this.sentBitsPerSecond = rates.rate();
    }

    /** Data flows from now on. */
    public void start(long nowNs) {
        dueNs = nowNs + SEARCHING_INTERVAL_NS;
        lastNs = nowNs;
        lastBytes = sender.wireBytes();
        samples.clear();
    }

    /** The operator's rate from now on; 0 adapts, from the beginning. */
    public void order(long bitsPerSecond) {
        rates = new RateController(bitsPerSecond);
        suspect = null;
        pacer.order(rates.rate(), bitsPerSecond > 0);
        slaves.all().forEach(slave -> slave.lossFrom(sender.sequence()));
    }

    /** Ends an interval when it is time: the rate follows the worst loss of the slaves that the pass waits for. */
    public void adapt(long nowNs) {
        if (dueNs - nowNs > 0) {
            return;
        }
        long intervalNs = rates.isStarting() || rates.isCutting() ? SEARCHING_INTERVAL_NS : INTERVAL_NS;
        dueNs = nowNs + Math.max(intervalNs, interval.ns() * 5 / 4);
        measure(nowNs);
        takeSamples(nowNs);
        Map.Entry<SlaveEntry, Double> worst = worst(null);
        if (worst == null || mustAwaitSuspect(nowNs)) {
            return;
        }
        judgedNs = nowNs;
        SlaveEntry loser = worst.getKey();
        long before = rates.rate();
        rates.onInterval(worst.getValue(), sentBitsPerSecond);
        if (rates.rate() < before) {
            suspect = loser;
            slaves.all().forEach(slave -> slave.lossFrom(sender.sequence()));
        }
        if (rates.isLossIncurable() && loser == suspect) {
            onIncurableLoss(loser, nowNs);
        }
        samples.clear();
        pacer.rate(rates.rate());
    }

    private void takeSamples(long nowNs) {
        samples.keySet().removeIf(slave -> !slave.isPacing());
        for (SlaveEntry slave : slaves.all()) {
            double loss = slave.isPacing() ? slave.takeLoss(nowNs) : -1;
            if (loss >= 0) {
                samples.put(slave, loss);
            }
        }
    }

    /** The slave that has lost most, but for {@code other}; null when nothing is known of any. */
    private Map.Entry<SlaveEntry, Double> worst(SlaveEntry other) {
        return samples.entrySet().stream()
                .filter(each -> each.getKey() != other)
                .max(Map.Entry.comparingByValue())
                .orElse(null);
    }

    /**
     * Whether the slave for which the rate was cut last has yet to say what it loses since. That the others lose nothing tells nothing of that: taken for the end of the
     * loss, it would begin each cut as if it were the first.
     */
    private boolean mustAwaitSuspect(long nowNs) {
        return suspect != null
                && suspect.isPacing()
                && !samples.containsKey(suspect)
                && nowNs - judgedNs < LONGEST_AWAITED_NS;
    }

    private void onIncurableLoss(SlaveEntry loser, long nowNs) {
        Map.Entry<SlaveEntry, Double> next = worst(loser);
        boolean isAlone = next != null && next.getValue() < samples.get(loser) * ALONE_SHARE;
        if (isAlone && ladder.onIncurableLoss(loser, nowNs)) {
            rates.onLoserGone();
        } else if (next != null || isOnlyOne()) {
            rates.onLossForAll();
        }
    }

    private boolean isOnlyOne() {
        return slaves.all().stream().filter(SlaveEntry::isPacing).count() == 1;
    }

    private void measure(long nowNs) {
        sentBitsPerSecond = (long) ((sender.wireBytes() - lastBytes) * 8e9 / Math.max(1, nowNs - lastNs));
        lastNs = nowNs;
        lastBytes = sender.wireBytes();
    }

    /** Whether the operator has set the rate. */
    public boolean isOrdered() {
        return rates.isFixed();
    }

    /** What may go out, on the wire. */
    public long rate() {
        return rates.rate();
    }

    /** What went out in the last interval, on the wire; the rate before there was one. */
    public long sentBitsPerSecond() {
        return sentBitsPerSecond;
    }
}
