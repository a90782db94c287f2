package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parity rows as bytes, from a separate program in another language, and the field's arithmetic against slow polynomials. */
class ParityCodeVectorTest {
    /** Symbols of 7 bytes, the bytes counting up from 1 in steps of 3. */
    private static byte[] countingUp(int bytes) {
        byte[] encoded = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            encoded[i] = (byte) (1 + 3 * i);
        }
        return encoded;
    }

    @ParameterizedTest(name = "row {0} of {1} symbols in {2} bytes")
    @CsvSource({
        "0,1,7,fdd3c95c956b71",
        "254,1,1,01000000000000",
        "0,2,14,57c9485f128bdd",
        "1,2,8,21e5672b4cb331",
        "3,96,672,bb44edb60e25b3",
        "159,96,666,73afd10a7c988f",
        "0,182,1272,9a7fe2d5074bee",
        "31,224,1568,4ce538af19096b",
        "0,224,1564,249f7bae89194a"
    })
    void aRowIsTheseBytes(int row, int k, int bytes, String expected) {
        byte[] out = new byte[7];
        ParityCode.parity(row, k, 7, ByteBuffer.wrap(countingUp(bytes)), out);
        assertThat(HexFormat.of().formatHex(out)).isEqualTo(expected);
        assertThat(SlowParity.row(row, k, 7, countingUp(bytes))).isEqualTo(out);
    }

    @Test
    void everyElementHasTheInverseThatPolynomialsGive() {
        for (int element = 1; element < 256; element++) {
            assertThat(GaloisField.inverse(element)).isEqualTo(SlowParity.inverse(element));
            assertThat(GaloisField.power(GaloisField.log(element))).isEqualTo(element);
        }
    }

    @Test
    void logarithmsMultiply() {
        for (int a = 1; a < 256; a++) {
            for (int b = 1; b < 256; b++) {
                assertThat(GaloisField.power(GaloisField.log(a) + GaloisField.log(b)))
                        .isEqualTo(SlowParity.multiply(a, b));
            }
        }
    }
}
