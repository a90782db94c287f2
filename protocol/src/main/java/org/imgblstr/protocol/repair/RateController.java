package org.imgblstr.protocol.repair;

/**
 * Finds the send rate that every slave sustains. Rises while loss does not grow with the rate; when it does, falls to what the worst slave
 * still received, which is the capacity of its path, stays a little below that, and tries ever more seldom whether there is more. Loss
 * that a cut does not cure is the nature of the path (a bad cable, a radio link): it is learnt as the floor and no longer slows the transfer,
 * since parity mends it at its own price. Fed once an interval with the worst loss of the slaves that are waited for.
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

    /**
     * The same where no other slave shows that the rate is not the cause, and two cuts have not lessened it: a cut leaves no more than was received,
     * so it would have ended an overload.
     */
    private static final double MAX_COMMON_FLOOR = 0.5;

    /** A rate of which less than this is used is not what limits. */
    private static final double LIMITING_SHARE = 0.8;

    /**
     * The same before anything was lost. A program that shares its processors sends faster than on average once it has its turn, and
     * pausing between batches costs more than sending them.
     */
    private static final double LIMITING_SHARE_AT_START = 0.5;

    /** An overload smaller than this may be chance, and counts when it is seen twice in a row. */
    private static final double SMALL_OVERLOAD = 0.05;

    /** After a cut or a try the next interval still tells of what was on its way before it. */
    private static final int SETTLING_INTERVALS = 1;

    /** How far below the known capacity the rate stays: queues drain, and the loss of a try is not repeated. */
    private static final double BELOW_CEILING = 0.97;

    /** The first try above it; each one that succeeds doubles, so that capacity that has become free is taken within a second. */
    private static final double FIRST_TRY = 0.02;

    private static final double LARGEST_TRY = 0.5;

    /** If a series of tries gained more than this, the tries were worth their loss. */
    private static final double GAIN = 1.1;

    /** Calm intervals before a try: three seconds, and twice as many after each failure. */
    private static final int CALM_INTERVALS = 30;

    /** After cuts the rate before them is tried at once, in steps this large: a receiver that was held up takes as much again as before. */
    private static final double RECOVERY_STEP = 1.5;

    /** After cuts that leave more than this part of the rate, the rate is not tried at once. */
    private static final double SHALLOW = 0.88;

    /** The queue of a slow link hides for some intervals that the rate before the cuts is too high after all. */
    private static final int PROVING_INTERVALS = 10;

    private static final int MOST_CALM_INTERVALS = 300;

    private final boolean isFixed;
    private long rate;
    private long ceiling = MAX_BITS_PER_SECOND;
    private boolean isStarting = true;
    private double floorLoss;
    private double highestFloor;
    private boolean isSuspected;
    private double lossBeforeCut;
    private long rateBeforeCut;
    private long ceilingBeforeCut;
    private boolean isCutting;
    private int idleCuts;
    private int settling;
    private int calm;
    private int calmWanted = CALM_INTERVALS;
    private double nextTry = FIRST_TRY;
    /** The rate before a series of cuts until it is reached again; after a cut on the way there, the last one without loss; else 0. */
    private long goal;

    private long cleanRate;

    private boolean isRecovering;
    private int proving;

    /** {@code fixedBitsPerSecond}: the operator's rate, kept whatever happens; 0 adapts. */
    public RateController(long fixedBitsPerSecond) {
        this.isFixed = fixedBitsPerSecond > 0;
        this.rate = isFixed ? fixedBitsPerSecond : START_BITS_PER_SECOND;
    }

    /** Bits per second on the wire. */
    public long rate() {
        return rate;
    }

    /** Whether the operator has set it. */
    public boolean isFixed() {
        return isFixed;
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
     *     else holds the sender back (the socket, the source, the window) and the rate would grow without a test. A cut begins there too, but
     *     at half the rate at least: a sender that hardly sent for an interval, as programs do that have just started, says little
     */
    public void onInterval(double loss, long sentBitsPerSecond) {
        if (isFixed) {
            return;
        }
        boolean isLimiting = sentBitsPerSecond >= (isStarting ? LIMITING_SHARE_AT_START : LIMITING_SHARE) * rate;
        boolean isOverload = loss > floorLoss * 1.3 + 0.004;
        if (settling > 0) {
            settling--;
        } else if (isOverload && !isLimiting && loss < floorLoss + SMALL_OVERLOAD) {
            // Something else holds the sender back, so a lower rate would cure nothing: with many slaves and little
            // loss each interval looks
            // different, and cuts by chance would add up.
            floorLoss = loss;
            highestFloor = Math.max(highestFloor, loss * 1.2);
        } else if (isOverload && !isSuspected && loss < floorLoss + SMALL_OVERLOAD) {
            isSuspected = true;
        } else if (isOverload) {
            isSuspected = false;
            cut(loss, isLimiting ? rate : Math.max(rate / 2, Math.min(rate, sentBitsPerSecond)));
        } else {
            isSuspected = false;
            if (isCutting) {
                isCutting = false;
                endTries();
            }
            idleCuts = 0;
            floorLoss = Math.min(highestFloor, floorLoss + (loss - floorLoss) / 8);
            if (isLimiting) {
                cleanRate = rate;
                raise();
            }
        }
    }

    /** Whether nothing was lost yet that a lower rate would have saved: the rate rises by half each interval. */
    public boolean isStarting() {
        return isStarting;
    }

    /** Whether the last interval ended with a cut, or none without loss has come since: what is sent is too much, so the next one is to be short. */
    public boolean isCutting() {
        return isCutting;
    }

    /** Whether two cuts in a row have not lessened a loss that is too high to be taken for the nature of the path. */
    public boolean isLossIncurable() {
        return idleCuts >= 2;
    }

    /** Whoever lost so much is waited for no longer: goes back to the rate before the cuts that were made for it. */
    public void onLoserGone() {
        rate = rateBeforeCut;
        ceiling = ceilingBeforeCut;
        isCutting = false;
        endRecovery();
        idleCuts = 0;
        settling = SETTLING_INTERVALS;
    }

    /**
     * Nobody who is waited for loses less, or all are to wait for whoever loses so much: up to a half is taken for the nature of the path, because ever lower rates
     * would end at the lowest and cure nothing.
     */
    public void onLossForAll() {
        if (lossBeforeCut <= MAX_COMMON_FLOOR) {
            takeForNature(lossBeforeCut);
        }
    }

    private void raise() {
        if (isStarting) {
            raiseTo(rate * 3 / 2);
        } else if (goal > 0) {
            recover();
        } else if (rate < ceiling * BELOW_CEILING) {
            raiseTo(Math.min((long) (ceiling * BELOW_CEILING) + 1, rate + rate / 25 + 500_000));
        } else if (calm < calmWanted) {
            calm++;
        } else {
            raiseTo((long) (rate * (1 + nextTry)));
            nextTry = Math.min(LARGEST_TRY, nextTry * 2);
            settling = SETTLING_INTERVALS;
        }
    }

    private void recover() {
        boolean isShallow = !isRecovering && rate > goal * SHALLOW;
        if (isShallow || proving >= PROVING_INTERVALS) {
            endRecovery();
        } else if (rate < goal) {
            isRecovering = true;
            raiseTo(Math.min(goal, (long) (rate * RECOVERY_STEP)));
            ceiling = Math.max(ceiling, rate);
            settling = SETTLING_INTERVALS;
        } else {
            proving++;
        }
    }

    private void endRecovery() {
        goal = 0;
        isRecovering = false;
        proving = 0;
    }

    private void raiseTo(long bitsPerSecond) {
        rate = Math.min(MAX_BITS_PER_SECOND, bitsPerSecond);
    }

    private void cut(double loss, long fromRate) {
        boolean cutHelped = !isCutting || loss < floorLoss + (lossBeforeCut - floorLoss) * 0.7;
        idleCuts = cutHelped ? 0 : idleCuts + 1;
        if (idleCuts == 2 && loss <= MAX_FLOOR) {
            takeForNature(loss);
            return;
        }
        if (cutHelped) {
            rateBeforeCut = rate;
        }
        if (isRecovering) {
            endRecovery();
            goal = cleanRate;
        } else if (!isCutting) {
            ceilingBeforeCut = ceiling;
            goal = nextTry > FIRST_TRY ? 0 : rate;
        }
        lossBeforeCut = loss;
        settling = SETTLING_INTERVALS;
        double delivered = (1 - loss) / (1 - floorLoss);
        ceiling = Math.max(MIN_BITS_PER_SECOND, (long) (fromRate * Math.max(0.2, delivered)));
        rate = Math.max(MIN_BITS_PER_SECOND, (long) (ceiling * BELOW_CEILING));
        isCutting = true;
        isStarting = false;
        calm = 0;
    }

    /** Cuts end a series of tries, if there was one: when they have found no more than was known, the next ones come later. */
    private void endTries() {
        boolean wereInVain = nextTry > FIRST_TRY && ceiling < ceilingBeforeCut * GAIN;
        calmWanted = wereInVain ? Math.min(MOST_CALM_INTERVALS, calmWanted * 2) : CALM_INTERVALS;
        nextTry = FIRST_TRY;
    }

    private void takeForNature(double loss) {
        floorLoss = loss;
        highestFloor = loss * 1.2;
        rate = rateBeforeCut;
        ceiling = MAX_BITS_PER_SECOND;
        isCutting = false;
        endRecovery();
        isStarting = true;
        idleCuts = 0;
    }
}
