package org.imgblstr.protocol.sealing;

/** Lets so many things happen in a second: as many at once, and then one as soon as its share of a second has passed. One thread. */
public final class Allowance {
    private static final double SECOND_NS = 1e9;

    private double left;
    private double perSecond;
    private long lastNs;
    private boolean isBegun;

    public Allowance(int perSecond) {
        this.perSecond = perSecond;
        this.left = perSecond;
    }

    /** From now on so many. */
    public void perSecond(int value) {
        perSecond = value;
        left = Math.min(left, value);
    }

    /** Whether one more may happen now. */
    public boolean isLeft(long nowNs) {
        if (isBegun) {
            left = Math.min(perSecond, left + (nowNs - lastNs) / SECOND_NS * perSecond);
        }
        isBegun = true;
        lastNs = nowNs;
        return left >= 1;
    }

    /** One happens, whether it may or not. */
    public void take() {
        left = Math.max(0, left - 1);
    }
}
