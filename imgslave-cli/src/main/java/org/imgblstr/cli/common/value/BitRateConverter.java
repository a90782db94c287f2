package org.imgblstr.cli.common.value;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bits a second: {@code 900M}, {@code 1.5G}, {@code 250000k}, a bare number of bits; {@code auto} is 0. */
public final class BitRateConverter implements ITypeConverter<Long> {
    /** The least rate that a session can keep alive with: one full datagram in about 100 ms. */
    private static final long LEAST = 100_000;

    private static final long AUTO = 0;
    private static final long MOST = 400_000_000_000L;
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?)([kKmMgG])?(?:bit|bps)?");

    @Override
    public Long convert(String value) {
        if (value.equals("auto")) {
            return AUTO;
        }
        Matcher matcher = SHAPE.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + value + "' is no bit rate: expected 900M, 1.5G or auto");
        }
        long bits = new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(factor(matcher.group(2))))
                .longValue();
        if (bits == AUTO || !isRate(bits)) {
            throw new TypeConversionException("'" + value + "' is out of range: expected 100k to 400G, or auto");
        }
        return bits;
    }

    /** Whether a session can send at so many bits a second; at 0 it adapts. */
    public static boolean isRate(long bits) {
        return bits == AUTO || (bits >= LEAST && bits <= MOST);
    }

    private static long factor(String unit) {
        if (unit == null) {
            return 1;
        }
        return switch (unit) {
            case "k", "K" -> 1_000;
            case "m", "M" -> 1_000_000;
            default -> 1_000_000_000;
        };
    }
}
