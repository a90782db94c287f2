package org.imgblstr.cli.common.report;

import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.text.Decimals;

/** Numbers as a person reads them. */
public final class Units {
    private static final String[] DECIMAL = {"", "k", "M", "G", "T"};

    private Units() {}

    /** {@code 512 bytes}, {@code 64.0 MiB}. */
    public static String bytes(long bytes) {
        return DiskIdentity.size(bytes);
    }

    /** {@code 112 MB/s}. */
    public static String bytesPerSecond(double rate) {
        return decimal(rate) + "B/s";
    }

    /** {@code 940 Mbit/s}. */
    public static String bitsPerSecond(double rate) {
        return decimal(rate) + "bit/s";
    }

    /** {@code 0:07}, {@code 1:02:03}. */
    public static String seconds(long seconds) {
        if (seconds < 3600) {
            return seconds / 60 + ":" + Decimals.ofTwo(seconds % 60);
        }
        return seconds / 3600 + ":" + Decimals.ofTwo(seconds / 60 % 60) + ":" + Decimals.ofTwo(seconds % 60);
    }

    /** {@code 0.12 %} of a share from 0 to 1; what is not nothing is not shown as nothing. */
    public static String percent(double share) {
        return share > 0 && share < 0.0001 ? "< 0.01 %" : Decimals.of(100 * share, 2) + " %";
    }

    /** {@code 1 slave}, {@code 3 slaves}. */
    public static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String decimal(double rate) {
        double value = rate;
        int unit = 0;
        while (value >= 1000 && unit < DECIMAL.length - 1) {
            value /= 1000;
            unit++;
        }
        return Decimals.of(value, value < 10 && unit > 0 ? 1 : 0) + " " + DECIMAL[unit];
    }
}
