package org.imgblstr.protocol.repair;

/**
 * Finds the send rate that every slave sustains. Rises while loss does not grow with the rate; when it does, falls to what the worst slave
 * still received, which is the capacity of its path. Loss that a cut does not cure is the nature of the path (a bad cable, a radio
 * link): it is learnt as the floor and no longer slows the transfer, since parity mends it at its own price. Fed once an interval with the
 * worst loss of the slaves that are waited for.
 */
public final class RateController {
    /** Below this no machine of today needs to go. */
    public static final long MIN_BITS_PER_SECOND = 1_000_000;

    /** Above this the program itself is the limit. */
    public static final long MAX_BITS_PER_SECOND = 40_000_000_000L;

    /** What most machines have: the window keeps receivers from drowning, and a slower switch is found out within a few intervals. */
    private static final long START_BITS_PER_SECOND = 1_000_000_000;

    /** Loss up to here may be the nature of the path; more is an overload wherever it comes from. */
    private static final double MAX_FLOOR = 0.15;

    /** A rate of which less than this is used is not what limits. */
    private static final double LIMITING_SHARE = 0.8;

    /** After a change the next intervals still tell of what was in the queues before it. */
    private static final int SETTLING_INTERVALS = 2;

    private final boolean isFixed;
    private long rate;
    private boolean isStarting = true;
    private boolean isFirst = true;
    private double floorLoss;
    private double lossBeforeCut;
    private long rateBeforeCut;
    private int idleCuts;
    private int settling;

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
     * @param sentBitsPerSecond what went out, on the wire; the rate rises only when that is nearly the rate, because otherwise something
     *     else holds the sender back (the socket, the source, the window) and the rate would grow without a test
     */
    public void onInterval(double loss, long sentBitsPerSecond) {
        if (isFixed) {
            return;
        }
        if (isFirst && loss <= MAX_FLOOR) {
            floorLoss = loss;
        }
        isFirst = false;
        if (settling > 0) {
            settling--;
        } else if (loss > floorLoss * 1.3 + 0.004) {
            cut(loss);
        } else {
            idleCuts = 0;
            lossBeforeCut = 0;
            floorLoss += (Math.min(loss, floorLoss) - floorLoss) / 8;
            if (sentBitsPerSecond >= LIMITING_SHARE * rate) {
                raise();
            }
        }
    }

    private void raise() {
        rate = Math.min(MAX_BITS_PER_SECOND, (long) (rate * (isStarting ? 1.5 : 1.04)) + 500_000);
    }

    private void cut(double loss) {
        boolean cutHelped = lossBeforeCut == 0 || loss < floorLoss + (lossBeforeCut - floorLoss) * 0.7;
        idleCuts = cutHelped ? 0 : idleCuts + 1;
        if (idleCuts == 2 && loss <= MAX_FLOOR) {
            floorLoss = loss;
            rate = rateBeforeCut;
            isStarting = true;
            idleCuts = 0;
            lossBeforeCut = 0;
            return;
        }
        if (lossBeforeCut == 0) {
            rateBeforeCut = rate;
        }
        isStarting = false;
        lossBeforeCut = loss;
        settling = SETTLING_INTERVALS;
        double delivered = (1 - loss) / (1 - floorLoss);
        rate = Math.max(MIN_BITS_PER_SECOND, (long) (rate * Math.max(0.2, delivered * 0.97)));
    }
}
