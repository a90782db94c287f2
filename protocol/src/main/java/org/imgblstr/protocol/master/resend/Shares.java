package org.imgblstr.protocol.master.resend;

import java.util.HashMap;
import java.util.Map;

/**
 * What each of several slaves may have sent again for itself alone while the pass can go on: a sixteenth of what the pass sends, saved up to
 * {@link #MOST_SAVED} symbols. One thread.
 */
final class Shares {
    /** One symbol for so many of the pass: 1/17 of the rate. */
    static final int PASS_SYMBOLS = 16;

    /** Some tracks that a slave has lost as a whole. */
    static final int MOST_SAVED = 512;

    private static final class Share {
        private long saved;
        private long upTo;
    }

    private final Map<Integer, Share> bySlave = new HashMap<>();
    private long passSymbols;

    /** The pass has sent so many symbols. */
    void onPassSent(int symbols) {
        passSymbols += symbols;
    }

    /** Takes so many symbols, at most {@link #MOST_SAVED}, from the share of a slave. Returns whether it had them; else nothing is taken. */
    boolean take(int slave, int symbols) {
        Share share = bySlave.computeIfAbsent(slave, index -> new Share());
        share.saved = Math.min(MOST_SAVED * PASS_SYMBOLS, share.saved + passSymbols - share.upTo);
        share.upTo = passSymbols;
        long cost = (long) PASS_SYMBOLS * symbols;
        boolean isLeft = share.saved >= cost;
        share.saved -= isLeft ? cost : 0;
        return isLeft;
    }
}
