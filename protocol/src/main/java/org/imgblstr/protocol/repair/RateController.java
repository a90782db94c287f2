package org.imgblstr.protocol.repair;

/**
 * Finds the send rate that every slave sustains. Rises while nothing is lost, falls when loss grows with the rate, and learns to live
 * with loss that does not: where two cuts in a row leave the loss as it was, that loss is taken for the nature of the path (a bad cable, a
 * radio link) and no longer slows the transfer. Fed once an interval with the worst loss of the slaves that are waited for.
 */
public final class RateController {
    /** Below this no machine of today needs to go. */
    public static final long MIN_BITS_PER_SECOND = 1_000_000;

    /** Above this the program itself is the limit. */
    public static final long MAX_BITS_PER_SECOND = 40_000_000_000L;

    private static final long START_BITS_PER_SECOND = 200_000_000;

    /** Excess loss above which the rate is cut at all, and cut hard. */
    private static final double SMALL_EXCESS = 0.005;

    private static final double LARGE_EXCESS = 0.10;

    private final boolean isFixed;
    private long rate;
    private boolean isStarting = true;
    private double floorLoss;
    private double lossBeforeCut;
    private long rateBeforeCuts;
    private int idleCuts;

    /** {@code fixedBitsPerSecond}: the operator's rate, kept whatever happens; 0 adapts. */
    public RateController(long fixedBitsPerSecond) {
        this.isFixed = fixedBitsPerSecond > 0;
        this.rate = isFixed ? fixedBitsPerSecond : START_BITS_PER_SECOND;
    }

    /** Bits per second on the wire. */
    public long rate() {
        return rate;
    }

    /** Loss that is taken for the nature of the path, 0 to 1. */
    public double floorLoss() {
        return floorLoss;
    }

    /**
     * One interval is over.
     *
     * @param loss worst share of datagrams lost by a slave that is waited for, 0 to 1
     * @param isLimiting whether the rate was what held the sender back (not the socket, the source or the window)
     */
    public void onInterval(double loss, boolean isLimiting) {
        if (isFixed) {
            return;
        }
        double excess = loss - floorLoss * 1.3;
        if (excess > SMALL_EXCESS) {
            onExcess(loss, excess);
        } else {
            idleCuts = 0;
            lossBeforeCut = 0;
            floorLoss = Math.min(floorLoss, Math.max(loss, floorLoss * 0.98));
            if (isLimiting) {
                raise();
            }
        }
    }

    private void raise() {
        rate = Math.min(MAX_BITS_PER_SECOND, (long) (rate * (isStarting ? 1.5 : 1.05)) + 1_000_000);
    }

    private void onExcess(double loss, double excess) {
        isStarting = false;
        boolean cutHelped = lossBeforeCut == 0 || loss < lossBeforeCut * 0.7;
        idleCuts = cutHelped ? 0 : idleCuts + 1;
        if (idleCuts == 2) {
            floorLoss = Math.min(loss, lossBeforeCut);
            rate = rateBeforeCuts;
            idleCuts = 0;
            lossBeforeCut = 0;
            return;
        }
        if (lossBeforeCut == 0) {
            rateBeforeCuts = rate;
        }
        lossBeforeCut = loss;
        rate = Math.max(MIN_BITS_PER_SECOND, (long) (rate * (excess > LARGE_EXCESS ? 0.6 : 0.85)));
    }
}
