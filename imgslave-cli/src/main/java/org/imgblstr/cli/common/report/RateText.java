package org.imgblstr.cli.common.report;

import java.math.BigDecimal;
import org.imgblstr.protocol.contract.Words;

/** A rate as {@code --rate} takes it. */
public final class RateText {
    private static final long GIGA = 1_000_000_000;
    private static final long MEGA = 1_000_000;
    private static final long KILO = 1_000;

    private RateText() {}

    /** {@code 400M}, {@code 1.5G}: the same number, in the largest unit of which it is one at least. */
    public static String of(long bitsPerSecond) {
        if (bitsPerSecond >= GIGA) {
            return in(bitsPerSecond, GIGA) + "G";
        }
        if (bitsPerSecond >= MEGA) {
            return in(bitsPerSecond, MEGA) + "M";
        }
        return bitsPerSecond >= KILO ? in(bitsPerSecond, KILO) + "K" : Long.toString(bitsPerSecond);
    }

    private static String in(long bitsPerSecond, long unit) {
        return BigDecimal.valueOf(bitsPerSecond)
                .divide(BigDecimal.valueOf(unit))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** What holds a session up, for a person: {@code --rate 400M} where the operator has set the rate. */
    public static String ofLimit(String limit, long bitsPerSecond) {
        return Words.ofLimit(limit) + (limit.equals("rate") ? " " + of(bitsPerSecond) : "");
    }
}
