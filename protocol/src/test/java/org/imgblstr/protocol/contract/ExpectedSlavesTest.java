package org.imgblstr.protocol.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectedSlavesTest {
    private final ExpectedSlaves expected = new ExpectedSlaves(List.of("lab-07", "52-54-00-AB-cd-01", "Büro"), false);

    @Test
    void whoIsMissingIsNamedAsOnTheList() {
        assertThat(expected.count()).isEqualTo(3);
        assertThat(expected.missing(List.of())).containsExactly("lab-07", "52-54-00-AB-cd-01", "Büro");
        assertThat(expected.missing(List.of(slave("BÜRO", ""), slave("other", "52:54:00:ab:cd:01"))))
                .containsExactly("lab-07");
    }

    @Test
    void allWhoAreMissingAtTheStartAreNamed() {
        assertThat(expected.absence(List.of(slave("büro", "")))).hasValueSatisfying(warning -> assertThat(warning)
                .startsWith("the session starts without 2 of 3 expected slaves: lab-07, 52-54-00-AB-cd-01; "));
        assertThat(ExpectedSlaves.ANYBODY.absence(List.of())).isEmpty();
    }

    @Test
    void aSlaveHasOnePlaceAndItsHardwareAddressComesFirst() {
        ExpectedSlaves both = new ExpectedSlaves(List.of("debian", "52:54:00:ab:cd:01"), false);
        SlaveName byMac = slave("debian", "52:54:00:ab:cd:01");

        assertThat(both.missing(List.of(byMac))).containsExactly("debian");
        assertThat(both.isStrange(slave("debian", "52:54:00:ab:cd:02"), List.of(byMac)))
                .isFalse();
        assertThat(both.isStrange(byMac, List.of(byMac, slave("debian", "")))).isTrue();
        assertThat(both.holder(slave("debian", ""), List.of(byMac, slave("debian", "52:54:00:ab:cd:02"))))
                .contains(slave("debian", "52:54:00:ab:cd:02"));
    }

    @Test
    void aSlaveWithoutANameOnTheListIsStrangeAndStandsInForNobody() {
        SlaveName stranger = slave("lab-99", "52:54:00:ab:cd:99");
        assertThat(expected.isStrange(stranger, List.of())).isTrue();
        assertThat(expected.holder(stranger, List.of(stranger))).isEmpty();
        assertThat(expected.missing(List.of(stranger))).hasSize(3);
        assertThat(expected.isStrange(slave("", ""), List.of()))
                .as("of whom nothing is known")
                .isTrue();
    }

    @Test
    void withoutAListNobodyIsStrangeOrMissing() {
        assertThat(ExpectedSlaves.ANYBODY.isStrange(slave("x", ""), List.of())).isFalse();
        assertThat(ExpectedSlaves.ANYBODY.missing(List.of())).isEmpty();
        assertThat(ExpectedSlaves.ANYBODY.admitsStrange()).isTrue();
    }

    /** In Turkish the small letter of I is another one. */
    @Test
    void theLocaleOfTheMasterDecidesNothing() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertThat(ExpectedSlaves.key("LAB-I")).isEqualTo("lab-i");
        } finally {
            Locale.setDefault(before);
        }
    }

    private static SlaveName slave(String label, String mac) {
        return new SlaveName(1, label, "10.0.0.2", SlaveMachine.UNKNOWN.withMac(mac));
    }

    @ParameterizedTest
    @ValueSource(strings = {"52:54:00:ab:cd:01", "52-54-00-AB-CD-01", "5254.00ab.cd01"})
    void aHardwareAddressIsOneHoweverItIsWritten(String written) {
        assertThat(ExpectedSlaves.key(written)).isEqualTo("52:54:00:ab:cd:01");
        assertThat(ExpectedSlaves.isMac(written)).isTrue();
    }

    @Test
    void digitsWithoutSeparatorsMayBeALabel() {
        assertThat(ExpectedSlaves.isMac("525400abcd01")).isFalse();
    }
}
