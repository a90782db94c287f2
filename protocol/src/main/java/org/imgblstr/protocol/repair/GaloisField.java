package org.imgblstr.protocol.repair;

/** GF(256) with polynomial 0x11D, of which 2 is a generator. Elements are 0 to 255; addition is xor. */
final class GaloisField {
    static final int POLYNOMIAL = 0x11D;

    /** Elements but zero: logarithms count modulo this. */
    static final int ORDER = 255;

    private static final int[] LOG = new int[256];
    private static final int[] POWER = new int[ORDER];

    static {
        int element = 1;
        for (int exponent = 0; exponent < ORDER; exponent++) {
            POWER[exponent] = element;
            LOG[element] = exponent;
            element <<= 1;
            element ^= element > 0xFF ? POLYNOMIAL : 0;
        }
    }

    private GaloisField() {}

    /** The exponent, 0 to 254, that makes 2 an element which is not zero. */
    static int log(int element) {
        return LOG[element];
    }

    /** 2 to the power of any exponent, also a negative one. */
    static int power(int exponent) {
        return POWER[Math.floorMod(exponent, ORDER)];
    }

    /** 1 / element. */
    static int inverse(int element) {
        if (element == 0) {
            throw new ArithmeticException("zero has no inverse");
        }
        return power(-LOG[element]);
    }
}
