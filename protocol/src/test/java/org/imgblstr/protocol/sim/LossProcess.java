package org.imgblstr.protocol.sim;

import java.util.SplittableRandom;

/** Which datagrams one receiver loses: stretches of loss, between them stretches without, of which each is drawn in one go. */
final class LossProcess {
    private final SplittableRandom random;
    private final double lossBegins;
    private final int longestLoss;
    private long untilLoss;
    private int lossLeft;

    /**
     * @param lossBegins probability that loss begins with a datagram, when none is under way
     * @param longestLoss datagrams lost in a row at most; any number from 1 on is as probable
     */
    LossProcess(SplittableRandom random, double lossBegins, int longestLoss) {
        this.random = random;
        this.lossBegins = lossBegins;
        this.longestLoss = longestLoss;
        drawGap();
    }

    /** Takes the next datagrams that arrive: at most {@code limit}; 0 when the next one is lost. */
    int takeGood(int limit) {
        int good = (int) Math.min(limit, untilLoss);
        untilLoss -= good;
        return good;
    }

    /** Takes the next datagrams that are lost: at most {@code limit}; 0 when the next one arrives. */
    int takeLost(int limit) {
        if (untilLoss > 0) {
            return 0;
        }
        int lost = Math.min(limit, lossLeft);
        lossLeft -= lost;
        if (lossLeft == 0) {
            drawGap();
        }
        return lost;
    }

    private void drawGap() {
        lossLeft = longestLoss == 1 ? 1 : random.nextInt(1, longestLoss + 1);
        untilLoss =
                lossBegins == 0 ? Long.MAX_VALUE : (long) (Math.log(1 - random.nextDouble()) / Math.log1p(-lossBegins));
    }
}
