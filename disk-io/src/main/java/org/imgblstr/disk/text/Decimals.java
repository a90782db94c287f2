package org.imgblstr.disk.text;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers with a fixed count of digits. The first {@code String.format} would cost each start 20 milliseconds. */
public final class Decimals {
    private Decimals() {}

    /** {@code 1.5}: with so many digits behind the point, as {@code %.1f} has them in English. */
    public static String of(double value, int digits) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value)
                        .setScale(digits, RoundingMode.HALF_UP)
                        .toPlainString()
                : Double.toString(value);
    }

    /** {@code 07}: at least two digits. */
    public static String ofTwo(long value) {
        return value >= 0 && value < 10 ? "0" + value : Long.toString(value);
    }
}
